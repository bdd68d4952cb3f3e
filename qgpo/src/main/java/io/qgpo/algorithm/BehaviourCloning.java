package io.qgpo.algorithm;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.op.Loss;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.autograd.optim.Schedule;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The unimodal baseline: a network fitted to the data's actions by squared error, which is the mean
 * of a Gaussian policy fitted by maximum likelihood. Where the data act in several ways, it gives
 * their mean.
 */
public final class BehaviourCloning {
  private static final int HIDDEN = 256;
  private static final int HIDDEN_LAYERS = 2;
  private static final int BATCH = 256;
  private static final double LEARNING_RATE = 1e-3;

  private final DeviceData data;
  private final Mlp net;
  private final Adam optimizer;
  private final Rng rng;
  private final List<Var> parameters;
  private final Tensor[] gradients;
  private final Runnable body = this::forwardBackwardUpdate;

  /**
   * A trained clone: 2 hidden layers of 256, Adam 1e-3 falling to 0 along a cosine, batch 256.
   *
   * @param steps updates to make
   */
  public BehaviourCloning(DeviceData data, long seed, int steps) {
    this.data = data;
    Rng weights = new Rng(data.backend(), seed, "cloning weights");
    net =
        Mlp.of(
            weights,
            DType.FLOAT32,
            Activation.RELU,
            data.stateDim(),
            HIDDEN,
            HIDDEN_LAYERS,
            data.actionDim());
    parameters = net.parameters();
    gradients = new Tensor[parameters.size()];
    optimizer =
        new Adam(parameters, Schedule.cosine(LEARNING_RATE, 0, steps), Adam.Options.defaults());
    rng = new Rng(data.backend(), seed, "cloning batches");
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  private void step() {
    optimizer.prepare();
    try (Scope _ = Scope.open("cloning step")) {
      data.backend().step("cloning", body);
    }
  }

  private void forwardBackwardUpdate() {
    Tensor indices = rng.indices(BATCH, data.size());
    Tensor states = DeviceData.gather(data.states(), DeviceData.gather(data.stateIndex(), indices));
    Tensor actions = DeviceData.gather(data.actions(), indices);
    Var loss = Loss.meanSquaredError(net.apply(Var.constant(states)), actions);
    optimizer.update(Grad.of(loss, parameters, gradients));
  }

  /**
   * The mean action of each state, in [-1, 1] units.
   *
   * @param states [at least count * stateDim], row by row
   * @return [count * actionDim]
   */
  public float[] act(float[] states, int count) {
    Backend backend = data.backend();
    int stateDim = data.stateDim();
    try (Scope _ = Scope.open("cloning");
        GradMode _ = GradMode.off()) {
      Tensor batch =
          Tensor.of(backend, Shape.of(count, stateDim), Arrays.copyOf(states, count * stateDim));
      return net.apply(Var.constant(batch)).value().toFloatArray();
    }
  }
}
