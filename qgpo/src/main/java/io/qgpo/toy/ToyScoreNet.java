package io.qgpo.toy;

import io.qgpo.algorithm.TimeEmbedding;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Linear;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Layout;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;

/**
 * The score of the noised data, as the authors' toy has it: point and time, each through a layer of
 * its own, then a multilayer perceptron. It predicts h with score = h / sigma(t). 1.06 M parameters
 * at the paper's width 512.
 */
final class ToyScoreNet extends Module {
  /** What comes of the embedding of time; the rest of half the width comes of the point. */
  private static final int TIME_WIDTH = 32;

  private final TimeEmbedding embedding;
  private final Linear time;
  private final Linear point;
  private final Mlp net;
  private final Linear output;

  ToyScoreNet(Rng rng, DType dtype, ToySettings settings) {
    int half = settings.width() / 2;
    embedding =
        child(
            "embedding",
            new TimeEmbedding(rng, dtype, settings.embedding(), settings.fourierScale()));
    time = child("time", new Linear(rng, dtype, settings.embedding(), TIME_WIDTH));
    point = child("point", new Linear(rng, dtype, 2, half - TIME_WIDTH));
    net =
        child(
            "net",
            Mlp.of(rng, dtype, Activation.SILU, half, settings.width(), settings.layers(), half));
    output = child("output", new Linear(rng, dtype, half, 2));
  }

  /**
   * h for each row.
   *
   * @param x rows x 2, noised to t
   * @param t rows / k x 1: each belongs to equally many consecutive points
   * @return rows x 2
   */
  Var apply(Var x, Var t) {
    Var times = time.apply(Elementwise.silu(embedding.apply(t)));
    int repeats = x.shape().rows() / t.shape().rows();
    Var joined = Layout.concat(point.apply(x), Layout.repeatRows(times, repeats));
    return output.apply(Elementwise.silu(net.apply(joined)));
  }
}
