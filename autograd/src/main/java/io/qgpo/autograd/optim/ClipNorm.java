package io.qgpo.autograd.optim;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/** The factor that brings gradients to at most a given global norm, computed on the device. */
public final class ClipNorm {
  /** As in PyTorch's clip_grad_norm_: keeps a norm of 0 from dividing. */
  private static final double EPSILON = 1e-6;

  private final Tensor norm;
  private final double limit;

  /**
   * Clipping to a norm above 0. Make it outside any scope.
   *
   * @param limit the largest norm that passes unscaled
   */
  public ClipNorm(Backend backend, double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("ClipNorm: expected a norm above 0, found " + limit);
    }
    this.limit = limit;
    norm = Tensor.full(backend, DType.FLOAT32, Shape.of(1), 0);
  }

  /**
   * Writes min(1, limit / (norm + 1e-6)): 0 if the norm's square is beyond float32, NaN if a
   * gradient is.
   *
   * @param out float32 of one element
   */
  public void factor(Tensor[] gradients, Tensor out) {
    Backend backend = norm.backend();
    backend.sumOfSquares(gradients, norm);
    backend.unary(UnaryOp.SQRT, norm, norm);
    backend.affine(norm, 1 / limit, EPSILON / limit, out);
    backend.unary(UnaryOp.RECIPROCAL, out, out);
    backend.clamp(out, 0, 1, out);
  }
}
