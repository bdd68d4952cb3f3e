package io.qgpo.tensor.simd;

/**
 * The operands of one product c = a b or c + a b, by strides: element (i, p) of a is at {@code
 * aOffset + i aRow + p aStep}, (p, j) of b at {@code bOffset + p bStep + j bColumn}, and (i, j) of
 * c at {@code cOffset + i cRow + j}. A transposed operand is one with its strides exchanged. Each
 * calling thread reuses one of these, so that a call allocates nothing.
 */
final class GemmCall {
  int m;
  int n;
  int k;
  float[] a;
  int aOffset;
  int aRow;
  int aStep;
  float[] b;
  int bOffset;
  int bStep;
  int bColumn;

  /** All of b in panels as {@link GemmBlocked} makes them, if it was packed before; or null. */
  float[] packed;

  int packedOffset;

  /** Where the product goes; null if the epilogue takes it from a block in scratch. */
  float[] c;

  int cOffset;
  int cRow;
  boolean accumulate;

  /** What is made of finished parts of the product while they are in cache; null if c is set. */
  GemmEpilogue epilogue;

  /** The number of multiply-adds times 2. */
  double flops() {
    return 2.0 * m * n * k;
  }

  /** Drops the references to arrays that belong to the caller. */
  void release() {
    a = null;
    b = null;
    packed = null;
    c = null;
    epilogue = null;
  }
}
