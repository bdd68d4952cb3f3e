package io.qgpo.toy;

import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.TimeGrid;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** From noise to points: all that toys need of schedule and solver. */
final class ToyDiffusion {
  /** The paper's. */
  static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;

  /** Where sampling stops. */
  static final double T_END = 1e-3;

  /** Points sampled at once: some 100 MB of activations. */
  private static final int ROWS = 4096;

  private ToyDiffusion() {}

  /**
   * Draws points.
   *
   * @param energy guides with scale 1; null for the score alone
   * @return x and y by turns
   */
  static float[] sample(
      ToyScoreNet score, ToyEnergyNet energy, ToySampler sampler, int n, Rng rng) {
    SolverOptions options =
        switch (sampler.kind()) {
          case PAPER ->
              SolverOptions.multistep(2).withForm(Form.NOISE).withGrid(TimeGrid.TIME_UNIFORM);
          case EXACT -> SolverOptions.exact();
        };
    var solver =
        new DpmSolver(SCHEDULE, options.withEvaluations(sampler.evaluations()).withTimes(1, T_END));
    NoisePrediction model = noise(score);
    if (energy != null) {
      model = model.guided(SCHEDULE, energy::gradient, 1);
    }
    Backend backend = rng.state().backend();
    float[] points = new float[2 * n];
    for (int from = 0; from < n; from += ROWS) {
      int rows = Math.min(ROWS, n - from);
      try (GradMode _ = GradMode.off();
          Scope _ = Scope.open("toy sampling")) {
        Tensor start = rng.normal(DType.FLOAT32, Shape.of(rows, 2));
        backend.read(solver.sample(model, start), points, 2 * from);
      }
    }
    return points;
  }

  private static NoisePrediction noise(ToyScoreNet score) {
    return (x, t) -> {
      Tensor noise = Tensor.empty(x.backend(), x.dtype(), x.shape());
      x.backend().affine(score.apply(Var.constant(x), time(x, t)).value(), -1, 0, noise);
      return noise;
    };
  }

  /** One time for all rows of x. */
  static Var time(Tensor x, double t) {
    return Var.constant(Tensor.full(x.backend(), x.dtype(), Shape.of(1, 1), t));
  }
}
