package io.qgpo.algorithm;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Loss;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.autograd.op.Softmax;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * The losses by which an energy network learns the intermediate energy f_t(x_t) = log E[exp(beta
 * E(x_0)) | x_t] of Lu et al. 2023, eq. 8, from samples x_0 of the behaviour and their beta E(x_0).
 * Only CEP's optimum is it, up to a constant; MSE's is beta E[E(x_0) | x_t], a lower bound.
 */
public final class GuidanceLoss {
  /** The limit on f under the exponential of EMSE, from the authors' code. */
  private static final double EMSE_LIMIT = 4.5;

  private GuidanceLoss() {}

  /**
   * The mean loss.
   *
   * @param kind CEP: cross-entropy between the softmax of the labels and of f over each row (eq.
   *     12); MSE: squared error of f; EMSE: of exp(f), with the row's largest label subtracted from
   *     all
   * @param energies f at the noised samples: rows x samples, each row at one time
   * @param labels beta E of the same samples: rows x samples
   * @return a scalar
   */
  public static Var of(EnergyLoss kind, Var energies, Tensor labels) {
    return switch (kind) {
      case CEP -> contrastive(energies, labels);
      case MSE -> Loss.meanSquaredError(energies, labels);
      case EMSE -> exponential(energies, labels);
    };
  }

  private static Var contrastive(Var energies, Tensor labels) {
    Tensor weights = like(labels, labels.shape());
    labels.backend().softmax(labels, weights);
    return Reduction.mean(Softmax.crossEntropy(energies, weights));
  }

  private static Var exponential(Var energies, Tensor labels) {
    Backend backend = labels.backend();
    Tensor largest = like(labels, Shape.of(labels.rows(), 1));
    backend.reduce(ReduceOp.MAX, labels, largest);
    Tensor relative = like(labels, labels.shape());
    backend.binary(BinaryOp.SUB, labels, largest, relative);
    Var target = Elementwise.exp(Var.constant(relative));
    Var limited = Elementwise.clamp(energies, Double.NEGATIVE_INFINITY, EMSE_LIMIT);
    return Loss.meanSquaredError(Elementwise.exp(limited), target.value());
  }

  private static Tensor like(Tensor tensor, Shape shape) {
    return Tensor.empty(tensor.backend(), tensor.dtype(), shape);
  }
}
