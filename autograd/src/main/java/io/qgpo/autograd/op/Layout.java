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
   * Joins along the last axis; leading extents must be equal. The gradients are views of dy.
   *
   * @param parts one or more; a scalar counts as one column
   * @throws IllegalArgumentException if there is none, or leading extents or types differ
   */
  public static Var concat(Var... parts) {
    if (parts.length == 0) {
      throw new IllegalArgumentException("concat: needs at least one part");
    }
    Var[] inputs = parts.clone();
    Var first = inputs[0];
    Shape leading = first.shape().withColumns(1);
    int columns = 0;
    for (int i = 0; i < inputs.length; i++) {
      Var part = inputs[i];
      Operands.match("concat", first.value(), part.value());
      if (!part.shape().withColumns(1).equals(leading)) {
        throw new IllegalArgumentException(
            "concat: all parts must agree in all extents but the last, found "
                + first.shape()
                + " first and "
                + part.shape()
                + " at "
                + i);
      }
      columns = Math.addExact(columns, part.shape().columns());
    }
    Tensor value = Tensor.empty(first.backend(), first.dtype(), leading.withColumns(columns));
    int at = 0;
    for (Var part : inputs) {
      int width = part.shape().columns();
      value.backend().copy(part.value(), value.columns(at, at + width));
      at += width;
    }
    return Tape.record(
        "concat",
        value,
        (gradOut, node) -> {
          int from = 0;
          for (int i = 0; i < inputs.length; i++) {
            int to = from + inputs[i].shape().columns();
            if (node.needs(i)) {
              node.give(i, gradOut.columns(from, to).reshape(inputs[i].shape()));
            }
            from = to;
          }
        },
        inputs);
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
