package io.qgpo.tensor.simd;

import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import java.util.Arrays;

/**
 * Sums and maxima along any axes.
 *
 * <p>The rows of the input are read as a block of high x mid x low, of which either the middle or
 * the two outer extents are folded; that covers every choice among three axes. The rows that go
 * into one row of the result are folded in fixed parts, and the parts in order.
 */
final class Reduce {
  /** Rows of one part at most: bounds the rounding error of a sum, which grows with its length. */
  private static final int MAX_PART = 256;

  /** Rows of one part at least: bounds the memory for the parts' results. */
  private static final int MIN_PART = 16;

  /** Columns folded into one number at a time, for the same reason. */
  private static final int MAX_SEGMENT = 8192;

  // The input: where it lies, and its rows as high x mid x low of `columns` each.
  private final ReduceOp op;
  private final float[] x;
  private final int offset;
  private final int leading;
  private int high = 1;
  private int mid = 1;
  private int low = 1;
  private boolean midKept;
  private int columns;
  private final boolean foldColumns;

  private Reduce(ReduceOp op, Tensor in, boolean foldColumns, int columns) {
    this.op = op;
    this.x = HostStorage.floats(in);
    this.offset = in.offset();
    this.foldColumns = foldColumns;
    this.columns = columns;
    // Columns are widened only over rows without gaps, and then all rows are as long as they are
    // apart.
    this.leading = columns == in.columns() ? in.leadingDimension() : columns;
  }

  static void reduce(Parallel pool, ReduceOp op, Tensor in, Tensor out) {
    Shape from = in.shape();
    Shape to = out.shape();
    boolean foldColumns = to.columns() == 1;
    // Axes next to the columns that share their fate join them.
    int columns = from.columns();
    int axes = Shape.MAX_RANK - 1;
    if (in.isContiguous() && (foldColumns || out.isContiguous())) {
      while (axes > 0 && joins(from.aligned(axes - 1), to.aligned(axes - 1), foldColumns)) {
        columns *= from.aligned(--axes);
      }
    }
    Reduce plan = new Reduce(op, in, foldColumns, columns);
    plan.splitRows(from, to, axes);
    boolean widened = !foldColumns && columns != from.columns();
    plan.run(
        pool, HostStorage.floats(out), out.offset(), widened ? columns : out.leadingDimension());
  }

  private static boolean joins(int from, int to, boolean folded) {
    return folded ? to == 1 : from == to;
  }

  /** Column sums of a folded matrix into adjacent elements. */
  static void columnSums(Parallel pool, Tensor in, float[] z, int at) {
    boolean single = in.columns() == 1 && in.isContiguous();
    Reduce plan = new Reduce(ReduceOp.SUM, in, single, single ? in.rows() : in.columns());
    plan.mid = single ? 1 : in.rows();
    plan.run(pool, z, at, 0);
  }

  private void splitRows(Shape from, Shape to, int axes) {
    int axis = 0;
    if (axes == 3 && folds(from, to, 0) && !folds(from, to, 1) && folds(from, to, 2)) {
      midKept = true;
      high = from.aligned(0);
      mid = from.aligned(1);
      low = from.aligned(2);
      return;
    }
    while (axis < axes && !folds(from, to, axis)) {
      high *= from.aligned(axis++);
    }
    while (axis < axes && folds(from, to, axis)) {
      mid *= from.aligned(axis++);
    }
    while (axis < axes) {
      low *= from.aligned(axis++);
    }
  }

  private static boolean folds(Shape from, Shape to, int axis) {
    return from.aligned(axis) != to.aligned(axis);
  }

  /** Folds into rows {@code leadingOut} apart. */
  private void run(Parallel pool, float[] z, int at, int leadingOut) {
    int outRows = midKept ? mid : high * low;
    int rows = midKept ? high * low : mid;
    int segments = foldColumns ? Chunks.count(columns, MAX_SEGMENT) : 1;
    int terms = rows * segments;
    int width = foldColumns ? 1 : columns;
    if (width == 0) {
      return;
    }
    int work = Math.max(1, foldColumns ? Math.min(columns, MAX_SEGMENT) : columns);
    int each = Math.clamp(Chunks.ELEMENTS / work, MIN_PART, MAX_PART);
    int parts = Math.max(1, Chunks.count(terms, each));
    int cost = Math.max(1, Math.min(terms, each)) * work;
    if (parts == 1) {
      Chunks.rows(
          pool,
          outRows,
          cost,
          (from, to) -> {
            for (int o = from; o < to; o++) {
              part(o, 0, terms, segments, z, at + o * leadingOut);
            }
          });
      return;
    }
    float[] partial = Scratch.floats(outRows * parts * width);
    Chunks.rows(
        pool,
        outRows * parts,
        cost,
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int first = p % parts * each;
            int last = Math.min(terms, first + each);
            part(p / parts, first, last, segments, partial, p * width);
          }
        });
    Chunks.rows(
        pool,
        outRows,
        parts * width,
        (from, to) -> {
          for (int o = from; o < to; o++) {
            combine(partial, o * parts * width, parts, width, z, at + o * leadingOut);
          }
        });
  }

  /** Folds the terms {@code from} to {@code to} of result row {@code o}. */
  private void part(int o, int from, int to, int segments, float[] z, int at) {
    if (!foldColumns) {
      if (from == to) {
        Arrays.fill(z, at, at + columns, identity());
        return;
      }
      System.arraycopy(x, row(o, from), z, at, columns);
      for (int term = from + 1; term < to; term++) {
        fold(x, row(o, term), z, at, columns);
      }
      return;
    }
    float result = identity();
    for (int term = from; term < to; term++) {
      int start = term % segments * MAX_SEGMENT;
      int index = row(o, term / segments) + start;
      int n = Math.min(MAX_SEGMENT, columns - start);
      if (op == ReduceOp.SUM) {
        result += Lanes.sum(x, index, n);
      } else {
        result = Math.max(result, Lanes.max(x, index, n, 1));
      }
    }
    z[at] = result;
  }

  /** Where the row lies that is term {@code k} of result row {@code o}. */
  private int row(int o, int k) {
    int outer = midKept ? k : o;
    int row = (outer / low * mid + (midKept ? o : k)) * low + outer % low;
    return offset + row * leading;
  }

  private void combine(float[] partial, int from, int parts, int width, float[] z, int at) {
    System.arraycopy(partial, from, z, at, width);
    for (int p = 1; p < parts; p++) {
      fold(partial, from + p * width, z, at, width);
    }
  }

  private void fold(float[] x, int j, float[] z, int k, int n) {
    if (op == ReduceOp.SUM) {
      BinarySpans.add(z, k, x, j, z, k, n);
    } else {
      BinarySpans.max(z, k, x, j, z, k, n);
    }
  }

  private float identity() {
    return op == ReduceOp.SUM ? 0 : Float.NEGATIVE_INFINITY;
  }
}
