package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
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
    int whole = SPECIES.loopBound(columns);
    VectorMask<Float> rest = SPECIES.indexInRange(whole, columns);
    for (int p = 0; p < k; p++) {
      int source = from + p * row;
      int target = to + p * width;
      for (int j = 0; j < whole; j += LANES) {
        FloatVector.fromArray(SPECIES, b, source + j).intoArray(panel, target + j);
      }
      if (whole < columns) {
        FloatVector.fromArray(SPECIES, b, source + whole, rest).intoArray(panel, target + whole);
      }
    }
  }

  /** Eight columns at a time, which are eight streams to read and one to write. */
  private static void transpose(
      int k, int columns, float[] b, int from, int row, int column, float[] panel, int to) {
    int width = GemmTile.padded(columns);
    int j = 0;
    for (; j <= columns - 8; j += 8) {
      int source = from + j * column;
      int target = to + j;
      for (int p = 0; p < k; p++) {
        panel[target] = b[source];
        panel[target + 1] = b[source + column];
        panel[target + 2] = b[source + 2 * column];
        panel[target + 3] = b[source + 3 * column];
        panel[target + 4] = b[source + 4 * column];
        panel[target + 5] = b[source + 5 * column];
        panel[target + 6] = b[source + 6 * column];
        panel[target + 7] = b[source + 7 * column];
        source += row;
        target += width;
      }
    }
    for (; j < width; j++) {
      for (int p = 0; p < k; p++) {
        panel[to + p * width + j] = j < columns ? b[from + p * row + j * column] : 0;
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
