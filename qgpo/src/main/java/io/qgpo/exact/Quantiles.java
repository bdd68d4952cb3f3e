package io.qgpo.exact;

/**
 * Points of a one-dimensional mixture that stand for equal shares of it, without chance: the
 * quantiles (i + 1/2) / n. A flow along the line keeps their order, so that two distributions are
 * compared point by point.
 */
public final class Quantiles {
  /** Beyond so many standard deviations of a component lies 1e-22 of it. */
  private static final double REACH = 10;

  private Quantiles() {}

  /**
   * The points, from the least to the greatest.
   *
   * @param distribution of one dimension
   */
  public static double[] of(GaussianMixture distribution, int n) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < distribution.components(); k++) {
      low = Math.min(low, distribution.mean(k, 0) - REACH * distribution.deviation(k));
      high = Math.max(high, distribution.mean(k, 0) + REACH * distribution.deviation(k));
    }
    double[] points = new double[n];
    for (int i = 0; i < n; i++) {
      points[i] = quantile(distribution, (i + 0.5) / n, i == 0 ? low : points[i - 1], high);
    }
    return points;
  }

  /** By bisection, to the last bit. */
  private static double quantile(
      GaussianMixture distribution, double share, double low, double high) {
    double left = low;
    double right = high;
    for (double middle = (left + right) / 2;
        left < middle && middle < right;
        middle = (left + right) / 2) {
      if (distribution.probabilityBelow(middle) < share) {
        left = middle;
      } else {
        right = middle;
      }
    }
    return left;
  }

  /**
   * The distance of two distributions by equally many of their points: the root of the mean squared
   * move that makes one of the other (2-Wasserstein).
   *
   * @param a in order
   * @param b in order
   */
  public static double distance(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "Quantiles.distance: expected equally many points, found %d and %d"
              .formatted(a.length, b.length));
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }
}
