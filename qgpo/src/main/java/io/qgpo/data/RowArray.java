package io.qgpo.data;

import java.util.Objects;

/**
 * An array that was recorded along with logged rows, such as {@code infos/qpos}: one row each, in
 * the precision of the recording. Immutable.
 */
public final class RowArray {
  private final int columns;
  private final boolean vector;
  private final float[] singles;
  private final double[] doubles;

  private RowArray(int columns, boolean vector, float[] singles, double[] doubles) {
    int length = singles == null ? doubles.length : singles.length;
    if (columns < 1 || length % columns != 0) {
      throw new IllegalArgumentException(
          "row array: expected rows of %d columns, found %d values".formatted(columns, length));
    }
    this.columns = columns;
    this.vector = vector;
    this.singles = singles;
    this.doubles = doubles;
  }

  /** A matrix [n, columns] of float32, row by row; the array is taken over. */
  public static RowArray matrix(int columns, float[] values) {
    return new RowArray(columns, false, Objects.requireNonNull(values, "values"), null);
  }

  /** A matrix [n, columns] of float64, row by row; the array is taken over. */
  public static RowArray matrix(int columns, double[] values) {
    return new RowArray(columns, false, null, Objects.requireNonNull(values, "values"));
  }

  /** A vector [n] of float32; the array is taken over. */
  public static RowArray vector(float[] values) {
    return new RowArray(1, true, Objects.requireNonNull(values, "values"), null);
  }

  /** A vector [n] of float64; the array is taken over. */
  public static RowArray vector(double[] values) {
    return new RowArray(1, true, null, Objects.requireNonNull(values, "values"));
  }

  /** Number of rows n. */
  public int rows() {
    return (singles == null ? doubles.length : singles.length) / columns;
  }

  /** Number of columns; 1 for a vector. */
  public int columns() {
    return columns;
  }

  /** Whether the shape is [n], not [n, columns]. */
  public boolean isVector() {
    return vector;
  }

  /** Whether the values are float64. */
  public boolean isDouble() {
    return doubles != null;
  }

  /** One value, exactly as recorded. */
  public double at(int row, int column) {
    int i = Math.addExact(Math.multiplyExact(row, columns), Objects.checkIndex(column, columns));
    return singles == null ? doubles[i] : singles[i];
  }

  /** The shape in words, as in {@code [6]} for a matrix of six columns and {@code []}. */
  @Override
  public String toString() {
    return (isDouble() ? "float64" : "float32") + (vector ? "" : "[" + columns + "]");
  }
}
