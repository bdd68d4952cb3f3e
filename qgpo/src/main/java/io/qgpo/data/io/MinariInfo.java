package io.qgpo.data.io;

import io.qgpo.data.RowArray;

/** One array of {@code infos}, gathered episode by episode. */
final class MinariInfo {
  private final RowArray like;
  private final FloatRows singles = new FloatRows();
  private final DoubleRows doubles = new DoubleRows();

  /**
   * @param like has the shape and precision of all episodes' arrays
   */
  MinariInfo(RowArray like) {
    this.like = like;
  }

  boolean fits(RowArray array) {
    return array.columns() == like.columns()
        && array.isVector() == like.isVector()
        && array.isDouble() == like.isDouble();
  }

  void add(RowArray array, int rows) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < array.columns(); column++) {
        if (like.isDouble()) {
          doubles.add(array.at(row, column));
        } else {
          singles.add((float) array.at(row, column));
        }
      }
    }
  }

  RowArray toArray() {
    if (like.isDouble()) {
      double[] values = doubles.toArray();
      return like.isVector() ? RowArray.vector(values) : RowArray.matrix(like.columns(), values);
    }
    float[] values = singles.toArray();
    return like.isVector() ? RowArray.vector(values) : RowArray.matrix(like.columns(), values);
  }
}
