package io.qgpo.diffusion;

import static io.qgpo.diffusion.DpmSolver.Method.FIRST_ORDER_TIME_UNIFORM;
import static io.qgpo.diffusion.DpmSolver.Method.MULTISTEP_2_LOG_SNR;
import static io.qgpo.diffusion.DpmSolver.Method.SINGLESTEP_2_TIME_UNIFORM;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In float64 against data whose diffusion is known in closed form. */
class DpmSolverTest {
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.LINEAR;
  private static final double T_END = 1e-3;
  private final Backend backend = Backends.choose("scalar", 1).backend();

  /** Data N(mean, sd^2): eps(x, t) = sigma (x - alpha mean) / V with V = alpha^2 sd^2 + sigma^2. */
  private static NoisePrediction gaussian(double mean, double sd) {
    return (x, t) -> {
      double alpha = SCHEDULE.alpha(t);
      double sigma = SCHEDULE.sigma(t);
      double variance = alpha * alpha * sd * sd + sigma * sigma;
      Tensor noise = Tensor.empty(x.backend(), x.dtype(), x.shape());
      x.backend().affine(x, sigma / variance, -sigma * alpha * mean / variance, noise);
      return noise;
    };
  }

  /** The exact end of the path that starts at x: all quantiles move together. */
  private static double exactEnd(double mean, double sd, double x) {
    double start = variance(sd, 1);
    double end = variance(sd, T_END);
    return SCHEDULE.alpha(T_END) * mean + Math.sqrt(end / start) * (x - SCHEDULE.alpha(1) * mean);
  }

  private static double variance(double sd, double t) {
    double alpha = SCHEDULE.alpha(t);
    double sigma = SCHEDULE.sigma(t);
    return alpha * alpha * sd * sd + sigma * sigma;
  }

  private double solve(DpmSolver.Method method, int evaluations, double start) {
    Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 1), start);
    return solver(method, evaluations).sample(gaussian(1, 0.5), x).item();
  }

  private static DpmSolver solver(DpmSolver.Method method, int evaluations) {
    return new DpmSolver(SCHEDULE, method, evaluations, 1, T_END);
  }

  @Test
  void exactPathOfTheTestProblem() {
    assertEquals(1.746794463249, exactEnd(1, 0.5, 1.5), 1e-11);
  }

  /** From an independent float64 computation of the authors' sampler. */
  @Test
  void paperSampler() {
    assertEquals(1.662697635642, solve(SINGLESTEP_2_TIME_UNIFORM, 15, 1.5), 1e-11);
  }

  /** From an independent float64 computation. */
  @Test
  void firstOrderIsDdim() {
    assertEquals(1.617470907771, solve(FIRST_ORDER_TIME_UNIFORM, 15, 1.5), 1e-11);
  }

  /** An independent DDIM: x' = alpha' (x - sigma eps) / alpha + sigma' eps (Song et al. 2021). */
  @Test
  void firstOrderEqualsDdimFormula() {
    double x = 1.5;
    for (int i = 0; i < 4; i++) {
      double s = 1 + (T_END - 1) * i / 4;
      double t = 1 + (T_END - 1) * (i + 1) / 4;
      double eps = SCHEDULE.sigma(s) * (x - SCHEDULE.alpha(s)) / variance(0.5, s);
      x =
          SCHEDULE.alpha(t) * (x - SCHEDULE.sigma(s) * eps) / SCHEDULE.alpha(s)
              + SCHEDULE.sigma(t) * eps;
    }
    assertEquals(x, solve(FIRST_ORDER_TIME_UNIFORM, 4, 1.5), 1e-12);
  }

  /** Halving the steps must quarter the error: the slope over 40 to 160 evaluations is 2. */
  @Test
  void multistepConvergesAtOrderTwo() {
    double exact = exactEnd(1, 0.5, 1.5);
    double coarse = Math.abs(solve(MULTISTEP_2_LOG_SNR, 40, 1.5) - exact);
    double fine = Math.abs(solve(MULTISTEP_2_LOG_SNR, 160, 1.5) - exact);
    assertEquals(2, Math.log(coarse / fine) / Math.log(4), 0.1);
  }

  @ParameterizedTest
  @EnumSource(DpmSolver.Method.class)
  void convergesToTheExactPath(DpmSolver.Method method) {
    double exact = exactEnd(1, 0.5, 1.5);
    assertEquals(exact, solve(method, 2000, 1.5), 2e-3);
    assertTrue(
        Math.abs(solve(method, 1000, 1.5) - exact) < Math.abs(solve(method, 100, 1.5) - exact));
  }

  /** Sample sd over true sd at 15 evaluations: the paper's sampler loses spread, the other not. */
  @Test
  void dispersion() {
    double[] sds = {0.1, 0.3, 1};
    double[] paper = {0.49, 0.79, 0.95};
    for (int i = 0; i < sds.length; i++) {
      assertEquals(paper[i], spread(SINGLESTEP_2_TIME_UNIFORM, sds[i]), 0.01);
      assertEquals(1.02, spread(MULTISTEP_2_LOG_SNR, sds[i]), 0.01);
    }
  }

  /** The map is linear on Gaussian data, so two points tell its factor. */
  private double spread(DpmSolver.Method method, double sd) {
    Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1), -1, 1);
    double[] end = solver(method, 15).sample(gaussian(0.5, sd), x).toDoubleArray();
    return (end[1] - end[0]) / 2 / sd;
  }

  // ---- A mixture: the score is not linear in x -----------------------------------------------

  private static final double[] WEIGHTS = {0.3, 0.7};
  private static final double[] MEANS = {-1, 0.8};
  private static final double[] SDS = {0.3, 0.5};
  private static final double[] MIXTURE_START = {-1.2, 0.1, 0.7};

  /** Where the paths from there end: quantiles stay the same ones, to 12 digits by bisection. */
  private static final double[] MIXTURE_END = {-1.089848280672, 0.595929902221, 0.997484854144};

  private static Tensor mixtureNoise(Tensor x, double t) {
    double alpha = SCHEDULE.alpha(t);
    double[] noise = x.toDoubleArray();
    for (int i = 0; i < noise.length; i++) {
      double density = 0;
      double slope = 0;
      for (int k = 0; k < WEIGHTS.length; k++) {
        double variance = variance(SDS[k], t);
        double distance = noise[i] - alpha * MEANS[k];
        double part =
            WEIGHTS[k] / Math.sqrt(variance) * Math.exp(-distance * distance / (2 * variance));
        density += part;
        slope += part * distance / variance;
      }
      noise[i] = SCHEDULE.sigma(t) * slope / density;
    }
    return Tensor.of(x.backend(), DType.FLOAT64, x.shape(), noise);
  }

  private double[] solveMixture(DpmSolver.Method method, int evaluations) {
    Tensor start = Tensor.of(backend, DType.FLOAT64, Shape.of(3, 1), MIXTURE_START);
    return solver(method, evaluations).sample(DpmSolverTest::mixtureNoise, start).toDoubleArray();
  }

  /** The distribution function at the ends of the paths is that at their starts. */
  @Test
  void exactPathsOfTheMixture() {
    for (int i = 0; i < MIXTURE_START.length; i++) {
      double quantile = mixtureDistribution(MIXTURE_START[i], 1);
      assertTrue(mixtureDistribution(MIXTURE_END[i] - 1e-12, T_END) < quantile);
      assertTrue(mixtureDistribution(MIXTURE_END[i] + 1e-12, T_END) > quantile);
    }
  }

  private static double mixtureDistribution(double x, double t) {
    double sum = 0;
    for (int k = 0; k < WEIGHTS.length; k++) {
      double z = (x - SCHEDULE.alpha(t) * MEANS[k]) / Math.sqrt(variance(SDS[k], t));
      sum += WEIGHTS[k] * normalDistribution(z);
    }
    return sum;
  }

  /** 1/2 + density(z) (z + z^3/3 + z^5/15 + ...): Abramowitz and Stegun 26.2.11. */
  private static double normalDistribution(double z) {
    double term = z;
    double sum = z;
    for (int n = 3; Math.abs(term) > 1e-18; n += 2) {
      term *= z * z / n;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /** From an independent float64 computation. */
  @Test
  void mixtureAtFifteenEvaluations() {
    assertArrayEquals(
        new double[] {-1.064689970305, 0.614386175688, 0.970807542639},
        solveMixture(SINGLESTEP_2_TIME_UNIFORM, 15),
        1e-11);
    assertArrayEquals(
        new double[] {-1.124402315573, 0.606207338372, 1.0190230732},
        solveMixture(MULTISTEP_2_LOG_SNR, 15),
        1e-11);
  }

  /** An error of order 2 goes if 4/3 of the finer result less 1/3 of the coarser are taken. */
  @Test
  void mixtureConvergesToTheExactPaths() {
    assertArrayEquals(MIXTURE_END, extrapolated(MULTISTEP_2_LOG_SNR, 1000), 1e-8);
    assertArrayEquals(MIXTURE_END, solveMixture(SINGLESTEP_2_TIME_UNIFORM, 2000), 6e-6);
  }

  private double[] extrapolated(DpmSolver.Method method, int evaluations) {
    double[] coarse = solveMixture(method, evaluations);
    double[] fine = solveMixture(method, 2 * evaluations);
    for (int i = 0; i < fine.length; i++) {
      fine[i] += (fine[i] - coarse[i]) / 3;
    }
    return fine;
  }

  @ParameterizedTest
  @EnumSource(DpmSolver.Method.class)
  void callsTheModelExactlyAsOftenAsAsked(DpmSolver.Method method) {
    for (int evaluations : new int[] {1, 2, 3, 15, 16}) {
      int[] calls = {0};
      NoisePrediction counting =
          (x, t) -> {
            calls[0]++;
            return gaussian(0, 1).noise(x, t);
          };
      Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
      Tensor result = solver(method, evaluations).sample(counting, x);
      assertEquals(evaluations, calls[0]);
      assertEquals(Shape.of(3, 2), result.shape());
    }
  }

  @Test
  void leavesTheStartAlone() {
    Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 1), 1.5);
    solver(MULTISTEP_2_LOG_SNR, 3).sample(gaussian(0, 1), x);
    assertEquals(1.5, x.item());
  }

  /**
   * Exact guidance: q = N(.5, .5^2) and beta E = 4 x^2 give the target N(1/6, 1/12) when the score
   * is moved by the gradient of f_t = -ln(1 + 8 v)/2 - 4 M^2 / (1 + 8 v), with M and v the mean and
   * variance of x_0 given x_t.
   */
  @Test
  void exactGuidanceGivesTheTarget() {
    NoisePrediction.EnergyGradient gradient =
        (x, t) -> {
          double alpha = SCHEDULE.alpha(t);
          double sigma = SCHEDULE.sigma(t);
          double variance = alpha * alpha * 0.25 + sigma * sigma;
          double gain = 0.25 * alpha / variance;
          double v = 0.25 * sigma * sigma / variance;
          Tensor out = Tensor.empty(x.backend(), x.dtype(), x.shape());
          // df/dx = -8 M / (1 + 8 v) dM/dx, M = .5 + gain (x - alpha .5).
          double factor = -8 * gain / (1 + 8 * v);
          x.backend().affine(x, factor * gain, factor * (0.5 - gain * alpha * 0.5), out);
          return out;
        };
    NoisePrediction guided = gaussian(0.5, 0.5).guided(SCHEDULE, gradient, 1);
    int n = 20_000;
    Tensor start = new Rng(backend, 5, "start").normal(DType.FLOAT64, Shape.of(n, 1));
    double[] samples = solver(MULTISTEP_2_LOG_SNR, 40).sample(guided, start).toDoubleArray();
    double mean = 0;
    double square = 0;
    for (double s : samples) {
      mean += s / n;
      square += s * s / n;
    }
    double sd = Math.sqrt(1.0 / 12);
    // Three standard errors of the mean and of the sd.
    assertEquals(1.0 / 6, mean, 3 * sd / Math.sqrt(n));
    assertEquals(sd, Math.sqrt(square - mean * mean), 3 * sd / Math.sqrt(2.0 * n) + 0.002);
  }

  @Test
  void guidanceOfScaleZeroDoesNotAskTheEnergy() {
    NoisePrediction model = gaussian(0, 1);
    NoisePrediction guided =
        model.guided(
            SCHEDULE,
            (x, t) -> {
              throw new AssertionError("the energy was evaluated");
            },
            0);
    Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 1), 0.3);
    assertArrayEquals(model.noise(x, 0.5).toDoubleArray(), guided.noise(x, 0.5).toDoubleArray());
  }

  @Test
  void refusesBadSettings() {
    assertEquals(
        "DpmSolver: expected 1 or more evaluations, found 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> new DpmSolver(SCHEDULE, MULTISTEP_2_LOG_SNR, 0, 1, T_END))
            .getMessage());
    assertEquals(
        "DpmSolver: expected 0 < tEnd < tStart <= 1, found tEnd 0.5, tStart 0.5",
        assertThrows(
                IllegalArgumentException.class,
                () -> new DpmSolver(SCHEDULE, MULTISTEP_2_LOG_SNR, 5, 0.5, 0.5))
            .getMessage());
  }
}
