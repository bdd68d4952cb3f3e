package io.qgpo.autograd.nn;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Matrix;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** y = x weight^T + bias, weight: out x in, as in PyTorch. */
public final class Linear extends Module {
  private final Var weight;
  private final Var bias;
  private Tensor packed;

  /** A layer with PyTorch's default initialisation. */
  public Linear(Rng rng, DType dtype, int in, int out) {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "Linear: sizes must be 1 or more, found in " + in + " and out " + out);
    }
    weight = parameter("weight", Init.linear(rng, dtype, Shape.of(out, in), in));
    bias = parameter("bias", Init.linear(rng, dtype, Shape.of(out), in));
  }

  /** A layer of these parameters, which may be parts of larger tensors. */
  Linear(Tensor weight, Tensor bias) {
    this.weight = parameter("weight", weight);
    this.bias = parameter("bias", bias);
  }

  Var weight() {
    return weight;
  }

  Var bias() {
    return bias;
  }

  /** x: rows x in; returns rows x out. */
  public Var apply(Var x) {
    return apply(x, Activation.IDENTITY);
  }

  /** activation(x weight^T + bias). */
  public Var apply(Var x, Activation activation) {
    return apply(x, activation, null);
  }

  /** activation(x weight^T + bias) + residual. */
  public Var apply(Var x, Activation activation, Var residual) {
    return apply(x, activation, residual, null);
  }

  /** The same into memory of the caller's, of the result's shape, or new memory for null. */
  public Var apply(Var x, Activation activation, Var residual, Tensor into) {
    return Matrix.linear(x, weight, packed, bias, activation, residual, into);
  }

  /** {@link #apply(Var, Activation)} with what was packed of the weight as it is now, or null. */
  Var applyPacked(Var x, Tensor packedNow, Activation activation) {
    return Matrix.linear(x, weight, packedNow, bias, activation, null, null);
  }

  @Override
  protected void onFreeze() {
    packed = weight.backend().pack(weight.value());
  }
}
