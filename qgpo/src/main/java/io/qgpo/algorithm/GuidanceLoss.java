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
import io.qgpo.tensor.UnaryOp;

/**
 * The losses by which an energy network learns the intermediate energy f_t(x_t) = log E[exp(beta
 * E(x_0)) | x_t] of Lu et al. 2023 from samples x_0 of the behaviour and their beta E(x_0). CEP's
 * optimum is it, up to a constant. So is EMSE's if what is subtracted from the labels is one
 * number; the largest label of a row of random samples, which keeps the exponential small, is not,
 * and the optimum is then a little off. MSE's is beta E[E(x_0) | x_t], a lower bound.
 */
public final class GuidanceLoss {
  /** The limit on f under the exponential of EMSE, from the authors' code. */
  private static final double EMSE_LIMIT = 4.5;

  private GuidanceLoss() {}

  /**
   * The mean loss.
   *
   * @param kind CEP: cross-entropy between the softmax of the labels and of f over each row
   *     (contrastive energy prediction); MSE: squared error of f; EMSE: of exp(f), with the row's
   *     largest label subtracted from all
   * @param energies f at the noised samples: rows x samples, each row at one time
   * @param labels beta E of the same samples: rows x samples
   * @return a scalar
   */
  public static Var of(EnergyLoss kind, Var energies, Tensor labels) {
    return switch (kind) {
      case CEP -> contrastive(energies, labels);
      case MSE -> Loss.meanSquaredError(energies, labels);
      case EMSE -> exponential(energies, lessLargestOfRow(labels));
    };
  }

  private static Var contrastive(Var energies, Tensor labels) {
    Tensor weights = like(labels, labels.shape());
    labels.backend().softmax(labels, weights);
    return Reduction.mean(Softmax.crossEntropy(energies, weights));
  }

  /**
   * EMSE of labels from which something has been subtracted: the mean squared error of exp(f) to
   * their exponentials. If that is one number for all, the optimum is f_t less this number.
   *
   * @param energies f at the noised samples; counts as 4.5 where it is above
   * @param relative labels less what is subtracted, of the same shape
   * @return a scalar
   */
  public static Var exponential(Var energies, Tensor relative) {
    Tensor target = like(relative, relative.shape());
    relative.backend().unary(UnaryOp.EXP, relative, target);
    Var limited = Elementwise.clamp(energies, Double.NEGATIVE_INFINITY, EMSE_LIMIT);
    return Loss.meanSquaredError(Elementwise.exp(limited), target);
  }

  private static Tensor lessLargestOfRow(Tensor labels) {
    Backend backend = labels.backend();
    Tensor largest = like(labels, Shape.of(labels.rows(), 1));
    backend.reduce(ReduceOp.MAX, labels, largest);
    Tensor relative = like(labels, labels.shape());
    backend.binary(BinaryOp.SUB, labels, largest, relative);
    return relative;
  }

  private static Tensor like(Tensor tensor, Shape shape) {
    return Tensor.empty(tensor.backend(), tensor.dtype(), shape);
  }
}
