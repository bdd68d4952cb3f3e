package io.qgpo.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GaussianMixtureTest {
  private static final GaussianMixture PLANE =
      new GaussianMixture(
          new double[] {3, 7}, new double[][] {{-1, 0.5}, {0.8, 0}}, new double[] {0.3, 0.5});

  @Test
  void densityOfOneGaussian() {
    GaussianMixture normal = GaussianMixture.normal(1, 2);
    double expected = -0.5 * 0.25 - Math.log(2) - 0.5 * Math.log(2 * Math.PI);
    assertEquals(expected, normal.logDensity(2), 1e-15);
    assertEquals(-0.25, normal.score(2)[0], 1e-15);
  }

  @Test
  void densityIntegratesToOneAndHasTheMoments() {
    double sum = 0;
    double first = 0;
    double h = 0.02;
    for (double x = -5; x < 5; x += h) {
      for (double y = -5; y < 5; y += h) {
        double p = Math.exp(PLANE.logDensity(x, y)) * h * h;
        sum += p;
        first += x * p;
      }
    }
    assertEquals(1, sum, 1e-9);
    assertEquals(0.3 * -1 + 0.7 * 0.8, first, 1e-9);
  }

  @Test
  void scoreIsTheGradientOfTheLogDensity() {
    double h = 1e-6;
    double[] score = PLANE.score(0.1, -0.4);
    assertEquals(
        (PLANE.logDensity(0.1 + h, -0.4) - PLANE.logDensity(0.1 - h, -0.4)) / (2 * h),
        score[0],
        1e-8);
    assertEquals(
        (PLANE.logDensity(0.1, -0.4 + h) - PLANE.logDensity(0.1, -0.4 - h)) / (2 * h),
        score[1],
        1e-8);
  }

  @Test
  void farAwayNothingOverflows() {
    assertEquals(-(1e6 - 0.8) / 0.25, PLANE.score(1e6, 0)[0], 1e-6);
  }

  @Test
  void noisedIsTheConvolution() {
    GaussianMixture noised = PLANE.noised(0.6, 0.8);
    assertEquals(-0.6, noised.mean(0, 0), 1e-15);
    assertEquals(Math.sqrt(0.36 * 0.09 + 0.64), noised.deviation(0), 1e-15);
    assertEquals(0.3, noised.weight(0), 1e-15);
  }

  @Test
  void reweightedByEnergies() {
    GaussianMixture target = PLANE.reweighted(new double[] {Math.log(7), Math.log(3)});
    assertArrayEquals(
        new double[] {0.5, 0.5}, new double[] {target.weight(0), target.weight(1)}, 1e-15);
  }

  @Test
  void samplesHaveTheSharesAndMoments() {
    SplittableRandom random = new SplittableRandom(1);
    int n = 100_000;
    double mean = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      double x = PLANE.sample(random)[0];
      mean += x / n;
      square += x * x / n;
    }
    double expected = 0.3 * -1 + 0.7 * 0.8;
    double second = 0.3 * (1 + 0.09) + 0.7 * (0.64 + 0.25);
    double deviation = Math.sqrt(second - expected * expected);
    assertEquals(expected, mean, 5 * deviation / Math.sqrt(n));
    assertEquals(second, square, 0.02);
  }

  @Test
  void refusesWhatIsNoMixture() {
    assertEquals(
        "GaussianMixture: component 0: expected a positive weight and deviation and 1 dimensions,"
            + " found 1.0, 0.0 and 1",
        assertThrows(IllegalArgumentException.class, () -> GaussianMixture.normal(0, 0))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> PLANE.score(1));
  }
}
