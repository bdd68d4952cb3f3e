package io.qgpo.autograd.op;

import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** The way back through broadcasting. */
final class Broadcasting {
  private Broadcasting() {}

  /** Sums a gradient over the axes along which a value of shape {@code shape} was repeated. */
  static Tensor sumTo(Tensor gradient, Shape shape) {
    if (gradient.shape().equals(shape)) {
      return gradient;
    }
    Tensor sum = Tensor.empty(gradient.backend(), gradient.dtype(), shape);
    gradient.backend().reduce(ReduceOp.SUM, gradient, sum);
    return sum;
  }
}
