package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stochastic solver keeps the data's mean and variance. */
class SdeMultistepTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;
  private static final double MEAN = 1;
  private static final double DEVIATION = 0.5;

  /** Over the whole path the leading error of the noise form's order 1 cancels on a Gaussian. */
  private static final double END = 0.1;

  /**
   * Samples as sums of what they are made of: constant + factor of the start + factors of the
   * steps' noises. On Gaussian data every step is affine, so mean and variance come out exactly.
   */
  private record AffineSpace(Form form, int steps) implements DpmSolver.Space<double[]> {
    @Override
    public double[] prediction(double[] x, double t) {
      double alpha = SCHEDULE.alpha(t);
      double sigma = SCHEDULE.sigma(t);
      double variance = alpha * alpha * DEVIATION * DEVIATION + sigma * sigma;
      double[] mean = new double[x.length];
      mean[0] = alpha * MEAN;
      double[] eps = sum(sigma / variance, x, -sigma / variance, mean);
      return form == Form.NOISE ? eps : sum(1 / alpha, x, -sigma / alpha, eps);
    }

    @Override
    public double[] sum(double a, double[] x, double b, double[] y) {
      double[] sum = new double[x.length];
      Arrays.setAll(sum, i -> a * x[i] + b * y[i]);
      return sum;
    }

    double[] unit(int i) {
      double[] unit = new double[steps + 2];
      unit[i] = 1;
      return unit;
    }
  }

  /** Mean and standard deviation of what standard normal noise becomes. */
  private static double[] moments(Form form, int order, int steps) {
    AffineSpace space = new AffineSpace(form, steps);
    int[] drawn = {1};
    SdeMultistep<double[]> rules =
        new SdeMultistep<>(space, SCHEDULE, form, () -> space.unit(++drawn[0]));
    double[] x = space.unit(1);
    for (int i = 0; i < steps; i++) {
      double s = TimeGrid.LOG_SNR.node(SCHEDULE, 1, END, i, steps);
      double t = TimeGrid.LOG_SNR.node(SCHEDULE, 1, END, i + 1, steps);
      x = rules.step(order, x, s, t);
    }
    double variance = 0;
    for (int i = 1; i < x.length; i++) {
      variance += x[i] * x[i];
    }
    return new double[] {x[0], Math.sqrt(variance)};
  }

  @ParameterizedTest
  @CsvSource({"DATA, 1", "DATA, 2", "NOISE, 1", "NOISE, 2"})
  void varianceConvergesAtTheOrder(Form form, int order) {
    double alpha = SCHEDULE.alpha(END);
    double exact = Math.hypot(alpha * DEVIATION, SCHEDULE.sigma(END));
    double coarse = Math.abs(moments(form, order, 400)[1] - exact);
    double fine = Math.abs(moments(form, order, 800)[1] - exact);
    assertEquals(order, Math.log(coarse / fine) / Math.log(2), 0.1);
    // Noise at t = 1 has mean alpha(1) more than standard normal noise, which is forgotten.
    assertEquals(alpha * MEAN, moments(form, order, 800)[0], 2e-3);
  }

  @ParameterizedTest
  @CsvSource({"DATA, 1, 0.05", "DATA, 2, 0.01", "NOISE, 1, 0.01", "NOISE, 2, 0.01"})
  void samplesHaveMeanAndVariance(Form form, int order, double bias) {
    Backend backend = Backends.choose("scalar", 1).backend();
    SolverAccuracy accuracy =
        new SolverAccuracy(backend, SCHEDULE, GaussianMixture.normal(MEAN, DEVIATION));
    int samples = 10_000;
    SolverAccuracy.Moments moments =
        accuracy.moments(
            SolverOptions.sde(order).withForm(form).withEvaluations(100),
            samples,
            new Rng(backend, 3, "sde"));
    // Four standard errors, and the bias of 100 steps.
    assertEquals(MEAN, moments.mean(), 4 * DEVIATION / Math.sqrt(samples));
    assertEquals(1, moments.deviation() / DEVIATION, 4 / Math.sqrt(2.0 * samples) + bias);
  }

  @ParameterizedTest
  @CsvSource({"DATA", "NOISE"})
  void sameStartOtherNoiseOtherSamples(Form form) {
    Backend backend = Backends.choose("scalar", 1).backend();
    DpmSolver solver = new DpmSolver(SCHEDULE, SolverOptions.sde(2).withForm(form));
    NoisePrediction model =
        new SolverAccuracy(backend, SCHEDULE, GaussianMixture.normal(0, 1)).diffusion();
    Tensor start = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 1), 0.3);
    double first = solver.sample(model, start, new Rng(backend, 1, "sde")).item();
    assertEquals(first, solver.sample(model, start, new Rng(backend, 1, "sde")).item());
    assertTrue(first != solver.sample(model, start, new Rng(backend, 2, "sde")).item());
    assertEquals(
        "DpmSolver.sample: expected options of an ODE, found the SDE's; sample(model, start, rng)"
            + " solves it",
        assertThrows(IllegalArgumentException.class, () -> solver.sample(model, start))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> solver.noiseOf(model, start));
  }
}
