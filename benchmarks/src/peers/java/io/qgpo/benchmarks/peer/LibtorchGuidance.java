package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.minimum;
import static org.bytedeco.pytorch.global.torch.mse_loss;
import static org.bytedeco.pytorch.global.torch.softmax;

import io.qgpo.benchmarks.Workload;
import java.util.List;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A critic step, then an energy step, on libtorch. */
final class LibtorchGuidance extends LibtorchSteps {
  private static final double LEARNING_RATE = 3e-4;
  private static final double DISCOUNT = 0.99;
  private static final double TAU = 0.005;
  private static final double BETA_Q = 1;
  private static final double BETA = 3;
  private static final int Q_LAYERS = 3;
  private static final int STATE_ACTION = Workload.ACTION_DIM + Workload.STATE_DIM;

  private final int batch;
  private final Tensor states = table(Workload.TRANSITIONS + 1, Workload.STATE_DIM);
  private final Tensor actions = table(Workload.TRANSITIONS, Workload.ACTION_DIM);
  private final Tensor rewards = table(Workload.TRANSITIONS, 1);
  private final Tensor support =
      table(Workload.TRANSITIONS + 1, Workload.CANDIDATES * Workload.ACTION_DIM);

  private final LibtorchNets.Mlp q1;
  private final LibtorchNets.Mlp q2;
  private final LibtorchNets.Mlp target1;
  private final LibtorchNets.Mlp target2;
  private final LibtorchNets.EnergyNet energy;
  private final List<Tensor> weights;
  private final List<Tensor> targetWeights;
  private final Adam qOptimizer;
  private final Adam energyOptimizer;

  LibtorchGuidance(int batch) {
    this.batch = batch;
    var q = new LibtorchNets.Parameters();
    q1 = new LibtorchNets.Mlp(q, STATE_ACTION, Q_LAYERS, false);
    q2 = new LibtorchNets.Mlp(q, STATE_ACTION, Q_LAYERS, false);
    var target = new LibtorchNets.Parameters();
    target1 = new LibtorchNets.Mlp(target, STATE_ACTION, Q_LAYERS, false);
    target2 = new LibtorchNets.Mlp(target, STATE_ACTION, Q_LAYERS, false);
    target.freeze();
    weights = q.list();
    targetWeights = target.list();
    var e = new LibtorchNets.Parameters();
    energy = new LibtorchNets.EnergyNet(e, Workload.STATE_DIM, Workload.ACTION_DIM);
    qOptimizer = new Adam(q.vector(), new AdamOptions(LEARNING_RATE));
    energyOptimizer = new Adam(e.vector(), new AdamOptions(LEARNING_RATE));
  }

  /** Each row this many times in a row. */
  static Tensor repeatRows(Tensor x, int times) {
    long rows = x.size(0);
    long columns = x.size(1);
    return x.unsqueeze(1).expand(rows, times, columns).reshape(rows * times, columns);
  }

  @Override
  public void call() {
    Tensor indices = indices(batch);
    Tensor nextIndices = indices.add(new Scalar(1));
    criticStep(indices, nextIndices);
    energyStep(indices);
  }

  private void criticStep(Tensor indices, Tensor nextIndices) {
    Tensor target;
    try (AutoGradMode _ = new AutoGradMode(false)) {
      Tensor values = candidateQ(gather(states, nextIndices), gather(support, nextIndices));
      Tensor weight = softmax(values.mul(scalar(BETA_Q)), 1);
      Tensor value = weight.mul(values).sum(new long[] {1}, true, sameType());
      target = gather(rewards, indices).add(value.mul(scalar(DISCOUNT)));
    }
    Tensor input = join(gather(actions, indices), gather(states, indices));
    Tensor loss =
        mse_loss(q1.apply(input), target).add(mse_loss(q2.apply(input), target)).mul(scalar(0.5));
    qOptimizer.zero_grad();
    loss.backward();
    qOptimizer.step();
    try (AutoGradMode _ = new AutoGradMode(false)) {
      for (int i = 0; i < weights.size(); i++) {
        targetWeights.get(i).lerp_(weights.get(i), scalar(TAU));
      }
    }
  }

  /** The target Q of support actions: batch x candidates. */
  private Tensor candidateQ(Tensor states, Tensor candidates) {
    Tensor rows = candidates.reshape((long) batch * Workload.CANDIDATES, Workload.ACTION_DIM);
    Tensor input = join(rows, repeatRows(states, Workload.CANDIDATES));
    return minimum(target1.apply(input), target2.apply(input)).view(batch, Workload.CANDIDATES);
  }

  private void energyStep(Tensor indices) {
    Tensor s = gather(states, indices);
    Tensor candidates = gather(support, indices);
    Tensor labels;
    try (AutoGradMode _ = new AutoGradMode(false)) {
      labels = softmax(candidateQ(s, candidates).mul(scalar(BETA)), 1);
    }
    Tensor t = times(batch);
    Tensor noised =
        perturb(candidates, t, noiseLike(candidates))
            .reshape((long) batch * Workload.CANDIDATES, Workload.ACTION_DIM);
    Tensor f = energy.apply(noised, t, s).view(batch, Workload.CANDIDATES);
    Tensor loss = labels.mul(log_softmax(f, 1)).sum(1).mean().neg();
    energyOptimizer.zero_grad();
    loss.backward();
    energyOptimizer.step();
    meter(loss);
  }
}
