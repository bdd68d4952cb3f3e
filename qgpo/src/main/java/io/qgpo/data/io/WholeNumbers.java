package io.qgpo.data.io;

import io.qgpo.data.DataException;
import java.util.function.IntToLongFunction;

/**
 * Integers and booleans where real numbers are expected, as programs write rewards of 0 and 1:
 * taken if the real type holds them exactly.
 */
final class WholeNumbers {
  /** Float32 has 24 bits for the digits of a number. */
  private static final long LARGEST_SINGLE = 1L << 24;

  /** Float64 has 53. */
  private static final long LARGEST_DOUBLE = 1L << 53;

  private final int count;
  private final IntToLongFunction values;

  private WholeNumbers(int count, IntToLongFunction values) {
    this.count = count;
    this.values = values;
  }

  /** The integers or booleans of an array; null if it is of anything else. */
  static WholeNumbers of(Object array) {
    return switch (array) {
      case byte[] v -> new WholeNumbers(v.length, i -> v[i]);
      case short[] v -> new WholeNumbers(v.length, i -> v[i]);
      case int[] v -> new WholeNumbers(v.length, i -> v[i]);
      case long[] v -> new WholeNumbers(v.length, i -> v[i]);
      case boolean[] v -> new WholeNumbers(v.length, i -> v[i] ? 1 : 0);
      case null, default -> null;
    };
  }

  /**
   * As float32.
   *
   * @param file where they are from, for the error
   * @param key likewise
   * @throws DataException if one is not a float32 number
   */
  float[] singles(String file, String key) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = checked(file, key, i, LARGEST_SINGLE, "float32");
    }
    return out;
  }

  /** As float64; the parameters are those of {@link #singles}. */
  double[] doubles(String file, String key) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = checked(file, key, i, LARGEST_DOUBLE, "float64");
    }
    return out;
  }

  private long checked(String file, String key, int i, long largest, String type) {
    long value = values.applyAsLong(i);
    if (value < -largest || value > largest) {
      throw DataException.ofKey(
          file,
          key,
          "integers from -%d to %d, which %s holds exactly".formatted(largest, largest, type),
          value + " at place " + i);
    }
    return value;
  }
}
