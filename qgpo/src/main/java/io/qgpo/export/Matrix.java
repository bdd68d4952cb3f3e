package io.qgpo.export;

import java.util.Arrays;

/** Rows and columns of numbers, row by row. */
record Matrix(float[] values, int rows, int columns) {
  /** Some of the columns. */
  Matrix columns(int from, int to) {
    float[] part = new float[rows * (to - from)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * columns + from, part, row * (to - from), to - from);
    }
    return new Matrix(part, rows, to - from);
  }

  /** Rows as columns. */
  Matrix transposed() {
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return new Matrix(turned, columns, rows);
  }

  /** One row. */
  static Matrix row(float... values) {
    return new Matrix(values, 1, values.length);
  }

  /** One row of equal numbers. */
  static Matrix row(int columns, double value) {
    float[] values = new float[columns];
    Arrays.fill(values, (float) value);
    return row(values);
  }
}
