package io.qgpo.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * Count, mean, standard deviation and range of some numbers.
 *
 * @param count how many numbers; 0 makes all others 0
 * @param mean arithmetic mean
 * @param sd sample standard deviation (divisor n - 1; 0 for fewer than two numbers)
 * @param min smallest
 * @param max largest
 */
public record Summary(long count, double mean, double sd, double min, double max) {

  /** Summary of {@code value(0) .. value(count - 1)}; two passes, so no cancellation. */
  public static Summary of(int count, IntToDoubleFunction value) {
    if (count == 0) {
      return new Summary(0, 0, 0, 0, 0);
    }
    double sum = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double v = value.applyAsDouble(i);
      sum += v;
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double d = value.applyAsDouble(i) - mean;
      squares += d * d;
    }
    double sd = count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    return new Summary(count, mean, sd, min, max);
  }

  /** Summary of an array. */
  public static Summary of(double[] values) {
    return of(values.length, i -> values[i]);
  }

  /** Standard error of the mean: sd / sqrt(count); 0 for an empty summary. */
  public double standardError() {
    return count == 0 ? 0 : sd / Math.sqrt(count);
  }

  /**
   * {@code 935.2 +- 241 (min 12.1, max 1400)}: four significant digits, no exponent if avoidable.
   */
  @Override
  public String toString() {
    return "%s +- %s (min %s, max %s)".formatted(text(mean), text(sd), text(min), text(max));
  }

  static String text(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e9)) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_EVEN));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
