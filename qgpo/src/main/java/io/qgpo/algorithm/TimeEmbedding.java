package io.qgpo.algorithm;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.FourierFeatures;
import io.qgpo.autograd.nn.Linear;
import io.qgpo.autograd.nn.Module;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Tensor;

/** Diffusion time as a vector: fixed Gaussian Fourier features, then a linear layer. */
public final class TimeEmbedding extends Module {
  private final FourierFeatures features;
  private final Linear linear;

  /**
   * Freshly initialised.
   *
   * @param width of the vector, even
   * @param fourierScale standard deviation of the frequencies
   */
  public TimeEmbedding(Rng rng, DType dtype, int width, double fourierScale) {
    features = child("fourier", new FourierFeatures(rng, dtype, width, fourierScale));
    linear = child("linear", new Linear(rng, dtype, width, width));
  }

  /** t: rows x 1; returns rows x width. */
  public Var apply(Var t) {
    return apply(t, null);
  }

  /** The same into memory of the caller's, rows x width, or new memory for null. */
  Var apply(Var t, Tensor into) {
    return linear.apply(features.apply(t), Activation.IDENTITY, null, into);
  }
}
