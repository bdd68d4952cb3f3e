package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of a few rows of a with a few rows of b, along the rows: the form of a b^T that
 * needs no packing, at the price of adding up the lanes at the end. Written out for the reason in
 * {@link GemmTile6}.
 */
final class GemmDotTile {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  /** Rows of b that go with a single row of a. */
  static final int ROW_COLUMNS = 4;

  /** Rows of a, and rows of b, in the tile for machines with 16 registers or few rows of b. */
  static final int SMALL = 3;

  /**
   * Rows of a in the large tile, which fills 32 registers: 10 loads for 24 multiply-adds. The small
   * one has 6 for 9, and a load that crosses a cache line, as of 64 bytes most do, counts twice.
   */
  static final int ROWS = 4;

  /** Rows of b in the large tile. */
  static final int COLUMNS = 6;

  /** Elements of the scratch array. */
  static final int SUMS = ROWS * COLUMNS * LANES;

  private GemmDotTile() {}

  /**
   * c = a b^T, or c + a b^T, for one tile. Element (i, p) of a is at {@code aOffset + i aRow + p},
   * (j, p) of b at {@code bOffset + j bRow + p}, (i, j) of c at {@code cOffset + i cRow + j
   * cColumn}.
   *
   * @param rows 1 to {@link #ROWS}
   * @param columns 1 to {@link #COLUMNS}
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
    int whole = SPECIES.loopBound(k);
    int width;
    if (rows == 1 && columns <= ROW_COLUMNS) {
      width = ROW_COLUMNS;
      dot1x4(columns, whole, a, aOffset, b, bOffset, bRow, sums);
    } else if (rows <= SMALL && columns <= SMALL) {
      width = SMALL;
      dot3x3(rows, columns, whole, a, aOffset, aRow, b, bOffset, bRow, sums);
    } else {
      width = COLUMNS;
      dot4x6(rows, columns, whole, a, aOffset, aRow, b, bOffset, bRow, sums);
    }
    // The ragged end of k comes in here: with it in each tile C2 runs out of nodes to inline.
    VectorMask<Float> rest = SPECIES.indexInRange(whole, k);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        FloatVector lanes = FloatVector.fromArray(SPECIES, sums, (i * width + j) * LANES);
        if (whole < k) {
          FloatVector x = FloatVector.fromArray(SPECIES, a, aOffset + i * aRow + whole, rest);
          lanes = x.fma(FloatVector.fromArray(SPECIES, b, bOffset + j * bRow + whole, rest), lanes);
        }
        float sum = VectorMath.sum(lanes);
        int at = cOffset + i * cRow + j * cColumn;
        c[at] = accumulate ? c[at] + sum : sum;
      }
    }
  }

  /** 4 rows of a by 6 of b. */
  private static void dot4x6(
      int rows,
      int columns,
      int whole,
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
    int a3 = aOffset + Math.min(3, rows - 1) * aRow;
    int b0 = bOffset;
    int b1 = bOffset + Math.min(1, columns - 1) * bRow;
    int b2 = bOffset + Math.min(2, columns - 1) * bRow;
    int b3 = bOffset + Math.min(3, columns - 1) * bRow;
    int b4 = bOffset + Math.min(4, columns - 1) * bRow;
    int b5 = bOffset + Math.min(5, columns - 1) * bRow;
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s03 = FloatVector.zero(SPECIES);
    FloatVector s04 = FloatVector.zero(SPECIES);
    FloatVector s05 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s12 = FloatVector.zero(SPECIES);
    FloatVector s13 = FloatVector.zero(SPECIES);
    FloatVector s14 = FloatVector.zero(SPECIES);
    FloatVector s15 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s22 = FloatVector.zero(SPECIES);
    FloatVector s23 = FloatVector.zero(SPECIES);
    FloatVector s24 = FloatVector.zero(SPECIES);
    FloatVector s25 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    FloatVector s32 = FloatVector.zero(SPECIES);
    FloatVector s33 = FloatVector.zero(SPECIES);
    FloatVector s34 = FloatVector.zero(SPECIES);
    FloatVector s35 = FloatVector.zero(SPECIES);
    for (int p = 0; p < whole; p += LANES) {
      FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + p);
      FloatVector x1 = FloatVector.fromArray(SPECIES, a, a1 + p);
      FloatVector x2 = FloatVector.fromArray(SPECIES, a, a2 + p);
      FloatVector x3 = FloatVector.fromArray(SPECIES, a, a3 + p);
      FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + p);
      s00 = x0.fma(y, s00);
      s10 = x1.fma(y, s10);
      s20 = x2.fma(y, s20);
      s30 = x3.fma(y, s30);
      y = FloatVector.fromArray(SPECIES, b, b1 + p);
      s01 = x0.fma(y, s01);
      s11 = x1.fma(y, s11);
      s21 = x2.fma(y, s21);
      s31 = x3.fma(y, s31);
      y = FloatVector.fromArray(SPECIES, b, b2 + p);
      s02 = x0.fma(y, s02);
      s12 = x1.fma(y, s12);
      s22 = x2.fma(y, s22);
      s32 = x3.fma(y, s32);
      y = FloatVector.fromArray(SPECIES, b, b3 + p);
      s03 = x0.fma(y, s03);
      s13 = x1.fma(y, s13);
      s23 = x2.fma(y, s23);
      s33 = x3.fma(y, s33);
      y = FloatVector.fromArray(SPECIES, b, b4 + p);
      s04 = x0.fma(y, s04);
      s14 = x1.fma(y, s14);
      s24 = x2.fma(y, s24);
      s34 = x3.fma(y, s34);
      y = FloatVector.fromArray(SPECIES, b, b5 + p);
      s05 = x0.fma(y, s05);
      s15 = x1.fma(y, s15);
      s25 = x2.fma(y, s25);
      s35 = x3.fma(y, s35);
    }
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s03.intoArray(sums, 3 * LANES);
    s04.intoArray(sums, 4 * LANES);
    s05.intoArray(sums, 5 * LANES);
    s10.intoArray(sums, 6 * LANES);
    s11.intoArray(sums, 7 * LANES);
    s12.intoArray(sums, 8 * LANES);
    s13.intoArray(sums, 9 * LANES);
    s14.intoArray(sums, 10 * LANES);
    s15.intoArray(sums, 11 * LANES);
    s20.intoArray(sums, 12 * LANES);
    s21.intoArray(sums, 13 * LANES);
    s22.intoArray(sums, 14 * LANES);
    s23.intoArray(sums, 15 * LANES);
    s24.intoArray(sums, 16 * LANES);
    s25.intoArray(sums, 17 * LANES);
    s30.intoArray(sums, 18 * LANES);
    s31.intoArray(sums, 19 * LANES);
    s32.intoArray(sums, 20 * LANES);
    s33.intoArray(sums, 21 * LANES);
    s34.intoArray(sums, 22 * LANES);
    s35.intoArray(sums, 23 * LANES);
  }

  /** 3 rows of a by 3 of b. */
  private static void dot3x3(
      int rows,
      int columns,
      int whole,
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
    for (int p = 0; p < whole; p += LANES) {
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
      int columns,
      int whole,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int bRow,
      float[] sums) {
    int a0 = aOffset;
    int b0 = bOffset;
    int b1 = bOffset + Math.min(1, columns - 1) * bRow;
    int b2 = bOffset + Math.min(2, columns - 1) * bRow;
    int b3 = bOffset + Math.min(3, columns - 1) * bRow;
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s03 = FloatVector.zero(SPECIES);
    for (int p = 0; p < whole; p += LANES) {
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
    s00.intoArray(sums, 0);
    s01.intoArray(sums, LANES);
    s02.intoArray(sums, 2 * LANES);
    s03.intoArray(sums, 3 * LANES);
  }
}
