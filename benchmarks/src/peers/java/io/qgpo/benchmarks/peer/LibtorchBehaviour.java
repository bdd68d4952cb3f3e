package io.qgpo.benchmarks.peer;

import io.qgpo.benchmarks.Workload;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;

/** The behaviour step on libtorch. */
final class LibtorchBehaviour extends LibtorchSteps {
  private static final double LEARNING_RATE = 1e-4;

  private final int batch;
  private final Tensor states = table(Workload.TRANSITIONS, Workload.STATE_DIM);
  private final Tensor actions = table(Workload.TRANSITIONS, Workload.ACTION_DIM);
  private final LibtorchNets.ScoreNet net;
  private final Adam optimizer;

  LibtorchBehaviour(int batch) {
    this.batch = batch;
    var parameters = new LibtorchNets.Parameters();
    net = new LibtorchNets.ScoreNet(parameters, Workload.STATE_DIM, Workload.ACTION_DIM);
    optimizer = new Adam(parameters.vector(), new AdamOptions(LEARNING_RATE));
  }

  @Override
  public void call() {
    Tensor indices = indices(batch);
    Tensor a = gather(actions, indices);
    Tensor t = times(batch);
    Tensor noise = noiseLike(a);
    Tensor h = net.apply(perturb(a, t, noise), t, gather(states, indices));
    Tensor error = h.add(noise);
    Tensor loss = error.mul(error).sum(1).mean();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    meter(loss);
  }
}
