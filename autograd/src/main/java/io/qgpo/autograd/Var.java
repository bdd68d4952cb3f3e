package io.qgpo.autograd;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * A tensor and how it came to be. Has no arithmetic of its own: operations are static functions in
 * {@code io.qgpo.autograd.op}.
 */
public final class Var {
  private final Tensor value;
  private final boolean requiresGrad;
  final Tape.Node node;

  // Written by one Grad pass at a time: see Grad.
  long target;
  long visited;
  boolean onPath;
  boolean leadsToTarget;
  Tensor gradient;

  Var(Tensor value, boolean requiresGrad, Tape.Node node) {
    if (!value.dtype().isFloating()) {
      throw new IllegalArgumentException(
          "Var: expected a floating-point tensor, found "
              + value.dtype()
              + " "
              + value.shape()
              + "; integers are not differentiated, so pass them as tensors");
    }
    this.value = value;
    this.requiresGrad = requiresGrad;
    this.node = node;
  }

  /** A value that is not differentiated. */
  public static Var constant(Tensor value) {
    return new Var(value, false, null);
  }

  /** A leaf that gradients may be asked for: a network's parameter, or an input. */
  public static Var parameter(Tensor value) {
    return new Var(value, true, null);
  }

  /** The same value, cut off from what it was computed from. */
  public Var detach() {
    return constant(value);
  }

  /** The value. */
  public Tensor value() {
    return value;
  }

  /** Whether it is a parameter or was computed from one. */
  public boolean requiresGrad() {
    return requiresGrad;
  }

  /** The value's extents. */
  public Shape shape() {
    return value.shape();
  }

  /** The value's device. */
  public Backend backend() {
    return value.backend();
  }

  /** The value's type. */
  public DType dtype() {
    return value.dtype();
  }

  /** The operation that made it, or what kind of leaf it is, and the value's summary. */
  @Override
  public String toString() {
    String origin = node != null ? node.op() : requiresGrad ? "parameter" : "constant";
    return "Var(" + origin + ") " + value;
  }
}
