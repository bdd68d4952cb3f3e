package io.qgpo.toy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ToyMetricsTest {
  private static final ToySet GAUSSIANS = ToySets.find("8gaussians").orElseThrow();

  private static float[] mass(int n, double x, double y) {
    float[] points = new float[2 * n];
    for (int i = 0; i < n; i++) {
      points[2 * i] = (float) x;
      points[2 * i + 1] = (float) y;
    }
    return points;
  }

  private static float[] normal(int n, double x, long seed) {
    var random = new SplittableRandom(seed);
    float[] points = new float[2 * n];
    for (int i = 0; i < n; i++) {
      points[2 * i] = (float) (x + random.nextGaussian());
      points[2 * i + 1] = (float) random.nextGaussian();
    }
    return points;
  }

  /** At distance d: d times the mean of |cos|, and d times the root of the mean of cos^2. */
  @Test
  void slicedWassersteinOfPointMasses() {
    float[] a = mass(3, 0, 0);
    float[] b = mass(3, 3, 4);
    assertEquals(5 * 2 / Math.PI, SlicedWasserstein.distance(a, b, 1), 5e-4);
    assertEquals(5 * Math.sqrt(0.5), SlicedWasserstein.distance(a, b, 2), 1e-9);
    assertEquals(0, SlicedWasserstein.distance(a, a, 2));
  }

  /** Points are moved as a whole, in whatever order they stand. */
  @Test
  void slicedWassersteinSorts() {
    float[] a = {0, 0, 1, 0};
    float[] b = {1, 0, 0, 0};
    assertEquals(0, SlicedWasserstein.distance(a, b, 1));
  }

  @Test
  void slicedWassersteinOfAShift() {
    float[] a = normal(20_000, 0, 1);
    float[] b = normal(20_000, 1, 2);
    assertEquals(Math.sqrt(0.5), SlicedWasserstein.distance(a, b, 2), 0.03);
    assertEquals(2 / Math.PI, SlicedWasserstein.distance(a, b, 1), 0.03);
  }

  @Test
  void discrepancyOfPointMasses() {
    assertEquals(
        2 - 2 * Math.exp(-0.5),
        MaximumMeanDiscrepancy.squared(mass(4, 0, 0), mass(4, 1, 0)),
        1e-12);
    assertEquals(0, MaximumMeanDiscrepancy.squared(mass(4, 2, 1), mass(4, 2, 1)), 1e-12);
  }

  /** Differences of two standard normals of two dimensions have E k = exp(-m^2/6) / 3. */
  @Test
  void discrepancyOfAShift() {
    double expected = 2.0 / 3 * (1 - Math.exp(-1.0 / 6));
    assertEquals(
        expected, MaximumMeanDiscrepancy.squared(normal(2000, 0, 3), normal(2000, 1, 4)), 0.015);
    assertEquals(0, MaximumMeanDiscrepancy.squared(normal(2000, 0, 3), normal(2000, 0, 5)), 0.002);
  }

  @Test
  void samplesOfOtherSizesAreRefused() {
    assertEquals(
        "SlicedWasserstein: expected equally many points, at least one, found 1 and 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> SlicedWasserstein.distance(mass(1, 0, 0), mass(2, 0, 0), 1))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> MaximumMeanDiscrepancy.squared(mass(1, 0, 0), mass(1, 0, 0)));
  }

  /** Of four points three are in the north, one of them .3 above the others, one in the south. */
  @Test
  void regionsCountAndSpread() {
    Regions regions = Regions.of(GAUSSIANS, new float[] {0, 3, 0, 3, 0, 3.3f, 0, -3});
    assertArrayEquals(new double[] {0.75, 0, 0, 0, 0.25, 0, 0, 0}, regions.shares());
    // Squares .01 + .01 + .04 over two directions times two.
    assertEquals(Math.sqrt(0.06 / 4), regions.deviations()[0], 1e-6);
    assertTrue(Double.isNaN(regions.deviations()[4]));
    assertEquals(regions.deviations()[0], regions.deviation(), 1e-12);
    Regions other = Regions.of(GAUSSIANS, new float[] {0, 3, 0, -3, 3, 0, -3, 0});
    assertEquals(0.5, regions.totalVariation(other), 1e-12);
    assertEquals(0.5, other.totalVariation(regions), 1e-12);
  }

  /** The target's shares are those of the paper's weights exp(3 k/7). */
  @Test
  void truthOfEightGaussians() {
    double[] expected = {.0179, .0275, .0423, .0649, .0996, .1529, .2347, .3602};
    float[] truth = new GroundTruth(GAUSSIANS, 3).draw(40_000, 1, "test");
    assertArrayEquals(expected, Regions.of(GAUSSIANS, truth).shares(), 0.012);
  }

  /** Resampled: each ring's share is proportional to exp(3 e). */
  @Test
  void truthOfRings() {
    ToySet rings = ToySets.find("rings").orElseThrow();
    double[] weights = {Math.exp(3 * 0.667), Math.exp(3 * 0.333), Math.exp(3), 1};
    double sum = weights[0] + weights[1] + weights[2] + weights[3];
    float[] truth = new GroundTruth(rings, 3).draw(40_000, 1, "test");
    double[] shares = Regions.of(rings, truth).shares();
    for (int k = 0; k < 4; k++) {
      assertEquals(weights[k] / sum, shares[k], 0.0125, "ring " + k);
    }
  }

  /** The floor is small beside the distance of the data from the target, and is not 0. */
  @Test
  void floorOfTheTruth() {
    var truth = new GroundTruth(GAUSSIANS, 3);
    Map<String, Double> floor = ToyMetrics.floor(truth, 2000, 1);
    float[] data = ToyData.draw(GAUSSIANS, 2000, 1, "test").points();
    ToyMetrics unguided = ToyMetrics.of(GAUSSIANS, data, truth.draw(2000, 1, "test"));
    assertEquals(unguided.errors().keySet(), floor.keySet());
    for (String name : new String[] {"slicedW1", "slicedW2", "mmd2", "totalVariation"}) {
      double least = floor.get(name);
      double error = unguided.errors().get(name);
      assertTrue(least > 0 && error > 5 * least, name + ": " + error + " and " + least);
    }
    // Known from the mixture: mean of k/7, and the expectation under the weights.
    assertEquals(0.5, unguided.meanEnergy(), 0.04);
    assertEquals(0.772, unguided.trueMeanEnergy(), 0.03);
    assertEquals(1, unguided.deviationRatio(), 0.03);
  }
}
