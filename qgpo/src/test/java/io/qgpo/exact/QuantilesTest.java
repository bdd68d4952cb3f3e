package io.qgpo.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class QuantilesTest {
  /** .6744897501960817 is the normal distribution's third quartile. */
  @Test
  void quartilesOfANormal() {
    double quartile = 0.6744897501960817;
    assertArrayEquals(
        new double[] {3 - 2 * quartile, 3 + 2 * quartile},
        Quantiles.of(GaussianMixture.normal(3, 2), 2),
        1e-12);
  }

  @Test
  void eachPointStandsForTheSameShare() {
    GaussianMixture modes =
        new GaussianMixture(new double[] {1, 2}, new double[][] {{-4}, {4}}, new double[] {1, 0.1});
    double[] points = Quantiles.of(modes, 10);
    for (int i = 0; i < points.length; i++) {
      assertEquals((i + 0.5) / 10, modes.probabilityBelow(points[i]), 1e-12);
    }
  }

  /** Two Gaussians are as far apart as their means and their deviations together. */
  @Test
  void distanceOfTwoGaussians() {
    double[] a = Quantiles.of(GaussianMixture.normal(0, 1), 2000);
    double[] b = Quantiles.of(GaussianMixture.normal(3, 1), 2000);
    double[] wide = Quantiles.of(GaussianMixture.normal(0, 5), 2000);
    assertEquals(3, Quantiles.distance(a, b), 1e-9);
    assertEquals(4, Quantiles.distance(a, wide), 0.01);
    assertThrows(IllegalArgumentException.class, () -> Quantiles.distance(a, new double[] {1}));
  }
}
