package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of a few rows of a with a few rows of b, along the rows: the form of a b^T that
 * needs no packing, at the price of adding up the lanes at the end.
 *
 * <p>3 x 3 has 9 accumulators, enough to keep two multiply-add units of latency 4 busy, and fits 16
 * registers. Written out for the reason in {@link GemmTile6}.
 */
final class GemmDotTile {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  /** Rows of a in a tile. */
  static final int ROWS = 3;

  /** Rows of b in a tile; of a single row of a, {@link #ROW_COLUMNS}. */
  static final int COLUMNS = 3;

  /** Rows of b that go with a single row of a. */
  static final int ROW_COLUMNS = 4;

  /** Elements of the scratch array. */
  static final int SUMS = ROWS * COLUMNS * LANES;

  private GemmDotTile() {}

  /**
   * c = a b^T, or c + a b^T, for one tile. Element (i, p) of a is at {@code aOffset + i aRow + p},
   * (j, p) of b at {@code bOffset + j bRow + p}, (i, j) of c at {@code cOffset + i cRow + j
   * cColumn}.
   *
   * @param rows 1 to {@link #ROWS}
   * @param columns 1 to {@link #COLUMNS}, or to {@link #ROW_COLUMNS} if {@code rows} is 1
   * @param sums scratch of {@link #SUMS}
   */
  static void multiply(
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow,
      int cColumn,
      boolean accumulate,
      float[] sums) {
    int width;
    if (rows == 1) {
      width = ROW_COLUMNS;
      dot1x4(columns, k, a, aOffset, b, bOffset, bRow, sums);
    } else {
      width = COLUMNS;
      dot3x3(rows, columns, k, a, aOffset, aRow, b, bOffset, bRow, sums);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = VectorMath.sum(FloatVector.fromArray(SPECIES, sums, (i * width + j) * LANES));
        int at = cOffset + i * cRow + j * cColumn;
        c[at] = accumulate ? c[at] + sum : sum;
      }
    }
  }

  /** 3 rows of a by 3 of b. */
  private static void dot3x3(
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      float[] b,
      int bOffset,
      int bRow,
      float[] sums) {
    int a0 = aOffset;
    int a1 = aOffset + Math.min(1, rows - 1) * aRow;
    int a2 = aOffset + Math.min(2, rows - 1) * aRow;
    int b0 = bOffset;
    int b1 = bOffset + Math.min(1, columns - 1) * bRow;
    int b2 = bOffset + Math.min(2, columns - 1) * bRow;
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s12 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s22 = FloatVector.zero(SPECIES);
    int p = 0;
    int whole = SPECIES.loopBound(k);
    for (; p < whole; p += LANES) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + p);
      FloatVector x1 = FloatVector.fromArray(SPECIES, a, a1 + p);
      FloatVector x2 = FloatVector.fromArray(SPECIES, a, a2 + p);
      FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p);
      s00 = x0.fma(y, s00);
      s10 = x1.fma(y, s10);
      s20 = x2.fma(y, s20);
      y = FloatVector.fromArray(SPECIES, b, b1 + p);
      s01 = x0.fma(y, s01);
      s11 = x1.fma(y, s11);
      s21 = x2.fma(y, s21);
      y = FloatVector.fromArray(SPECIES, b, b2 + p);
      s02 = x0.fma(y, s02);
      s12 = x1.fma(y, s12);
      s22 = x2.fma(y, s22);
    }
    if (p < k) {
      VectorMask<Float> rest = SPECIES.indexInRange(p, k);
      FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + p, rest);
      FloatVector x1 = FloatVector.fromArray(SPECIES, a, a1 + p, rest);
      FloatVector x2 = FloatVector.fromArray(SPECIES, a, a2 + p, rest);
      FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p, rest);
      s00 = x0.fma(y, s00);
      s10 = x1.fma(y, s10);
      s20 = x2.fma(y, s20);
      y = FloatVector.fromArray(SPECIES, b, b1 + p, rest);
      s01 = x0.fma(y, s01);
      s11 = x1.fma(y, s11);
      s21 = x2.fma(y, s21);
      y = FloatVector.fromArray(SPECIES, b, b2 + p, rest);
      s02 = x0.fma(y, s02);
      s12 = x1.fma(y, s12);
      s22 = x2.fma(y, s22);
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s10.intoArray(sums, 3 * LANES);
    s11.intoArray(sums, 4 * LANES);
    s12.intoArray(sums, 5 * LANES);
    s20.intoArray(sums, 6 * LANES);
    s21.intoArray(sums, 7 * LANES);
    s22.intoArray(sums, 8 * LANES);
  }

  /** 1 row of a by 4 of b. */
  private static void dot1x4(
      int columns, int k, float[] a, int aOffset, float[] b, int bOffset, int bRow, float[] sums) {
    int a0 = aOffset;
    int b0 = bOffset;
    int b1 = bOffset + Math.min(1, columns - 1) * bRow;
    int b2 = bOffset + Math.min(2, columns - 1) * bRow;
    int b3 = bOffset + Math.min(3, columns - 1) * bRow;
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s03 = FloatVector.zero(SPECIES);
    int p = 0;
    int whole = SPECIES.loopBound(k);
    for (; p < whole; p += LANES) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + p);
      FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p);
      s00 = x0.fma(y, s00);
      y = FloatVector.fromArray(SPECIES, b, b1 + p);
      s01 = x0.fma(y, s01);
      y = FloatVector.fromArray(SPECIES, b, b2 + p);
      s02 = x0.fma(y, s02);
      y = FloatVector.fromArray(SPECIES, b, b3 + p);
      s03 = x0.fma(y, s03);
    }
    if (p < k) {
      VectorMask<Float> rest = SPECIES.indexInRange(p, k);
      FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + p, rest);
      FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p, rest);
      s00 = x0.fma(y, s00);
      y = FloatVector.fromArray(SPECIES, b, b1 + p, rest);
      s01 = x0.fma(y, s01);
      y = FloatVector.fromArray(SPECIES, b, b2 + p, rest);
      s02 = x0.fma(y, s02);
      y = FloatVector.fromArray(SPECIES, b, b3 + p, rest);
      s03 = x0.fma(y, s03);
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s03.intoArray(sums, 3 * LANES);
  }
}
