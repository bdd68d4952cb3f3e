package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradCheck;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the formulas of the paper, written out. */
class GuidanceLossTest {
  private static final double[][] ENERGIES = {{0.5, -1, 2}, {0, 0.3, -0.2}};
  private static final double[][] LABELS = {{1, 0, -2}, {0.1, 3, 0.7}};
  private final Backend backend = Backends.choose("scalar", 1).backend();

  private Tensor tensor(double[][] rows) {
    double[] values = new double[rows.length * rows[0].length];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, values, r * rows[0].length, rows[0].length);
    }
    return Tensor.of(backend, DType.FLOAT64, Shape.of(rows.length, rows[0].length), values);
  }

  private double loss(EnergyLoss kind, double[][] energies, double[][] labels) {
    return GuidanceLoss.of(kind, Var.constant(tensor(energies)), tensor(labels)).value().item();
  }

  private static double sumOfExp(double[] row) {
    double sum = 0;
    for (double x : row) {
      sum += Math.exp(x);
    }
    return sum;
  }

  /** - sum_i softmax(labels)_i log softmax(f)_i, a mean over rows. */
  @Test
  void contrastive() {
    double expected = 0;
    for (int r = 0; r < 2; r++) {
      for (int i = 0; i < 3; i++) {
        double share = Math.exp(LABELS[r][i]) / sumOfExp(LABELS[r]);
        expected -= share * (ENERGIES[r][i] - Math.log(sumOfExp(ENERGIES[r]))) / 2;
      }
    }
    assertEquals(expected, loss(EnergyLoss.CEP, ENERGIES, LABELS), 1e-14);
  }

  @Test
  void squared() {
    double expected = 0;
    for (int r = 0; r < 2; r++) {
      for (int i = 0; i < 3; i++) {
        expected += Math.pow(ENERGIES[r][i] - LABELS[r][i], 2) / 6;
      }
    }
    assertEquals(expected, loss(EnergyLoss.MSE, ENERGIES, LABELS), 1e-14);
  }

  /** (exp f - exp(label - largest label of the row))^2. */
  @Test
  void squaredOfExponentials() {
    double[] largest = {1, 3};
    double expected = 0;
    for (int r = 0; r < 2; r++) {
      for (int i = 0; i < 3; i++) {
        expected += Math.pow(Math.exp(ENERGIES[r][i]) - Math.exp(LABELS[r][i] - largest[r]), 2) / 6;
      }
    }
    assertEquals(expected, loss(EnergyLoss.EMSE, ENERGIES, LABELS), 1e-14);
  }

  /** Above 4.5 f counts as 4.5, so that no exponential overflows; there is no lower limit. */
  @Test
  void exponentialsAreLimited() {
    double atLimit = Math.pow(Math.exp(4.5) - 1, 2);
    assertEquals(atLimit, loss(EnergyLoss.EMSE, new double[][] {{900}}, new double[][] {{2}}));
    assertEquals(1, loss(EnergyLoss.EMSE, new double[][] {{-900}}, new double[][] {{2}}));
  }

  /**
   * Where x_t tells nothing of x_0, f_t is log E[exp(beta E)] = log 2 for labels 0 and log 3. With
   * one offset it is the optimum of EMSE; with that of each row, here of one sample, it is not.
   */
  @Test
  void oneOffsetKeepsTheExponentialExact() {
    double[][] labels = {{0}, {Math.log(3)}};
    double offset = Math.log(3);
    double[][] relative = {{-offset}, {0}};
    double optimum = Math.log(2) - offset;
    assertEquals(0, slope(f -> GuidanceLoss.exponential(f, tensor(relative)), optimum), 1e-14);
    // Each row's target is exp(0): the optimum is 0, whatever the labels are.
    assertEquals(0, slope(f -> GuidanceLoss.of(EnergyLoss.EMSE, f, tensor(labels)), 0), 1e-14);
  }

  /** The derivative of a loss by f, where f is the same at both samples. */
  private double slope(UnaryOperator<Var> loss, double f) {
    Var energies = Var.parameter(tensor(new double[][] {{f}, {f}}));
    double[] gradient = Grad.of(loss.apply(energies), List.of(energies))[0].toDoubleArray();
    return gradient[0] + gradient[1];
  }

  /** A constant added to all of a row's labels changes nothing for those that are relative. */
  @Test
  void onlyMseSeesConstants() {
    double[][] moved = {{8, 7, 5}, {7.1, 10, 7.7}};
    for (EnergyLoss kind : new EnergyLoss[] {EnergyLoss.CEP, EnergyLoss.EMSE}) {
      assertEquals(loss(kind, ENERGIES, LABELS), loss(kind, ENERGIES, moved), 1e-13);
    }
  }

  @ParameterizedTest
  @EnumSource(EnergyLoss.class)
  void gradients(EnergyLoss kind) {
    GradCheck.check(
        kind.toString(),
        inputs -> GuidanceLoss.of(kind, inputs.get(0), tensor(LABELS)),
        List.of(Var.parameter(tensor(ENERGIES))));
  }
}
