package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies columns of an operand into a panel: its rows one behind the other, each as wide as the
 * register tile and padded with zeros to whole vectors, so that the tile reads straight on.
 */
final class GemmPacking {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  private GemmPacking() {}

  /**
   * Packs the k x columns matrix whose element (p, j) is at {@code from + p row + j column}; one of
   * the two strides is 1.
   */
  static void pack(
      int k, int columns, float[] b, int from, int row, int column, float[] panel, int to) {
    if (column == 1) {
      copyRows(k, columns, b, from, row, panel, to);
    } else {
      transpose(k, columns, b, from, row, column, panel, to);
    }
  }

  private static void copyRows(
      int k, int columns, float[] b, int from, int row, float[] panel, int to) {
    int width = GemmTile.padded(columns);
    int whole = columns / LANES * LANES;
    for (int p = 0; p < k; p++) {
      int source = from + p * row;
      int target = to + p * width;
      int j = 0;
      for (; j < whole; j += LANES) {
        FloatVector.fromArray(SPECIES, b, source + j).intoArray(panel, target + j);
      }
      for (; j < columns; j++) {
        panel[target + j] = b[source + j];
      }
      for (; j < width; j++) {
        panel[target + j] = 0;
      }
    }
  }

  /** In steps of 8 rows of the panel: 8 neighbours of b are read from one cache line. */
  private static void transpose(
      int k, int columns, float[] b, int from, int row, int column, float[] panel, int to) {
    int width = GemmTile.padded(columns);
    int p = 0;
    if (row == 1) {
      for (; p + 8 <= k; p += 8) {
        for (int j = 0; j < columns; j++) {
          int source = from + j * column + p;
          int target = to + p * width + j;
          panel[target] = b[source];
          panel[target + width] = b[source + 1];
          panel[target + 2 * width] = b[source + 2];
          panel[target + 3 * width] = b[source + 3];
          panel[target + 4 * width] = b[source + 4];
          panel[target + 5 * width] = b[source + 5];
          panel[target + 6 * width] = b[source + 6];
          panel[target + 7 * width] = b[source + 7];
        }
      }
    }
    for (; p < k; p++) {
      for (int j = 0; j < columns; j++) {
        panel[to + p * width + j] = b[from + p * row + j * column];
      }
    }
    for (p = 0; p < k; p++) {
      for (int j = columns; j < width; j++) {
        panel[to + p * width + j] = 0;
      }
    }
  }

  /** Elements of a cache line of 64 bytes. */
  private static final int LINE = 16;

  /**
   * Reads an element of every cache line of a matrix, in the order of addresses. The tiles go down
   * its columns, which no hardware prefetcher foresees; after this they find it in cache.
   *
   * @return a number that depends on what was read
   */
  static float touch(int rows, int columns, float[] x, int offset, int row) {
    float sum = 0;
    for (int i = 0; i < rows; i++) {
      int from = offset + i * row;
      for (int j = 0; j < columns; j += LINE) {
        sum += x[from + j];
      }
    }
    return sum;
  }
}
