package io.qgpo.exact;

/**
 * Points of a one-dimensional mixture that stand for equal shares of it, without chance: the
 * quantiles (i + 1/2) / n. A flow along the line keeps their order, so that two distributions are
 * compared point by point.
 */
public final class Quantiles {
  private Quantiles() {}

  /**
   * The points, from the least to the greatest.
   *
   * @param distribution of one dimension
   */
  public static double[] of(GaussianMixture distribution, int n) {
    double[] points = new double[n];
    for (int i = 0; i < n; i++) {
      points[i] = distribution.quantile((i + 0.5) / n, (n - i - 0.5) / n);
    }
    return points;
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
