package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.cos;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.silu;
import static org.bytedeco.pytorch.global.torch.sin;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** QGPO's networks on libtorch, with PyTorch's default initialisation. */
final class LibtorchNets {
  private static final int EMBEDDING = 32;
  private static final double FOURIER_SCALE = 30;

  private LibtorchNets() {}

  /** The parameters of a network, in the order in which its layers were made. */
  static final class Parameters {
    private final List<Tensor> all = new ArrayList<>();

    Tensor add(Tensor value) {
      value.set_requires_grad(true);
      all.add(value);
      return value;
    }

    List<Tensor> list() {
      return all;
    }

    TensorVector vector() {
      return new TensorVector(all.toArray(Tensor[]::new));
    }

    /** For a network that is never trained. */
    void freeze() {
      all.forEach(p -> p.set_requires_grad(false));
    }
  }

  /** y = x W^T + b. */
  static final class Linear {
    private final Tensor weight;
    private final TensorOptional bias;

    Linear(Parameters parameters, int in, int out) {
      double bound = 1 / Math.sqrt(in);
      weight = parameters.add(uniform(rand(out, in), bound));
      bias = new TensorOptional(parameters.add(uniform(rand(out), bound)));
    }

    private static Tensor uniform(Tensor unit, double bound) {
      return unit.mul(LibtorchSteps.scalar(2 * bound)).sub(LibtorchSteps.scalar(bound));
    }

    Tensor apply(Tensor x) {
      return linear(x, weight, bias);
    }
  }

  /** Gaussian Fourier features of the time, then a linear layer. */
  static final class TimeEmbedding {
    private final Tensor frequencies;
    private final Linear linear;

    TimeEmbedding(Parameters parameters) {
      frequencies = randn(1, EMBEDDING / 2).mul(LibtorchSteps.scalar(2 * Math.PI * FOURIER_SCALE));
      linear = new Linear(parameters, EMBEDDING, EMBEDDING);
    }

    Tensor apply(Tensor t) {
      Tensor phase = t.mul(frequencies);
      return linear.apply(LibtorchSteps.join(sin(phase), cos(phase)));
    }
  }

  /** silu(W2 (silu(W1 x) + Wt c)) + skip(x). */
  static final class Block {
    private final Linear dense1;
    private final Linear condition;
    private final Linear dense2;
    private final Linear skip;

    Block(Parameters parameters, int in, int out, int conditionWidth) {
      dense1 = new Linear(parameters, in, out);
      condition = new Linear(parameters, conditionWidth, out);
      dense2 = new Linear(parameters, out, out);
      skip = in == out ? null : new Linear(parameters, in, out);
    }

    Tensor apply(Tensor x, Tensor c) {
      Tensor h = silu(dense1.apply(x)).add(condition.apply(c));
      h = silu(dense2.apply(h));
      return h.add(skip == null ? x : skip.apply(x));
    }
  }

  /** The behaviour network, width 512. */
  static final class ScoreNet {
    private final TimeEmbedding time;
    private final Linear state;
    private final Linear condition1;
    private final Linear condition2;
    private final Block down1;
    private final Block down2;
    private final Block down3;
    private final Block middle;
    private final Block up3;
    private final Block up2;
    private final Linear output;

    ScoreNet(Parameters parameters, int stateDim, int actionDim) {
      time = new TimeEmbedding(parameters);
      state = new Linear(parameters, stateDim, EMBEDDING);
      condition1 = new Linear(parameters, 2 * EMBEDDING, 128);
      condition2 = new Linear(parameters, 128, 128);
      down1 = new Block(parameters, actionDim, 512, 128);
      down2 = new Block(parameters, 512, 256, 128);
      down3 = new Block(parameters, 256, 128, 128);
      middle = new Block(parameters, 128, 128, 128);
      up3 = new Block(parameters, 256, 256, 128);
      up2 = new Block(parameters, 512, 512, 128);
      output = new Linear(parameters, 1024, actionDim);
    }

    Tensor apply(Tensor action, Tensor t, Tensor states) {
      Tensor joined = LibtorchSteps.join(silu(state.apply(states)), time.apply(t));
      // As in ours: every block takes silu of the condition, so it is applied once.
      Tensor c = silu(condition2.apply(silu(condition1.apply(joined))));
      Tensor d1 = down1.apply(action, c);
      Tensor d2 = down2.apply(d1, c);
      Tensor d3 = down3.apply(d2, c);
      Tensor m = middle.apply(d3, c);
      Tensor u3 = up3.apply(LibtorchSteps.join(d3, m), c);
      Tensor u2 = up2.apply(LibtorchSteps.join(d2, u3), c);
      return output.apply(LibtorchSteps.join(d1, u2));
    }
  }

  /** Linear layers of width 256 with an activation after each but the last; one output. */
  static final class Mlp {
    private static final int HIDDEN = 256;
    private final Linear[] layers;
    private final boolean smooth;

    /**
     * A perceptron.
     *
     * @param smooth SiLU rather than ReLU
     */
    Mlp(Parameters parameters, int in, int hiddenLayers, boolean smooth) {
      this.smooth = smooth;
      layers = new Linear[hiddenLayers + 1];
      for (int i = 0; i <= hiddenLayers; i++) {
        layers[i] = new Linear(parameters, i == 0 ? in : HIDDEN, i == hiddenLayers ? 1 : HIDDEN);
      }
    }

    Tensor apply(Tensor x) {
      for (int i = 0; i < layers.length - 1; i++) {
        x = layers[i].apply(x);
        x = smooth ? silu(x) : relu(x);
      }
      return layers[layers.length - 1].apply(x);
    }
  }

  /** The energy network: [action, time embedding, state] to a scalar. */
  static final class EnergyNet {
    private final TimeEmbedding time;
    private final Mlp net;

    EnergyNet(Parameters parameters, int stateDim, int actionDim) {
      time = new TimeEmbedding(parameters);
      net = new Mlp(parameters, actionDim + EMBEDDING + stateDim, 4, true);
    }

    /** Times and states have a row per state, each belonging to consecutive actions. */
    Tensor apply(Tensor actions, Tensor t, Tensor states) {
      int perState = (int) (actions.size(0) / states.size(0));
      return net.apply(
          LibtorchSteps.join(
              actions,
              LibtorchGuidance.repeatRows(time.apply(t), perState),
              LibtorchGuidance.repeatRows(states, perState)));
    }
  }
}
