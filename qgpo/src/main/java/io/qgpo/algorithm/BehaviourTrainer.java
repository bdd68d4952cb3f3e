package io.qgpo.algorithm;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Loss;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.autograd.optim.Polyak;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;

/**
 * Stage 1: the score network learns the behaviour policy by denoising (Lu et al. 2023): t uniform
 * on [tMin, 1], noise z, a_t = alpha a + sigma z, loss = mean over the batch of |h(a_t, s, t) +
 * z|^2.
 */
public final class BehaviourTrainer {
  private final DeviceData data;
  private final ScoreNet net;
  private final Adam optimizer;
  private final Polyak average;
  private final Rng rng;
  private final NoiseSchedule schedule;
  private final double tMin;
  private final int batchSize;
  private final List<Var> parameters;
  private final Tensor[] gradients;
  private final Tensor one;
  private final LossMeter meter;
  private final Runnable body = this::forwardBackwardUpdate;

  /**
   * A trainer. Make it outside any scope.
   *
   * @param average follows the weights, or null
   * @param meter takes the losses
   */
  BehaviourTrainer(
      DeviceData data,
      ScoreNet net,
      Adam optimizer,
      Polyak average,
      Rng rng,
      NoiseSchedule schedule,
      double tMin,
      int batchSize,
      LossMeter meter) {
    this.data = data;
    this.net = net;
    this.optimizer = optimizer;
    this.average = average;
    this.rng = rng;
    this.schedule = schedule;
    this.tMin = tMin;
    this.batchSize = batchSize;
    parameters = net.parameters();
    gradients = new Tensor[parameters.size()];
    one = Tensor.full(data.backend(), DType.FLOAT32, Shape.SCALAR, 1);
    this.meter = meter;
  }

  /** One update. */
  public void step() {
    optimizer.prepare();
    try (Scope _ = Scope.open("behaviour step")) {
      data.backend().step("behaviour", body);
    }
  }

  private void forwardBackwardUpdate() {
    Tensor indices = rng.indices(batchSize, data.size());
    Tensor states = DeviceData.gather(data.states(), DeviceData.gather(data.stateIndex(), indices));
    Tensor actions = DeviceData.gather(data.actions(), indices);
    Tensor t = rng.uniform(DType.FLOAT32, Shape.of(batchSize, 1), tMin, 1);
    Tensor noise = rng.normal(DType.FLOAT32, actions.shape());
    Tensor noised = schedule.perturb(actions, t, noise);
    Var h = net.apply(Var.constant(noised), Var.constant(t), Var.constant(states));
    Var loss = Loss.denoising(h, noise);
    optimizer.update(Grad.of(loss, one, parameters, gradients));
    if (average != null) {
      average.update();
    }
    meter.add(loss.value());
  }
}
