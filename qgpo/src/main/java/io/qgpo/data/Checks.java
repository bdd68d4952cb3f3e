package io.qgpo.data;

/** Checks shared by the holders of logged arrays. */
final class Checks {
  private Checks() {}

  /** Throws unless {@code length} is rows x width with width at least 1. */
  static void length(String source, String key, int length, int rows, int width) {
    if (width < 1) {
      throw DataException.ofKey(source, key, "at least 1 column", width + " columns");
    }
    if ((long) rows * width != length) {
      throw DataException.ofKey(
          source,
          key,
          rows + " x " + width + " = " + (long) rows * width + " values",
          length + " values");
    }
  }

  /** Throws at the first NaN or Inf, naming its row and column. */
  static void finite(String source, String key, float[] values, int width) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw DataException.ofRow(
            source, key, i / width, "finite numbers", values[i] + " in column " + i % width);
      }
    }
  }
}
