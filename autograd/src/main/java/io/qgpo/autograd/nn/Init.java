package io.qgpo.autograd.nn;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** How parameters start. */
public final class Init {
  private Init() {}

  /**
   * Uniform on +-1/sqrt(fanIn): PyTorch's default for the weight and the bias of a linear layer
   * (Kaiming uniform with a = sqrt 5).
   */
  public static Tensor linear(Rng rng, DType dtype, Shape shape, int fanIn) {
    double bound = 1 / Math.sqrt(fanIn);
    return rng.uniform(dtype, shape, -bound, bound);
  }

  /** Normal with mean 0. */
  public static Tensor normal(Rng rng, DType dtype, Shape shape, double sd) {
    Tensor values = rng.normal(dtype, shape);
    values.backend().affine(values, sd, 0, values);
    return values;
  }
}
