package io.qgpo.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A single row of a times b, as the rows of b lie: the matrix-vector product, bound by reading b.
 * Written out for the reason in {@link GemmTile6}.
 */
final class GemmRowTile {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  private GemmRowTile() {}

  /** See {@link GemmTile#multiply}; a whole number of vectors. */
  static void multiply(
      int vectors,
      int k,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      boolean accumulate) {
    int v = 0;
    for (; v <= vectors - 4; v += 4) {
      row4(k, a, aOffset, aStep, b, bOffset + v * LANES, bStep, c, cOffset + v * LANES, accumulate);
    }
    for (; v < vectors; v++) {
      row1(k, a, aOffset, aStep, b, bOffset + v * LANES, bStep, c, cOffset + v * LANES, accumulate);
    }
  }

  /** A row of 4 vectors. */
  private static void row4(
      int k,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      boolean accumulate) {
    FloatVector c0 =
        accumulate ? FloatVector.fromArray(SPECIES, c, cOffset) : FloatVector.zero(SPECIES);
    FloatVector c1 =
        accumulate ? FloatVector.fromArray(SPECIES, c, cOffset + LANES) : FloatVector.zero(SPECIES);
    FloatVector c2 =
        accumulate
            ? FloatVector.fromArray(SPECIES, c, cOffset + 2 * LANES)
            : FloatVector.zero(SPECIES);
    FloatVector c3 =
        accumulate
            ? FloatVector.fromArray(SPECIES, c, cOffset + 3 * LANES)
            : FloatVector.zero(SPECIES);
    int at = aOffset;
    int row = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, b, row), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, b, row + LANES), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, b, row + 2 * LANES), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, b, row + 3 * LANES), c3);
      at += aStep;
      row += bStep;
    }
    c0.intoArray(c, cOffset);
    c1.intoArray(c, cOffset + LANES);
    c2.intoArray(c, cOffset + 2 * LANES);
    c3.intoArray(c, cOffset + 3 * LANES);
  }

  /** A row of 1 vector. */
  private static void row1(
      int k,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] c,
      int cOffset,
      boolean accumulate) {
    FloatVector c0 =
        accumulate ? FloatVector.fromArray(SPECIES, c, cOffset) : FloatVector.zero(SPECIES);
    int at = aOffset;
    int row = bOffset;
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, b, row), c0);
      at += aStep;
      row += bStep;
    }
    c0.intoArray(c, cOffset);
  }
}
