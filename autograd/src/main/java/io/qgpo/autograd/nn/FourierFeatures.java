package io.qgpo.autograd.nn;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Fourier;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** [sin, cos](2 pi t W) with fixed W ~ N(0, scale^2). */
public final class FourierFeatures extends Module {
  private final Tensor frequencies;

  /**
   * Features of even number.
   *
   * @param features how many come out: twice the number of frequencies
   * @param scale the frequencies' standard deviation
   */
  public FourierFeatures(Rng rng, DType dtype, int features, double scale) {
    if (features < 2 || features % 2 != 0) {
      throw new IllegalArgumentException(
          "FourierFeatures: expected an even number of features, 2 or more, found " + features);
    }
    frequencies = buffer("W", Init.normal(rng, dtype, Shape.of(features / 2), scale));
  }

  /** t: rows x 1; returns rows x features. */
  public Var apply(Var t) {
    return Fourier.features(t, frequencies);
  }
}
