package io.qgpo.algorithm;

import java.math.BigDecimal;

/** Numbers as people write them. */
final class Numbers {
  private Numbers() {}

  /**
   * The shortest decimal that reads back as the same double, without trailing zeros: 20, 0.0001,
   * and 1e-12 where plain digits would be many.
   */
  static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-6 || size >= 1e15)) {
      return Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }
    return decimal(value).toPlainString();
  }

  /** The same decimal as a number; 0 for both zeros. */
  static BigDecimal decimal(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }
}
