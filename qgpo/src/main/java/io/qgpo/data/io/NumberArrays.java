package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.RowArray;
import java.lang.reflect.Array;

/**
 * Arrays of whatever numbers a file holds as the types that data have. Arrays are of Java's
 * primitive types; others are refused by name.
 */
final class NumberArrays {
  private NumberArrays() {}

  /**
   * As float32: float64 rounded, integers if they are float32 numbers.
   *
   * @param file where they are from, for errors
   * @param key likewise
   */
  static float[] singles(String file, String key, Object array) {
    return switch (array) {
      case float[] singles -> singles;
      case double[] doubles -> {
        float[] out = new float[doubles.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = (float) doubles[i];
        }
        yield out;
      }
      default -> whole(file, key, array).singles(file, key);
    };
  }

  /**
   * In the precision that they have, integers as float64.
   *
   * @param shape [rows] or [rows, columns]
   */
  static RowArray rowArray(String file, String key, int[] shape, Object array) {
    boolean vector = shape.length == 1;
    if (array instanceof float[] singles) {
      return vector ? RowArray.vector(singles) : RowArray.matrix(shape[1], singles);
    }
    double[] values =
        array instanceof double[] doubles ? doubles : whole(file, key, array).doubles(file, key);
    return vector ? RowArray.vector(values) : RowArray.matrix(shape[1], values);
  }

  /** As booleans, if all are 0 or 1. */
  static boolean[] flags(String file, String key, Object array) {
    if (array instanceof boolean[] flags) {
      return flags;
    }
    if (!array.getClass().getComponentType().isPrimitive()) {
      throw DataException.ofKey(file, key, "booleans or numbers 0 and 1", typeName(array));
    }
    boolean[] out = new boolean[Array.getLength(array)];
    for (int i = 0; i < out.length; i++) {
      double value = Array.getDouble(array, i);
      if (value != 0 && value != 1) {
        throw notABoolean(file, key, i, Array.get(array, i));
      }
      out[i] = value == 1;
    }
    return out;
  }

  /** The error for a value that should be a boolean. */
  static DataException notABoolean(String file, String key, int row, Object found) {
    return DataException.ofRow(file, key, row, "true (1) or false (0)", String.valueOf(found));
  }

  private static WholeNumbers whole(String file, String key, Object array) {
    WholeNumbers whole = WholeNumbers.of(array);
    if (whole == null) {
      throw DataException.ofKey(file, key, "numbers", typeName(array));
    }
    return whole;
  }

  private static String typeName(Object array) {
    return array.getClass().getComponentType().getSimpleName() + " data";
  }
}
