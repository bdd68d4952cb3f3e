package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of 4 rows for machines with 16 vector registers: 12 accumulators, 3 vectors of b
 * and one broadcast element of a fill them all. (6 rows of 2 vectors would, too, but C2 then spills
 * in some forms of the loop and halves the speed.) Written out for the reason in {@link GemmTile6};
 * c is added at the end because C2 spills as well where the accumulators start from it.
 */
final class GemmTile4 {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Vectors in a row of the widest tile. */
  static final int VECTORS = 3;

  private GemmTile4() {}

  /** 4 rows by 1 vector. */
  static void tile4x1(
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
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
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
      step += aStep;
      bRow += bStep;
    }
    if (accumulate) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, r0));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, r1));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, r2));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, r3));
    }
    c00.intoArray(c, r0);
    c10.intoArray(c, r1);
    c20.intoArray(c, r2);
    c30.intoArray(c, r3);
  }

  /** 4 rows by 2 vectors. */
  static void tile4x2(
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
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
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
      step += aStep;
      bRow += bStep;
    }
    if (accumulate) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, r0));
      c01 = c01.add(FloatVector.fromArray(SPECIES, c, r0 + LANES));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, r1));
      c11 = c11.add(FloatVector.fromArray(SPECIES, c, r1 + LANES));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, r2));
      c21 = c21.add(FloatVector.fromArray(SPECIES, c, r2 + LANES));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, r3));
      c31 = c31.add(FloatVector.fromArray(SPECIES, c, r3 + LANES));
    }
    c00.intoArray(c, r0);
    c01.intoArray(c, r0 + LANES);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + LANES);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + LANES);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + LANES);
  }

  /** 4 rows by 3 vectors. */
  static void tile4x3(
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
    int r0 = cOffset;
    int r1 = cOffset + cRow;
    int r2 = cOffset + 2 * cRow;
    int r3 = cOffset + 3 * cRow;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c02 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c12 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c22 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c32 = FloatVector.zero(SPECIES);
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
      step += aStep;
      bRow += bStep;
    }
    if (accumulate) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, r0));
      c01 = c01.add(FloatVector.fromArray(SPECIES, c, r0 + LANES));
      c02 = c02.add(FloatVector.fromArray(SPECIES, c, r0 + 2 * LANES));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, r1));
      c11 = c11.add(FloatVector.fromArray(SPECIES, c, r1 + LANES));
      c12 = c12.add(FloatVector.fromArray(SPECIES, c, r1 + 2 * LANES));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, r2));
      c21 = c21.add(FloatVector.fromArray(SPECIES, c, r2 + LANES));
      c22 = c22.add(FloatVector.fromArray(SPECIES, c, r2 + 2 * LANES));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, r3));
      c31 = c31.add(FloatVector.fromArray(SPECIES, c, r3 + LANES));
      c32 = c32.add(FloatVector.fromArray(SPECIES, c, r3 + 2 * LANES));
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
  }
}
