package io.qgpo.toy;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The sliced Wasserstein distance (Bonneel et al. 2015) of two samples in the plane: the mean over
 * directions of the p-th power of the Wasserstein distance of their projections, then the p-th
 * root. In one dimension the best transport takes the i-th smallest to the i-th smallest.
 */
final class SlicedWasserstein {
  /** Evenly over the half circle, which errs less than as many random ones. */
  private static final int DIRECTIONS = 128;

  private SlicedWasserstein() {}

  /**
   * The distance.
   *
   * @param a x and y by turns
   * @param b as many
   * @param p 1 or 2
   * @return in the unit of the points
   */
  static double distance(float[] a, float[] b, int p) {
    if (a.length != b.length || a.length == 0) {
      throw new IllegalArgumentException(
          "SlicedWasserstein: expected equally many points, at least one, found %d and %d"
              .formatted(a.length / 2, b.length / 2));
    }
    double[] powers =
        IntStream.range(0, DIRECTIONS).parallel().mapToDouble(i -> power(a, b, p, i)).toArray();
    double sum = 0;
    for (double power : powers) { // in order: the same bits with any number of threads
      sum += power;
    }
    return Math.pow(sum / DIRECTIONS, 1.0 / p);
  }

  private static double power(float[] a, float[] b, int p, int direction) {
    double angle = Math.PI * (direction + 0.5) / DIRECTIONS;
    double[] u = projected(a, Math.cos(angle), Math.sin(angle));
    double[] v = projected(b, Math.cos(angle), Math.sin(angle));
    double sum = 0;
    for (int i = 0; i < u.length; i++) {
      double distance = Math.abs(u[i] - v[i]);
      sum += p == 1 ? distance : distance * distance;
    }
    return sum / u.length;
  }

  private static double[] projected(float[] points, double x, double y) {
    double[] projected = new double[points.length / 2];
    for (int i = 0; i < projected.length; i++) {
      projected[i] = points[2 * i] * x + points[2 * i + 1] * y;
    }
    Arrays.sort(projected);
    return projected;
  }
}
