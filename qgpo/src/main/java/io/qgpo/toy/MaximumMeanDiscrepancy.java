package io.qgpo.toy;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The squared maximum mean discrepancy of two samples (Gretton et al. 2012, eq. 3, unbiased, so
 * that it may be a little below 0) with the kernel exp(-d^2/2) of their distances d.
 */
final class MaximumMeanDiscrepancy {
  /** Of each sample: pairs are as many as its square. */
  static final int MOST_POINTS = 2000;

  private MaximumMeanDiscrepancy() {}

  /**
   * The square, of the first {@link #MOST_POINTS} points of each.
   *
   * @param a x and y by turns, two points at least
   * @param b as many
   */
  static double squared(float[] a, float[] b) {
    int n = Math.min(a.length / 2, MOST_POINTS);
    if (a.length != b.length || n < 2) {
      throw new IllegalArgumentException(
          "MaximumMeanDiscrepancy: expected equally many points, at least two, found %d and %d"
              .formatted(a.length / 2, b.length / 2));
    }
    // A point and itself are no pair of a sample.
    double within = sum(n, i -> kernels(a, i, a, n) + kernels(b, i, b, n) - 2);
    double between = sum(n, i -> kernels(a, i, b, n));
    return within / ((double) n * (n - 1)) - 2 * between / ((double) n * n);
  }

  private static double sum(int n, IntToDoubleFunction row) {
    double sum = 0;
    for (double value : IntStream.range(0, n).parallel().mapToDouble(row).toArray()) {
      sum += value;
    }
    return sum;
  }

  private static double kernels(float[] a, int i, float[] b, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double dx = a[2 * i] - b[2 * j];
      double dy = a[2 * i + 1] - b[2 * j + 1];
      sum += Math.exp(-0.5 * (dx * dx + dy * dy));
    }
    return sum;
  }
}
