package io.qgpo.diffusion;

import io.qgpo.tensor.Tensor;
import java.util.Arrays;

/**
 * Dynamic thresholding of predicted data (Saharia et al. 2022, arXiv:2205.11487, section 2.3): in
 * each row, s is the given quantile of the absolute values, or the bound if that is larger; values
 * are limited to [-s, s] and scaled by bound / s. So data that must lie within the bound do, and
 * strong guidance does not drive them all against it.
 *
 * @param quantile share of a row's values that lie below s
 * @param bound the data's largest absolute value
 */
public record Thresholding(double quantile, double bound) {
  /** Imagen's: the quantile .995 and data in [-1, 1]. */
  public static final Thresholding IMAGEN = new Thresholding(0.995, 1);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless 0 &lt; quantile &lt;= 1 and the bound is positive and
   *     finite
   */
  public Thresholding {
    if (!(quantile > 0 && quantile <= 1 && bound > 0 && bound < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Thresholding: expected 0 < quantile <= 1 and a positive, finite bound, found "
              + quantile
              + " and "
              + bound);
    }
  }

  /**
   * Limits data in place. Reads them to the host, which has the only sort.
   *
   * @param data rows x dimensions
   */
  void apply(Tensor data) {
    int columns = data.columns();
    double[] values = data.toDoubleArray();
    double[] sizes = new double[columns];
    for (int from = 0; from < values.length; from += columns) {
      for (int c = 0; c < columns; c++) {
        sizes[c] = Math.abs(values[from + c]);
      }
      double s = Math.max(bound, quantile(sizes));
      for (int c = 0; c < columns; c++) {
        values[from + c] = Math.clamp(values[from + c], -s, s) * (bound / s);
      }
    }
    data.write(values);
  }

  /** The quantile of values, which get sorted, linear between two neighbours. */
  private double quantile(double[] values) {
    Arrays.sort(values);
    double place = quantile * (values.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, values.length - 1);
    return values[below] + (place - below) * (values[above] - values[below]);
  }
}
