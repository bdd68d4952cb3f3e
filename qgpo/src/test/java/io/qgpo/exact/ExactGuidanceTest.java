package io.qgpo.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ExactGuidanceTest {
  private static final GaussianMixture PLANE =
      new GaussianMixture(
          new double[] {3, 7}, new double[][] {{-1, 0.5}, {0.8, 0}}, new double[] {0.3, 0.5});
  private static final QuadraticEnergy ENERGY = new QuadraticEnergy(0.7, 0.5, -0.2);
  private static final double ALPHA = 0.6;
  private static final double SIGMA = 0.8;

  private interface Function {
    double at(double x, double y);
  }

  /** The expectation over the mixture, by sums over a grid. */
  private static double expectation(Function f) {
    double h = 0.02;
    double sum = 0;
    for (double x = -5; x < 5; x += h) {
      for (double y = -5; y < 5; y += h) {
        sum += Math.exp(PLANE.logDensity(x, y)) * f.at(x, y) * h * h;
      }
    }
    return sum;
  }

  @Test
  void expectationsOfTheEnergy() {
    assertEquals(
        Math.log(expectation((x, y) -> Math.exp(ENERGY.at(x, y)))), ENERGY.logMeanExp(PLANE), 1e-9);
    double mean = expectation(ENERGY::at);
    assertEquals(mean, ENERGY.mean(PLANE), 1e-9);
    double[] covariance = {
      expectation((x, y) -> (ENERGY.at(x, y) - mean) * x),
      expectation((x, y) -> (ENERGY.at(x, y) - mean) * y)
    };
    assertArrayEquals(covariance, ENERGY.covariance(PLANE), 1e-9);
  }

  @Test
  void targetIsTheDensityTimesTheExponential() {
    GaussianMixture target = ENERGY.times(2).target(PLANE);
    double logZ = ENERGY.times(2).logMeanExp(PLANE);
    for (double[] x : new double[][] {{0, 0}, {1, -0.3}, {-2, 1}}) {
      assertEquals(PLANE.logDensity(x) + 2 * ENERGY.at(x) - logZ, target.logDensity(x), 1e-12);
    }
  }

  /** -ln(1 + 8 v)/2 - 4 M^2 / (1 + 8 v), and the value of an independent computation. */
  @Test
  void intermediateEnergyOfOneGaussian() {
    ExactGuidance line = ExactGuidance.ofOneGaussian();
    assertEquals(1.0 / 6, line.target(1).mean(0, 0), 1e-15);
    assertEquals(1.0 / 12, Math.pow(line.target(1).deviation(0), 2), 1e-15);
    double variance = ALPHA * ALPHA * 0.25 + SIGMA * SIGMA;
    double mean = 0.5 + 0.25 * ALPHA / variance * (0.3 - ALPHA * 0.5);
    double v = 0.25 * SIGMA * SIGMA / variance;
    double expected = -0.5 * Math.log(1 + 8 * v) - 4 * mean * mean / (1 + 8 * v);
    assertEquals(expected, line.intermediate(ALPHA, SIGMA, 0.3), 1e-14);
    assertEquals(-4 * (mean * mean + v), line.regression(ALPHA, SIGMA, 0.3), 1e-14);
  }

  @Test
  void gradientsAreThoseOfTheirFunctions() {
    ExactGuidance guidance = new ExactGuidance(PLANE, ENERGY);
    double h = 1e-5;
    double[] x = {0.2, -0.5};
    double[] exact = guidance.gradient(ALPHA, SIGMA, x);
    double[] regression = guidance.regressionGradient(ALPHA, SIGMA, x);
    for (int d = 0; d < 2; d++) {
      double[] ahead = x.clone();
      double[] behind = x.clone();
      ahead[d] += h;
      behind[d] -= h;
      assertEquals(
          (guidance.intermediate(ALPHA, SIGMA, ahead) - guidance.intermediate(ALPHA, SIGMA, behind))
              / (2 * h),
          exact[d],
          1e-8);
      assertEquals(
          (guidance.regression(ALPHA, SIGMA, ahead) - guidance.regression(ALPHA, SIGMA, behind))
              / (2 * h),
          regression[d],
          1e-8);
    }
  }

  /** A component that cannot have made the point takes part in nothing, and breaks nothing. */
  @Test
  void farAwayNothingIsNan() {
    ExactGuidance guidance = new ExactGuidance(PLANE, ENERGY);
    double[] gradient = guidance.gradient(0.999, 0.04, 60, 0);
    double p = guidance.target(1).noised(0.999, 0.04).score(60, 0)[0];
    double q = PLANE.noised(0.999, 0.04).score(60, 0)[0];
    assertEquals(p - q, gradient[0], 1e-9 * Math.abs(q));
  }

  @Test
  void refusesAnEnergyWithoutLimit() {
    assertEquals(
        "QuadraticEnergy: expected a curvature of 0 or more, found -1.0",
        assertThrows(IllegalArgumentException.class, () -> new QuadraticEnergy(-1, 0))
            .getMessage());
  }
}
