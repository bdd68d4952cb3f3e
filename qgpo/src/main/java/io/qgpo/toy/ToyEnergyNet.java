package io.qgpo.toy;

import io.qgpo.algorithm.TimeEmbedding;
import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.op.Layout;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Tensor;

/** The intermediate energy f_t(x) of guidance: a multilayer perceptron over [point, time]. */
final class ToyEnergyNet extends Module {
  private final TimeEmbedding embedding;
  private final Mlp net;

  ToyEnergyNet(Rng rng, DType dtype, ToySettings settings) {
    embedding =
        child(
            "embedding",
            new TimeEmbedding(rng, dtype, settings.embedding(), settings.fourierScale()));
    int in = 2 + settings.embedding();
    net =
        child(
            "net", Mlp.of(rng, dtype, Activation.SILU, in, settings.width(), settings.layers(), 1));
  }

  /**
   * f for each row.
   *
   * @param x rows x 2, noised to t
   * @param t rows / k x 1: each belongs to equally many consecutive points
   * @return rows x 1
   */
  Var apply(Var x, Var t) {
    int repeats = x.shape().rows() / t.shape().rows();
    return net.apply(Layout.concat(x, Layout.repeatRows(embedding.apply(t), repeats)));
  }

  /**
   * The gradient of f with respect to the points.
   *
   * @param x rows x 2
   * @param t one time for all rows
   * @return rows x 2, in the current scope
   */
  Tensor gradient(Tensor x, double t) {
    return Grad.ofRows(point -> apply(point, ToyDiffusion.time(x, t)), x);
  }
}
