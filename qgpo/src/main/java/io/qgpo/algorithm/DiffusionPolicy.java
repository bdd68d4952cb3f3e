package io.qgpo.algorithm;

import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/**
 * Samples actions from the behaviour model, guided by the energy. Actions are in [-1, 1] units of
 * the training data and are not clipped.
 */
public final class DiffusionPolicy {
  private final ScoreNet score;
  private final EnergyNet energy;
  private final NoiseSchedule schedule;
  private final DpmSolver solver;
  private final int actionDim;

  /**
   * A policy.
   *
   * @param energy may be null if only scale 0 will be asked for
   */
  public DiffusionPolicy(
      ScoreNet score, EnergyNet energy, NoiseSchedule schedule, DpmSolver solver, int actionDim) {
    this.score = score;
    this.energy = energy;
    this.schedule = schedule;
    this.solver = solver;
    this.actionDim = actionDim;
  }

  /**
   * Draws actions. Only guidance scale 1 is the exact diffusion of the target policy; scale 0 is
   * the behaviour, and does not evaluate the energy network.
   *
   * @param states n x stateDim
   * @param perState actions for each state
   * @param guidanceScale w in score + w grad f
   * @param rng the noise to start from
   * @return (n perState) x actionDim, in the current scope
   */
  public Tensor sample(Tensor states, int perState, double guidanceScale, Rng rng) {
    if (guidanceScale != 0 && energy == null) {
      throw new IllegalArgumentException(
          "sample: guidance scale "
              + guidanceScale
              + " needs an energy network; train it, or use 0");
    }
    Tensor start = rng.normal(DType.FLOAT32, Shape.of(states.rows() * perState, actionDim));
    Tensor actions = Tensor.empty(start.backend(), start.dtype(), start.shape());
    // No state's actions depend on another's, so each range goes through the whole solver alone.
    states
        .backend()
        .byRows(
            states.rows(),
            perState,
            (from, to) -> {
              try (GradMode _ = GradMode.off();
                  Scope _ = Scope.open("sample")) {
                NoisePrediction model = model(states.rows(from, to), guidanceScale);
                int first = from * perState;
                int end = to * perState;
                Tensor part = solver.sample(model, start.rows(first, end));
                part.backend().copy(part, actions.rows(first, end));
              }
            });
    return actions;
  }

  private NoisePrediction model(Tensor states, double guidanceScale) {
    Var condition = Var.constant(states);
    NoisePrediction behaviour =
        (x, t) -> {
          Tensor time = Tensor.full(x.backend(), x.dtype(), Shape.of(1, 1), t);
          Tensor h = score.apply(Var.constant(x), Var.constant(time), condition).value();
          x.backend().unary(UnaryOp.NEG, h, h);
          return h;
        };
    return behaviour.guided(schedule, (x, t) -> energy.actionGradient(x, t, states), guidanceScale);
  }
}
