package io.qgpo.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Against densities in closed form, in double precision. */
class ProbabilityFlowTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();
  private static final double[] POINTS = {0.3, -0.2, 1, 1, -0.5, 0.4, 0, 0};

  private static double alpha(double t) {
    return ToyDiffusion.SCHEDULE.alpha(t);
  }

  private static double sigma(double t) {
    return ToyDiffusion.SCHEDULE.sigma(t);
  }

  /** The flow ends at t = 1e-3, where the density is that of points with so little noise. */
  private static double worst(GaussianMixture q, double[] found) {
    GaussianMixture ended = q.noised(alpha(ToyDiffusion.T_END), sigma(ToyDiffusion.T_END));
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      double exact = ended.logDensity(POINTS[2 * i], POINTS[2 * i + 1]);
      worst = Math.max(worst, Math.abs(found[i] - exact));
    }
    return worst;
  }

  private static double[] ofGaussian(double deviation, int steps) {
    // Mean 0: h = sigma score = -sigma x / (alpha^2 s^2 + sigma^2).
    var flow =
        new ProbabilityFlow(
            (x, t) -> {
              double a = alpha(t) * deviation;
              return Elementwise.scale(x, -sigma(t) / (a * a + sigma(t) * sigma(t)));
            },
            steps);
    return flow.logDensity(SCALAR, DType.FLOAT64, POINTS);
  }

  /** At t = 1 a millionth part of the data's variance is left, which the flow takes for noise. */
  @Test
  void gaussian() {
    var q = new GaussianMixture(new double[] {1}, new double[][] {{0, 0}}, new double[] {0.5});
    double coarse = worst(q, ofGaussian(0.5, 20));
    double fine = worst(q, ofGaussian(0.5, 40));
    assertTrue(coarse < 3e-3, "20 steps: " + coarse);
    assertTrue(fine < coarse / 8 + 1e-4, "40 steps: " + fine + ", 20 steps: " + coarse);
  }

  /** Two modes: h = -sigma (x - alpha m tanh(alpha m.x / v)) / v for centres +-m. */
  @Test
  void twoModes() {
    double s = 0.4;
    double[] m = {0.8, -0.3};
    var q =
        new GaussianMixture(
            new double[] {1, 1}, new double[][] {m, {-m[0], -m[1]}}, new double[] {s, s});
    Tensor centre = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(1, 2), m);
    var flow =
        new ProbabilityFlow(
            (x, t) -> {
              double v = alpha(t) * alpha(t) * s * s + sigma(t) * sigma(t);
              Var c = Var.constant(centre);
              Var along = Reduction.sumColumns(Arithmetic.mul(x, c));
              Var pull = Elementwise.tanh(Elementwise.scale(along, alpha(t) / v));
              Var mean = Elementwise.scale(Arithmetic.mul(pull, c), alpha(t));
              return Elementwise.scale(Arithmetic.sub(x, mean), -sigma(t) / v);
            },
            20);
    assertEquals(0, worst(q, flow.logDensity(SCALAR, DType.FLOAT64, POINTS)), 5e-3);
  }
}
