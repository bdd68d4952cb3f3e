package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Operations that move elements: reshaping, slicing, joining, repeating, rows by index. */
public final class Layout {
  private Layout() {}

  /** The same elements in another shape; copies only if the rows have gaps between them. */
  public static Var reshape(Var x, Shape shape) {
    Tensor value = reshaped(x.value(), shape);
    return Tape.record(
        "reshape", value, (gradOut, node) -> node.give(0, reshaped(gradOut, x.shape())), x);
  }

  private static Tensor reshaped(Tensor x, Shape shape) {
    boolean view = x.size() != shape.size() || x.canReshape(shape);
    return (view ? x : x.copy()).reshape(shape);
  }

  /** Columns {@code from} to {@code to} (exclusive), a view; dx = dy among zeros. */
  public static Var columns(Var x, int from, int to) {
    Tensor value = x.value().columns(from, to);
    return Tape.record(
        "columns",
        value,
        (gradOut, node) -> {
          Tensor gradIn = Tensor.zeros(x.backend(), x.dtype(), x.shape());
          x.backend().copy(gradOut, gradIn.columns(from, to));
          node.give(0, gradIn);
        },
        x);
  }

  /** Rows {@code from} to {@code to} (exclusive) of a matrix, a view; dx = dy among zeros. */
  public static Var rows(Var x, int from, int to) {
    Operands.matrix("rows", "x", x.shape());
    Tensor value = x.value().rows(from, to);
    return Tape.record(
        "rows",
        value,
        (gradOut, node) -> {
          Tensor gradIn = Tensor.zeros(x.backend(), x.dtype(), x.shape());
          x.backend().copy(gradOut, gradIn.rows(from, to));
          node.give(0, gradIn);
        },
        x);
  }

  /**
   * {@link #concat(Var, Var, Var)} of two. Nothing is copied if they lie beside each other in
   * memory, computed into columns of one matrix.
   */
  public static Var concat(Var a, Var b) {
    checkParts(a, b);
    Tensor inPlace = a.value().joined(b.value());
    return Tape.record(
        "concat",
        inPlace == null ? copied(a, b) : inPlace,
        (gradOut, node) -> {
          giveColumns(node, 0, a, gradOut, 0);
          giveColumns(node, 1, b, gradOut, width(a));
        },
        a,
        b);
  }

  /**
   * Joins along the last axis; a scalar counts as one column. The gradients are views of dy.
   *
   * @throws IllegalArgumentException if extents other than the last, or types, differ
   */
  public static Var concat(Var a, Var b, Var c) {
    checkParts(a, b);
    checkParts(a, c);
    int atC = Math.addExact(width(a), width(b));
    Shape shape = a.shape().withColumns(Math.addExact(atC, width(c)));
    Tensor value = Tensor.empty(a.backend(), a.dtype(), shape);
    copyInto(value, 0, a);
    copyInto(value, width(a), b);
    copyInto(value, atC, c);
    return Tape.record(
        "concat",
        value,
        (gradOut, node) -> {
          giveColumns(node, 0, a, gradOut, 0);
          giveColumns(node, 1, b, gradOut, width(a));
          giveColumns(node, 2, c, gradOut, atC);
        },
        a,
        b,
        c,
        null);
  }

  private static Tensor copied(Var a, Var b) {
    Shape shape = a.shape().withColumns(Math.addExact(width(a), width(b)));
    Tensor joined = Tensor.empty(a.backend(), a.dtype(), shape);
    copyInto(joined, 0, a);
    copyInto(joined, width(a), b);
    return joined;
  }

  private static void checkParts(Var first, Var part) {
    Operands.match("concat", first.value(), part.value());
    if (!part.shape().withColumns(1).equals(first.shape().withColumns(1))) {
      throw new IllegalArgumentException(
          "concat: all parts must agree in all extents but the last, found "
              + first.shape()
              + " and "
              + part.shape());
    }
  }

  private static int width(Var part) {
    return part.shape().columns();
  }

  private static void copyInto(Tensor joined, int at, Var part) {
    joined.backend().copy(part.value(), joined.columns(at, at + width(part)));
  }

  private static void giveColumns(Tape.Node node, int i, Var part, Tensor gradOut, int at) {
    if (node.needs(i)) {
      node.give(i, gradOut.columns(at, at + width(part)).reshape(part.shape()));
    }
  }

  /** Repeats along axes of extent 1 or missing ones; dx = the sum over the repeats. */
  public static Var broadcastTo(Var x, Shape shape) {
    Operands.broadcasts("broadcastTo", x.shape(), shape);
    Tensor value = Tensor.empty(x.backend(), x.dtype(), shape);
    x.backend().copy(x.value(), value);
    return Tape.record(
        "broadcastTo",
        value,
        (gradOut, node) -> node.give(0, Broadcasting.sumTo(gradOut, x.shape())),
        x);
  }

  /**
   * Every row of a matrix {@code times} times in a row: n x c to (n times) x c; dx = the sums over
   * the repeats. Returns x itself for once.
   */
  public static Var repeatRows(Var x, int times) {
    Operands.matrix("repeatRows", "x", x.shape());
    if (times < 1) {
      throw new IllegalArgumentException("repeatRows: times must be 1 or more, found " + times);
    }
    if (times == 1) {
      return x;
    }
    int n = x.shape().rows();
    int columns = x.shape().columns();
    Var repeated = broadcastTo(reshape(x, Shape.of(n, 1, columns)), Shape.of(n, times, columns));
    return reshape(repeated, Shape.of(n * times, columns));
  }

  /**
   * y[i] = source[indices[i]], by rows of a matrix; dsource[j] = the sum of dy[i] with indices[i] =
   * j.
   *
   * @param indices int32 of n
   */
  public static Var gatherRows(Var source, Tensor indices) {
    Operands.matrix("gatherRows", "source", source.shape());
    if (indices.dtype() != DType.INT32) {
      throw new IllegalArgumentException(
          "gatherRows: expected INT32 indices, found " + indices.dtype() + " " + indices.shape());
    }
    Tensor value =
        Tensor.empty(
            source.backend(), source.dtype(), Shape.of(indices.size(), source.shape().columns()));
    source.backend().gatherRows(source.value(), indices, value);
    return Tape.record(
        "gatherRows",
        value,
        (gradOut, node) -> {
          Tensor gradIn = Tensor.zeros(source.backend(), source.dtype(), source.shape());
          source.backend().scatterAddRows(gradOut, indices, gradIn);
          node.give(0, gradIn);
        },
        source);
  }
}
