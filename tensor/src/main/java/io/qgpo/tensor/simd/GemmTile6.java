package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of 6 rows for machines with 32 vector registers: 24 accumulators, 4 vectors of b
 * and one broadcast element of a fill them up to 29.
 *
 * <p>The accumulators are named locals and the rows are written out because C2 keeps a vector in a
 * register only then. The strides are arguments because the checks and index arithmetic they cost
 * hide behind the 24 multiply-adds.
 */
final class GemmTile6 {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  /** Rows of a tile. */
  static final int ROWS = 6;

  /** Vectors in a row of the widest tile. */
  static final int VECTORS = 4;

  private GemmTile6() {}

  /** 6 rows by 1 vector. */
  static void tile6x1(
      int rows,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    int last = rows - 1;
    int a0 = aOffset;
    int a1 = aOffset + Math.min(1, last) * aRow;
    int a2 = aOffset + Math.min(2, last) * aRow;
    int a3 = aOffset + Math.min(3, last) * aRow;
    int a4 = aOffset + Math.min(4, last) * aRow;
    int a5 = aOffset + Math.min(5, last) * aRow;
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    int r4 = cOffset + 4 * cRow;
    int r5 = cOffset + 5 * cRow;
    FloatVector c00 = start(c, r0, accumulate);
    FloatVector c10 = start(c, r1, accumulate);
    FloatVector c20 = start(c, r2, accumulate);
    FloatVector c30 = start(c, r3, accumulate);
    FloatVector c40 = start(c, r4, accumulate);
    FloatVector c50 = start(c, r5, accumulate);
    int step = 0;
    int bRow = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bRow);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + step]);
      c00 = x.fma(b0, c00);
      x = FloatVector.broadcast(SPECIES, a[a1 + step]);
      c10 = x.fma(b0, c10);
      x = FloatVector.broadcast(SPECIES, a[a2 + step]);
      c20 = x.fma(b0, c20);
      x = FloatVector.broadcast(SPECIES, a[a3 + step]);
      c30 = x.fma(b0, c30);
      x = FloatVector.broadcast(SPECIES, a[a4 + step]);
      c40 = x.fma(b0, c40);
      x = FloatVector.broadcast(SPECIES, a[a5 + step]);
      c50 = x.fma(b0, c50);
      step += aStep;
      bRow += bStep;
    }
    c00.intoArray(c, r0);
    c10.intoArray(c, r1);
    c20.intoArray(c, r2);
    c30.intoArray(c, r3);
    c40.intoArray(c, r4);
    c50.intoArray(c, r5);
  }

  /** 6 rows by 2 vectors. */
  static void tile6x2(
      int rows,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    int last = rows - 1;
    int a0 = aOffset;
    int a1 = aOffset + Math.min(1, last) * aRow;
    int a2 = aOffset + Math.min(2, last) * aRow;
    int a3 = aOffset + Math.min(3, last) * aRow;
    int a4 = aOffset + Math.min(4, last) * aRow;
    int a5 = aOffset + Math.min(5, last) * aRow;
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    int r4 = cOffset + 4 * cRow;
    int r5 = cOffset + 5 * cRow;
    FloatVector c00 = start(c, r0, accumulate);
    FloatVector c01 = start(c, r0 + LANES, accumulate);
    FloatVector c10 = start(c, r1, accumulate);
    FloatVector c11 = start(c, r1 + LANES, accumulate);
    FloatVector c20 = start(c, r2, accumulate);
    FloatVector c21 = start(c, r2 + LANES, accumulate);
    FloatVector c30 = start(c, r3, accumulate);
    FloatVector c31 = start(c, r3 + LANES, accumulate);
    FloatVector c40 = start(c, r4, accumulate);
    FloatVector c41 = start(c, r4 + LANES, accumulate);
    FloatVector c50 = start(c, r5, accumulate);
    FloatVector c51 = start(c, r5 + LANES, accumulate);
    int step = 0;
    int bRow = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bRow);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bRow + LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + step]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(SPECIES, a[a1 + step]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(SPECIES, a[a2 + step]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(SPECIES, a[a3 + step]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(SPECIES, a[a4 + step]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(SPECIES, a[a5 + step]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      step += aStep;
      bRow += bStep;
    }
    c00.intoArray(c, r0);
    c01.intoArray(c, r0 + LANES);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + LANES);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + LANES);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + LANES);
    c40.intoArray(c, r4);
    c41.intoArray(c, r4 + LANES);
    c50.intoArray(c, r5);
    c51.intoArray(c, r5 + LANES);
  }

  /** 6 rows by 3 vectors. */
  static void tile6x3(
      int rows,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    int last = rows - 1;
    int a0 = aOffset;
    int a1 = aOffset + Math.min(1, last) * aRow;
    int a2 = aOffset + Math.min(2, last) * aRow;
    int a3 = aOffset + Math.min(3, last) * aRow;
    int a4 = aOffset + Math.min(4, last) * aRow;
    int a5 = aOffset + Math.min(5, last) * aRow;
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    int r4 = cOffset + 4 * cRow;
    int r5 = cOffset + 5 * cRow;
    FloatVector c00 = start(c, r0, accumulate);
    FloatVector c01 = start(c, r0 + LANES, accumulate);
    FloatVector c02 = start(c, r0 + 2 * LANES, accumulate);
    FloatVector c10 = start(c, r1, accumulate);
    FloatVector c11 = start(c, r1 + LANES, accumulate);
    FloatVector c12 = start(c, r1 + 2 * LANES, accumulate);
    FloatVector c20 = start(c, r2, accumulate);
    FloatVector c21 = start(c, r2 + LANES, accumulate);
    FloatVector c22 = start(c, r2 + 2 * LANES, accumulate);
    FloatVector c30 = start(c, r3, accumulate);
    FloatVector c31 = start(c, r3 + LANES, accumulate);
    FloatVector c32 = start(c, r3 + 2 * LANES, accumulate);
    FloatVector c40 = start(c, r4, accumulate);
    FloatVector c41 = start(c, r4 + LANES, accumulate);
    FloatVector c42 = start(c, r4 + 2 * LANES, accumulate);
    FloatVector c50 = start(c, r5, accumulate);
    FloatVector c51 = start(c, r5 + LANES, accumulate);
    FloatVector c52 = start(c, r5 + 2 * LANES, accumulate);
    int step = 0;
    int bRow = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bRow);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bRow + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bRow + 2 * LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + step]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      x = FloatVector.broadcast(SPECIES, a[a1 + step]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      x = FloatVector.broadcast(SPECIES, a[a2 + step]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      x = FloatVector.broadcast(SPECIES, a[a3 + step]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
      x = FloatVector.broadcast(SPECIES, a[a4 + step]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      c42 = x.fma(b2, c42);
      x = FloatVector.broadcast(SPECIES, a[a5 + step]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      c52 = x.fma(b2, c52);
      step += aStep;
      bRow += bStep;
    }
    c00.intoArray(c, r0);
    c01.intoArray(c, r0 + LANES);
    c02.intoArray(c, r0 + 2 * LANES);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + LANES);
    c12.intoArray(c, r1 + 2 * LANES);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + LANES);
    c22.intoArray(c, r2 + 2 * LANES);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + LANES);
    c32.intoArray(c, r3 + 2 * LANES);
    c40.intoArray(c, r4);
    c41.intoArray(c, r4 + LANES);
    c42.intoArray(c, r4 + 2 * LANES);
    c50.intoArray(c, r5);
    c51.intoArray(c, r5 + LANES);
    c52.intoArray(c, r5 + 2 * LANES);
  }

  /** 6 rows by 4 vectors. */
  static void tile6x4(
      int rows,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    int last = rows - 1;
    int a0 = aOffset;
    int a1 = aOffset + Math.min(1, last) * aRow;
    int a2 = aOffset + Math.min(2, last) * aRow;
    int a3 = aOffset + Math.min(3, last) * aRow;
    int a4 = aOffset + Math.min(4, last) * aRow;
    int a5 = aOffset + Math.min(5, last) * aRow;
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    int r4 = cOffset + 4 * cRow;
    int r5 = cOffset + 5 * cRow;
    FloatVector c00 = start(c, r0, accumulate);
    FloatVector c01 = start(c, r0 + LANES, accumulate);
    FloatVector c02 = start(c, r0 + 2 * LANES, accumulate);
    FloatVector c03 = start(c, r0 + 3 * LANES, accumulate);
    FloatVector c10 = start(c, r1, accumulate);
    FloatVector c11 = start(c, r1 + LANES, accumulate);
    FloatVector c12 = start(c, r1 + 2 * LANES, accumulate);
    FloatVector c13 = start(c, r1 + 3 * LANES, accumulate);
    FloatVector c20 = start(c, r2, accumulate);
    FloatVector c21 = start(c, r2 + LANES, accumulate);
    FloatVector c22 = start(c, r2 + 2 * LANES, accumulate);
    FloatVector c23 = start(c, r2 + 3 * LANES, accumulate);
    FloatVector c30 = start(c, r3, accumulate);
    FloatVector c31 = start(c, r3 + LANES, accumulate);
    FloatVector c32 = start(c, r3 + 2 * LANES, accumulate);
    FloatVector c33 = start(c, r3 + 3 * LANES, accumulate);
    FloatVector c40 = start(c, r4, accumulate);
    FloatVector c41 = start(c, r4 + LANES, accumulate);
    FloatVector c42 = start(c, r4 + 2 * LANES, accumulate);
    FloatVector c43 = start(c, r4 + 3 * LANES, accumulate);
    FloatVector c50 = start(c, r5, accumulate);
    FloatVector c51 = start(c, r5 + LANES, accumulate);
    FloatVector c52 = start(c, r5 + 2 * LANES, accumulate);
    FloatVector c53 = start(c, r5 + 3 * LANES, accumulate);
    int step = 0;
    int bRow = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bRow);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bRow + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bRow + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bRow + 3 * LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + step]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      c02 = x.fma(b2, c02);
      c03 = x.fma(b3, c03);
      x = FloatVector.broadcast(SPECIES, a[a1 + step]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      c12 = x.fma(b2, c12);
      c13 = x.fma(b3, c13);
      x = FloatVector.broadcast(SPECIES, a[a2 + step]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      c22 = x.fma(b2, c22);
      c23 = x.fma(b3, c23);
      x = FloatVector.broadcast(SPECIES, a[a3 + step]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      c32 = x.fma(b2, c32);
      c33 = x.fma(b3, c33);
      x = FloatVector.broadcast(SPECIES, a[a4 + step]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      c42 = x.fma(b2, c42);
      c43 = x.fma(b3, c43);
      x = FloatVector.broadcast(SPECIES, a[a5 + step]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      c52 = x.fma(b2, c52);
      c53 = x.fma(b3, c53);
      step += aStep;
      bRow += bStep;
    }
    c00.intoArray(c, r0);
    c01.intoArray(c, r0 + LANES);
    c02.intoArray(c, r0 + 2 * LANES);
    c03.intoArray(c, r0 + 3 * LANES);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + LANES);
    c12.intoArray(c, r1 + 2 * LANES);
    c13.intoArray(c, r1 + 3 * LANES);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + LANES);
    c22.intoArray(c, r2 + 2 * LANES);
    c23.intoArray(c, r2 + 3 * LANES);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + LANES);
    c32.intoArray(c, r3 + 2 * LANES);
    c33.intoArray(c, r3 + 3 * LANES);
    c40.intoArray(c, r4);
    c41.intoArray(c, r4 + LANES);
    c42.intoArray(c, r4 + 2 * LANES);
    c43.intoArray(c, r4 + 3 * LANES);
    c50.intoArray(c, r5);
    c51.intoArray(c, r5 + LANES);
    c52.intoArray(c, r5 + 2 * LANES);
    c53.intoArray(c, r5 + 3 * LANES);
  }

  /** What an accumulator starts from. */
  private static FloatVector start(float[] c, int at, boolean accumulate) {
    return accumulate ? FloatVector.fromArray(SPECIES, c, at) : FloatVector.zero(SPECIES);
  }
}
