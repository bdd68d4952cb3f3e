package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.full;
import static org.bytedeco.pytorch.global.torch.randn;

import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.benchmarks.Workload;
import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.NoiseSchedule;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * Guided actions on libtorch. The steps are those of our own solver; the networks, the energy's
 * gradient and the sums are libtorch's.
 */
final class LibtorchSampling extends LibtorchSteps {
  private final int states;
  private final double guidanceScale;
  private final Tensor state;
  private final LibtorchNets.ScoreNet score;
  private final LibtorchNets.EnergyNet energy;
  private final NoiseSchedule schedule;
  private final DpmSolver solver;

  LibtorchSampling(int states, double guidanceScale) {
    this.states = states;
    this.guidanceScale = guidanceScale;
    state = randn(states, Workload.STATE_DIM);
    // As in a policy: of the energy alone the gradient is asked, and that of its input.
    var s = new LibtorchNets.Parameters();
    score = new LibtorchNets.ScoreNet(s, Workload.STATE_DIM, Workload.ACTION_DIM);
    s.freeze();
    var e = new LibtorchNets.Parameters();
    energy = new LibtorchNets.EnergyNet(e, Workload.STATE_DIM, Workload.ACTION_DIM);
    e.freeze();
    QgpoConfig config = Presets.config("paper");
    schedule = Qgpo.noiseSchedule(config);
    solver = Qgpo.solver(config, config.sampler().evaluations());
  }

  @Override
  public void call() {
    try (AutoGradMode _ = new AutoGradMode(false)) {
      Tensor start = randn(states, Workload.ACTION_DIM);
      meter(solver.solve(new Tensors(), start).select(0, 0).select(0, 0));
    }
  }

  private final class Tensors implements DpmSolver.Space<Tensor> {
    @Override
    public Tensor prediction(Tensor x, double t) {
      Tensor time = full(new long[] {1, 1}, scalar(t));
      // The network has a row of times for each row of states.
      Tensor noise = score.apply(x, time.expand(states, 1), state).neg();
      Tensor guided =
          guidanceScale == 0
              ? noise
              : noise.sub(gradient(x, time).mul(scalar(guidanceScale * schedule.sigma(t))));
      double alpha = schedule.alpha(t);
      return sum(1 / alpha, x, -schedule.sigma(t) / alpha, guided);
    }

    @Override
    public Tensor sum(double a, Tensor x, double b, Tensor y) {
      return x.mul(scalar(a)).add(y, scalar(b));
    }
  }

  private Tensor gradient(Tensor x, Tensor time) {
    try (AutoGradMode _ = new AutoGradMode(true)) {
      Tensor action = x.detach().set_requires_grad(true);
      energy.apply(action, time.expand(states, 1), state).sum().backward();
      return action.grad();
    }
  }
}
