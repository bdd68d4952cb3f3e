package io.qgpo.data.io;

import io.qgpo.data.RowArray;
import java.util.Set;

/**
 * The arrays of a file in D4RL's flat layout, by key; what each format has to provide. Every method
 * that reads throws a {@link io.qgpo.data.DataException} where the array is missing or not what is
 * asked for.
 */
interface KeyedArrays {
  /** A float32 matrix, row by row. */
  record Matrix(int rows, int columns, float[] values) {}

  /** Keys of all arrays, those in {@code infos} as {@code infos/NAME}. */
  Set<String> keys();

  /** A matrix [n, columns] of floating-point numbers, as float32. */
  Matrix matrix(String key);

  /** A column, [n] or [n, 1], of floating-point numbers, as float32. */
  float[] floatColumn(String key);

  /** A column, [n] or [n, 1], of booleans. */
  boolean[] booleanColumn(String key);

  /** A vector [n] or matrix [n, columns] of floating-point numbers, in their own precision. */
  RowArray rowArray(String key);
}
