package io.qgpo.tensor.simd;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.cpu.Parallel;
import java.util.Objects;

/**
 * Single-precision products of row-major matrices that lie anywhere in arrays.
 *
 * <p>How a product is cut into chunks and in which order its terms are added depends on its shape
 * (and the vector width) alone: the result is the same, bit by bit, for every number of threads. No
 * call allocates once the scratch arrays have grown to the shapes in use.
 *
 * <p>Four ways lead to a result, chosen by form and shape: blocks of c over packed panels of b
 * ({@link GemmBlocked}), slices of k ({@link GemmSplit}), inner products ({@link GemmDot}), and for
 * a single row the row as such ({@link GemmRowTile}).
 */
public final class Gemm {
  // Up to so many rows, or columns, of c inner products beat packing b; but the sum over the lanes
  // at the end of one must pay: with few terms fewer rows (one for 8 terms), or columns (16).
  private static final int DOT_ROWS = 48;
  private static final int DOT_ROW_TERMS = 8;
  private static final int DOT_COLUMNS = 12;
  private static final int DOT_COLUMN_TERMS = 16;

  private Gemm() {}

  /**
   * c = op(a) op(b), or c + op(a) op(b), where op transposes if asked.
   *
   * @param pool runs the chunks
   * @param transA whether a is stored k x m, else m x k
   * @param transB whether b is stored n x k, else k x n
   * @param m rows of c, &gt;= 0
   * @param n columns of c, &gt;= 0
   * @param k terms of each element's sum, &gt;= 0; if 0, c is set to 0 or left as it is
   * @param lda distance between the starts of stored rows of a, &gt;= the length of one
   * @param c must not overlap a or b
   * @param accumulate whether the product is added to c
   * @throws IllegalArgumentException if a matrix does not fit into its array, naming it
   */
  public static void sgemm(
      Parallel pool,
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      boolean accumulate) {
    checkFits("sgemm", "a", transA ? k : m, transA ? m : k, a, aOffset, lda);
    checkFits("sgemm", "b", transB ? n : k, transB ? k : n, b, bOffset, ldb);
    checkFits("sgemm", "c", m, n, c, cOffset, ldc);
    if (m == 0 || n == 0 || (k == 0 && accumulate)) {
      return;
    }
    GemmWorkspace workspace = GemmWorkspace.local();
    GemmCall call = workspace.call;
    call.m = m;
    call.n = n;
    call.k = k;
    call.a = a;
    call.aOffset = aOffset;
    call.aRow = transA ? 1 : lda;
    call.aStep = transA ? lda : 1;
    call.b = b;
    call.bOffset = bOffset;
    call.bStep = transB ? 1 : ldb;
    call.bColumn = transB ? ldb : 1;
    call.c = c;
    call.cOffset = cOffset;
    call.cRow = ldc;
    call.accumulate = accumulate;
    try {
      run(pool, workspace, transA, transB);
    } finally {
      call.release();
    }
  }

  private static void run(Parallel pool, GemmWorkspace workspace, boolean transA, boolean transB) {
    GemmCall call = workspace.call;
    if (transA && !transB) {
      workspace.split.run(pool);
      return;
    }
    boolean fewRows =
        transB && call.packed == null && call.m <= Math.min(DOT_ROWS, call.k / DOT_ROW_TERMS);
    if (transA || !(fewRows || hasFewColumns(call.n, call.k))) {
      workspace.blocked.run(pool);
      return;
    }
    if (!transB) {
      workspace.packTransposed();
    }
    workspace.dot.run(pool);
  }

  private static boolean hasFewColumns(int n, int k) {
    return n <= Math.min(DOT_COLUMNS, k / DOT_COLUMN_TERMS);
  }

  /** Elements that {@link #pack} makes of a weight; 0 if its products are quicker without. */
  static int packedSize(int n, int k) {
    return hasFewColumns(n, k) || !GemmBlocked.packsAtOnce(n, k) ? 0 : GemmTile.padded(n) * k;
  }

  /**
   * Copies a weight into the layout that products with it read straight on.
   *
   * @param n rows of the weight
   * @param k its columns
   * @param packed receives {@link #packedSize} elements
   */
  static void pack(
      Parallel pool,
      int n,
      int k,
      float[] weight,
      int weightOffset,
      int ldw,
      float[] packed,
      int packedOffset) {
    GemmWorkspace workspace = GemmWorkspace.local();
    GemmCall call = workspace.call;
    call.m = 0;
    call.n = n;
    call.k = k;
    call.b = weight;
    call.bOffset = weightOffset;
    call.bStep = 1;
    call.bColumn = ldw;
    call.packed = packed;
    call.packedOffset = packedOffset;
    try {
      workspace.blocked.packOnly(pool);
    } finally {
      call.release();
    }
  }

  /**
   * A linear layer: z = x weight^T + bias, out = activation(z) + residual, finished part by part
   * while each is in cache.
   *
   * @param m rows of x
   * @param n rows of the weight
   * @param k columns of both
   * @param x m x k
   * @param packed what {@link #pack} made of the weight; null if nothing did
   * @param bias n elements; null for none
   * @param residual m x n, added behind the activation; null for none
   * @param pre m x n: receives z; null if it is not wanted
   * @param out m x n; must not overlap x, weight or pre; may be the residual, at the same place
   * @throws IllegalArgumentException if a matrix does not fit into its array, naming it
   */
  public static void linear(
      Parallel pool,
      int m,
      int n,
      int k,
      float[] x,
      int xOffset,
      int ldx,
      float[] weight,
      int weightOffset,
      int ldw,
      float[] packed,
      int packedOffset,
      float[] bias,
      int biasOffset,
      Activation activation,
      float[] residual,
      int residualOffset,
      int ldr,
      float[] pre,
      int preOffset,
      int ldp,
      float[] out,
      int outOffset,
      int ldo) {
    checkFits("linear", "x", m, k, x, xOffset, ldx);
    checkFits("linear", "weight", n, k, weight, weightOffset, ldw);
    checkFits("linear", "out", m, n, out, outOffset, ldo);
    if (bias != null) {
      checkFits("linear", "bias", 1, n, bias, biasOffset, n);
    }
    if (residual != null) {
      checkFits("linear", "residual", m, n, residual, residualOffset, ldr);
    }
    if (pre != null) {
      checkFits("linear", "pre", m, n, pre, preOffset, ldp);
    }
    if (m == 0 || n == 0) {
      return;
    }
    GemmWorkspace workspace = GemmWorkspace.local();
    GemmEpilogue epilogue = workspace.epilogue;
    epilogue.bias = bias;
    epilogue.biasOffset = biasOffset;
    epilogue.activation = Objects.requireNonNull(activation, "linear: activation");
    epilogue.residual = residual;
    epilogue.residualOffset = residualOffset;
    epilogue.residualRow = ldr;
    epilogue.pre = pre;
    epilogue.preOffset = preOffset;
    epilogue.preRow = ldp;
    epilogue.out = out;
    epilogue.outOffset = outOffset;
    epilogue.outRow = ldo;
    GemmCall call = workspace.call;
    call.m = m;
    call.n = n;
    call.k = k;
    call.a = x;
    call.aOffset = xOffset;
    call.aRow = ldx;
    call.aStep = 1;
    call.b = weight;
    call.bOffset = weightOffset;
    call.bStep = 1;
    call.bColumn = ldw;
    call.packed = packed;
    call.packedOffset = packedOffset;
    call.accumulate = false;
    call.epilogue = epilogue;
    try {
      run(pool, workspace, false, true);
    } finally {
      call.release();
      epilogue.release();
    }
  }

  private static void checkFits(
      String operation, String name, int rows, int columns, float[] x, int offset, int row) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          operation + ": " + name + ": expected extents >= 0, found " + rows + " x " + columns);
    }
    long end = rows == 0 || columns == 0 ? 0 : offset + (rows - 1L) * row + columns;
    if (offset < 0 || row < columns || end > x.length) {
      throw new IllegalArgumentException(
          operation
              + ": "
              + name
              + ": expected room for "
              + rows
              + " x "
              + columns
              + ", found an array of "
              + x.length
              + " with offset "
              + offset
              + " and leading dimension "
              + row);
    }
  }
}
