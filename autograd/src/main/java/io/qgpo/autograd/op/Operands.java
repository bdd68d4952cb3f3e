package io.qgpo.autograd.op;

import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** What an operation asks of its operands before it computes: so that a mistake names it. */
final class Operands {
  private Operands() {}

  /** Both must be of one type on one backend; {@code b} may be null. */
  static void match(String op, Tensor a, Tensor b) {
    if (b != null && (a.dtype() != b.dtype() || a.backend() != b.backend())) {
      throw new IllegalArgumentException(
          op
              + ": expected operands of one type on one backend, found "
              + text(a)
              + " on "
              + a.backend().name()
              + " and "
              + text(b)
              + " on "
              + b.backend().name());
    }
  }

  /** Must have two axes. */
  static void matrix(String op, String what, Shape shape) {
    if (shape.rank() != 2) {
      throw new IllegalArgumentException(
          op + ": expected " + what + " to be a matrix, found " + shape + "; reshape it");
    }
  }

  /** {@code small} must broadcast to {@code large}. */
  static void broadcasts(String op, Shape small, Shape large) {
    if (!small.broadcastsTo(large)) {
      throw new IllegalArgumentException(
          op
              + ": expected a shape that broadcasts to "
              + large
              + " (aligned at the last axis, extents equal or 1), found "
              + small);
    }
  }

  private static String text(Tensor tensor) {
    return tensor.dtype() + " " + tensor.shape();
  }
}
