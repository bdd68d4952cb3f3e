package io.qgpo.algorithm;

import io.qgpo.data.Summary;

/**
 * How values are distributed.
 *
 * @param low where the first bin begins: the smallest value
 * @param high where the last bin ends: the largest value
 * @param shares of the values in each of the bins, which are equally wide; they sum to 1
 */
public record Histogram(double low, double high, double[] shares) {
  /** The histogram of at least one value; all in the first bin if they are equal. */
  public static Histogram of(float[] values, int bins) {
    Summary range = Summary.of(values.length, i -> values[i]);
    double width = (range.max() - range.min()) / bins;
    double[] shares = new double[bins];
    for (float value : values) {
      int bin = width == 0 ? 0 : (int) ((value - range.min()) / width);
      shares[Math.min(bin, bins - 1)] += 1.0 / values.length;
    }
    return new Histogram(range.min(), range.max(), shares);
  }
}
