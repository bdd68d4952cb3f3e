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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Samples actions from the behaviour model, guided by the energy. Actions are in [-1, 1] units of
 * the training data and are not clipped.
 */
public final class DiffusionPolicy {
  /**
   * Rows of conditions that are computed for all times at once, 34 states at 15 evaluations: some
   * megabytes. Measured for 1 and for 16 states, .85 and .92 of the time (benchmarks/RESULTS.md).
   */
  private static final int MOST_CONDITIONS = 512;

  private final ScoreNet score;
  private final EnergyNet energy;
  private final NoiseSchedule schedule;
  private final DpmSolver solver;
  private final int actionDim;

  /** When the solver asks for noise; null if that is not known beforehand. */
  private final double[] times;

  /** Null where the device does not record, or cannot because the solver reads what it computes. */
  private final RecordedSampling recorded;

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
    times = solver.predictionTimes();
    boolean records =
        score.parameters().getFirst().backend().recordsSteps() && solver.staysOnDevice();
    recorded = records ? new RecordedSampling(this::denoise) : null;
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
    Shape shape = Shape.of(states.rows() * perState, actionDim);
    Tensor start = rng.normal(DType.FLOAT32, shape);
    if (states.rows() == 0) {
      return start;
    }
    Tensor actions = Tensor.empty(start.backend(), start.dtype(), shape);
    if (recorded != null) {
      recorded.sample(states, start, guidanceScale, actions);
    } else {
      denoise(states, start, guidanceScale, actions);
    }
    return actions;
  }

  /** From noise to actions. */
  private void denoise(Tensor states, Tensor start, double guidanceScale, Tensor actions) {
    int perState = start.rows() / states.rows();
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
  }

  private NoisePrediction model(Tensor states, double guidanceScale) {
    return behaviour(Var.constant(states))
        .guided(schedule, (x, t) -> energy.actionGradient(x, t, states), guidanceScale);
  }

  private NoisePrediction behaviour(Var states) {
    if (times == null || times.length > MOST_CONDITIONS / states.shape().rows()) {
      return (x, t) -> noise(x, score.condition(time(states, t), states));
    }
    List<ScoreNet.Condition> conditions = score.conditions(time(states, times), states);
    Map<Double, ScoreNet.Condition> at = new HashMap<>();
    for (int i = 0; i < times.length; i++) {
      at.put(times[i], conditions.get(i));
    }
    return (x, t) -> noise(x, at.get(t));
  }

  private Tensor noise(Tensor x, ScoreNet.Condition condition) {
    Tensor h = score.apply(Var.constant(x), condition).value();
    x.backend().unary(UnaryOp.NEG, h, h);
    return h;
  }

  /** A column of times, filled in on the device. */
  private static Var time(Var beside, double... times) {
    Tensor column = Tensor.empty(beside.backend(), beside.dtype(), Shape.of(times.length, 1));
    for (int i = 0; i < times.length; i++) {
      column.backend().fill(column.rows(i, i + 1), times[i]);
    }
    return Var.constant(column);
  }
}
