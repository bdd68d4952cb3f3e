package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/**
 * Functions of one argument, element by element: any shape in, the same shape out. Derivatives are
 * those of {@link UnaryOp}.
 */
public final class Elementwise {
  private Elementwise() {}

  /** y = op(x); dx = dy op'(x). */
  public static Var apply(UnaryOp op, Var x) {
    Tensor value = like(x);
    x.backend().unary(op, x.value(), value);
    return Tape.record(
        op.name(),
        value,
        (gradOut, node) -> {
          Tensor gradIn = like(x);
          x.backend().unaryGrad(op, x.value(), value, gradOut, gradIn);
          node.give(0, gradIn);
        },
        x);
  }

  /** y = scale x + shift; dx = scale dy. */
  public static Var affine(Var x, double scale, double shift) {
    Tensor value = like(x);
    x.backend().affine(x.value(), scale, shift, value);
    return Tape.record(
        "affine",
        value,
        (gradOut, node) -> {
          Tensor gradIn = like(x);
          x.backend().affine(gradOut, scale, 0, gradIn);
          node.give(0, gradIn);
        },
        x);
  }

  /** y = x limited to [low, high]; dx = dy within the limits, else 0. */
  public static Var clamp(Var x, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "clamp: low must not exceed high, found " + low + " and " + high);
    }
    Tensor value = like(x);
    x.backend().clamp(x.value(), low, high, value);
    return Tape.record(
        "clamp",
        value,
        (gradOut, node) -> {
          Tensor gradIn = like(x);
          x.backend().clampGrad(x.value(), low, high, gradOut, gradIn);
          node.give(0, gradIn);
        },
        x);
  }

  /** y = factor x. */
  public static Var scale(Var x, double factor) {
    return affine(x, factor, 0);
  }

  /** y = -x. */
  public static Var neg(Var x) {
    return apply(UnaryOp.NEG, x);
  }

  /** y = e^x. */
  public static Var exp(Var x) {
    return apply(UnaryOp.EXP, x);
  }

  /** y = ln x. */
  public static Var log(Var x) {
    return apply(UnaryOp.LOG, x);
  }

  /** y = sqrt(x). */
  public static Var sqrt(Var x) {
    return apply(UnaryOp.SQRT, x);
  }

  /** y = x^2. */
  public static Var square(Var x) {
    return apply(UnaryOp.SQUARE, x);
  }

  /** y = |x|. */
  public static Var abs(Var x) {
    return apply(UnaryOp.ABS, x);
  }

  /** y = 1/x. */
  public static Var reciprocal(Var x) {
    return apply(UnaryOp.RECIPROCAL, x);
  }

  /** y = sin x. */
  public static Var sin(Var x) {
    return apply(UnaryOp.SIN, x);
  }

  /** y = cos x. */
  public static Var cos(Var x) {
    return apply(UnaryOp.COS, x);
  }

  /** y = tanh x. */
  public static Var tanh(Var x) {
    return apply(UnaryOp.TANH, x);
  }

  /** y = 1/(1+e^-x). */
  public static Var sigmoid(Var x) {
    return apply(UnaryOp.SIGMOID, x);
  }

  /** y = max(x, 0). */
  public static Var relu(Var x) {
    return apply(UnaryOp.RELU, x);
  }

  /** y = x sigmoid(x). */
  public static Var silu(Var x) {
    return apply(UnaryOp.SILU, x);
  }

  private static Tensor like(Var x) {
    return Tensor.empty(x.backend(), x.dtype(), x.shape());
  }
}
