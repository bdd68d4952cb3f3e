package io.qgpo.toy;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a sample is from the truth, each number with the one that chance alone would make.
 *
 * @param slicedW1 {@link SlicedWasserstein}, p = 1
 * @param slicedW2 p = 2
 * @param mmd2 {@link MaximumMeanDiscrepancy}
 * @param totalVariation of the shares of the set's regions; those of 8gaussians are its modes
 * @param deviationRatio standard deviation within regions over the truth's; of 8gaussians the
 *     spread of its modes
 * @param meanEnergy of the sample's points by their place
 * @param trueMeanEnergy of the truth's
 */
public record ToyMetrics(
    double slicedW1,
    double slicedW2,
    double mmd2,
    double totalVariation,
    double deviationRatio,
    double meanEnergy,
    double trueMeanEnergy) {
  /** Pairs of draws whose mean is the floor: a single one is a half or the double by chance. */
  private static final int FLOOR_PAIRS = 5;

  /**
   * Measures.
   *
   * @param points x and y by turns
   * @param truth as many
   */
  static ToyMetrics of(ToySet set, float[] points, float[] truth) {
    Regions regions = Regions.of(set, points);
    Regions trueRegions = Regions.of(set, truth);
    return new ToyMetrics(
        SlicedWasserstein.distance(points, truth, 1),
        SlicedWasserstein.distance(points, truth, 2),
        MaximumMeanDiscrepancy.squared(points, truth),
        regions.totalVariation(trueRegions),
        regions.deviation() / trueRegions.deviation(),
        meanEnergy(set, points),
        meanEnergy(set, truth));
  }

  private static double meanEnergy(ToySet set, float[] points) {
    double sum = 0;
    for (int i = 0; i < points.length; i += 2) {
      sum += set.energy(points[i], points[i + 1]);
    }
    return sum / (points.length / 2);
  }

  /** All as errors, by name: 0 is the truth. */
  Map<String, Double> errors() {
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("slicedW1", slicedW1);
    errors.put("slicedW2", slicedW2);
    errors.put("mmd2", Math.abs(mmd2));
    errors.put("totalVariation", totalVariation);
    errors.put("deviationRatio", Math.abs(deviationRatio - 1));
    errors.put("meanEnergy", Math.abs(meanEnergy - trueMeanEnergy));
    return errors;
  }

  /**
   * The errors of the truth against the truth: means over {@value FLOOR_PAIRS} pairs of draws.
   *
   * @param n points of a draw
   */
  static Map<String, Double> floor(GroundTruth truth, int n, long seed) {
    Map<String, Double> floor = new LinkedHashMap<>();
    for (int pair = 0; pair < FLOOR_PAIRS; pair++) {
      float[] a = truth.draw(n, seed, "floor " + pair + " a");
      float[] b = truth.draw(n, seed, "floor " + pair + " b");
      of(truth.set(), a, b)
          .errors()
          .forEach((name, error) -> floor.merge(name, error / FLOOR_PAIRS, Double::sum));
    }
    return floor;
  }
}
