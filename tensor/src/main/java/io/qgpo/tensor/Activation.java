package io.qgpo.tensor;

/** What a fused linear layer applies to its result. */
public enum Activation {
  /** Nothing. */
  IDENTITY,
  /** {@link UnaryOp#RELU}. */
  RELU,
  /** {@link UnaryOp#SILU}. */
  SILU;

  /** The function at x. */
  public double value(double x) {
    return switch (this) {
      case IDENTITY -> x;
      case RELU -> UnaryOp.RELU.value(x);
      case SILU -> UnaryOp.SILU.value(x);
    };
  }

  /** The derivative at x. */
  public double derivative(double x) {
    return switch (this) {
      case IDENTITY -> 1;
      case RELU -> UnaryOp.RELU.derivative(x, 0);
      case SILU -> UnaryOp.SILU.derivative(x, 0);
    };
  }
}
