package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Sums and means. */
public final class Reduction {
  private Reduction() {}

  /** The sum of all elements; a scalar. */
  public static Var sum(Var x) {
    return sumTo(x, Shape.SCALAR);
  }

  /** The mean of all elements; a scalar. */
  public static Var mean(Var x) {
    if (x.shape().size() == 0) {
      throw new IllegalArgumentException("mean: needs at least one element, found " + x.shape());
    }
    Tensor value = Tensor.empty(x.backend(), x.dtype(), Shape.SCALAR);
    x.backend().reduce(ReduceOp.MEAN, x.value(), value);
    return Tape.record(
        "mean",
        value,
        (gradOut, node) -> {
          Tensor gradIn = Tensor.empty(x.backend(), x.dtype(), x.shape());
          x.backend().affine(gradOut, 1.0 / x.shape().size(), 0, gradIn);
          node.give(0, gradIn);
        },
        x);
  }

  /** The sum over the last axis, which stays with extent 1. */
  public static Var sumColumns(Var x) {
    if (x.shape().rank() == 0) {
      throw new IllegalArgumentException(
          "sumColumns: needs an axis to sum over, found a scalar []");
    }
    return sumTo(x, x.shape().withColumns(1));
  }

  /**
   * The sum over every axis where {@code target} has extent 1 or no axis: y of shape {@code
   * target}; dx = dy, repeated.
   *
   * @throws IllegalArgumentException if {@code target} does not broadcast to x's shape
   */
  public static Var sumTo(Var x, Shape target) {
    Operands.broadcasts("sumTo", target, x.shape());
    Tensor value = Tensor.empty(x.backend(), x.dtype(), target);
    x.backend().reduce(ReduceOp.SUM, x.value(), value);
    return Tape.record(
        "sumTo",
        value,
        (gradOut, node) -> {
          Tensor gradIn = Tensor.empty(x.backend(), x.dtype(), x.shape());
          x.backend().copy(gradOut, gradIn);
          node.give(0, gradIn);
        },
        x);
  }
}
