package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveTest {
  private static final double[] STARTS = {-1.2, 0.1, 0.7};
  private final Backend backend = Backends.choose("scalar", 1).backend();

  private SolverAccuracy on(GaussianMixture data) {
    return new SolverAccuracy(backend, LinearSchedule.PAPER, data);
  }

  private SolverAccuracy mixture() {
    return on(
        new GaussianMixture(
            new double[] {0.3, 0.7}, new double[][] {{-1}, {0.8}}, new double[] {0.3, 0.5}));
  }

  /** Errors of single steps damp each other, so that all of them together stay near one's bound. */
  @ParameterizedTest
  @CsvSource({"DATA, 2", "DATA, 3", "NOISE, 2", "NOISE, 3"})
  void errorIsAtMostTwiceTheTolerance(Form form, int order) {
    for (double tolerance : new double[] {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
      SolverOptions options =
          SolverOptions.adaptive(order).withForm(form).withTolerance(tolerance, tolerance);
      double onMixture = mixture().error(options, STARTS);
      double onGaussian = on(GaussianMixture.normal(1, 0.5)).error(options, STARTS);
      assertTrue(onMixture <= 2 * tolerance, tolerance + ": " + onMixture);
      assertTrue(onGaussian <= 2 * tolerance, tolerance + ": " + onGaussian);
    }
  }

  /** Order 3 is what makes tight tolerances cheap. */
  @Test
  void higherOrderNeedsFewerEvaluations() {
    assertTrue(4 * evaluations(3, 1e-6) < evaluations(2, 1e-6));
    assertTrue(evaluations(3, 1e-2) < evaluations(3, 1e-4));
  }

  private int evaluations(int order, double tolerance) {
    int[] calls = {0};
    NoisePrediction exact = mixture().diffusion();
    NoisePrediction counting =
        (x, t) -> {
          calls[0]++;
          return exact.noise(x, t);
        };
    new DpmSolver(
            LinearSchedule.PAPER, SolverOptions.adaptive(order).withTolerance(tolerance, tolerance))
        .sample(counting, start(STARTS));
    return calls[0];
  }

  private Tensor start(double... values) {
    return Tensor.of(backend, DType.FLOAT64, Shape.of(values.length, 1), values);
  }

  @ParameterizedTest
  @CsvSource({"DATA, 2", "DATA, 3", "NOISE, 2", "NOISE, 3"})
  void goesBackToTheNoise(Form form, int order) {
    SolverOptions options = SolverOptions.adaptive(order).withForm(form).withTolerance(1e-5, 1e-5);
    DpmSolver solver = new DpmSolver(LinearSchedule.PAPER, options);
    Tensor data = start(mixture().exact(options, STARTS));
    assertArrayEquals(STARTS, solver.noiseOf(mixture().diffusion(), data).toDoubleArray(), 1e-4);
  }

  @Test
  void aModelOfNanIsAnError() {
    DpmSolver solver = new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(2));
    NoisePrediction broken =
        (x, t) -> Tensor.full(x.backend(), x.dtype(), x.shape(), t < 0.5 ? Double.NaN : 0);
    String message =
        assertThrows(ArithmeticException.class, () -> solver.sample(broken, start(1, 2)))
            .getMessage();
    assertTrue(
        message.endsWith(
            " stays within the tolerance: check the model for NaN, or raise the tolerance"),
        message);
  }

  /** In float32, with more than one dimension and a row that has nothing to do. */
  @Test
  void float32AndSeveralDimensions() {
    Tensor x = Tensor.of(backend, Shape.of(2, 2), 0, 0, 1.5f, -0.5f);
    NoisePrediction standard =
        (y, t) -> {
          Tensor noise = Tensor.empty(y.backend(), y.dtype(), y.shape());
          y.backend().affine(y, LinearSchedule.PAPER.sigma(t), 0, noise);
          return noise;
        };
    // Standard normal data stay where they are.
    float[] end =
        new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(3).withTolerance(1e-3, 1e-3))
            .sample(standard, x)
            .toFloatArray();
    assertEquals(1.5, end[2], 3e-3);
    assertEquals(-0.5, end[3], 3e-3);
    assertEquals(0, end[0]);
  }
}
