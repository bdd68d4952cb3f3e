package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.data.Summary;
import io.qgpo.env.EnvironmentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Returns on the way: evaluates the policy every so many steps of a stage, writes each result to
 * the metrics, and remembers the best.
 */
final class EvaluationCurve {
  /** The stage's name in the metrics. */
  static final String STAGE = "evaluation";

  private final EvaluationConfig settings;
  private final long seed;
  private final Optional<EnvironmentSpec> environment;
  private final Metrics metrics;
  private final BooleanSupplier stop;
  private double bestReturn;
  private boolean unfinished;

  /**
   * @param environment where; empty for no evaluation at all
   * @param state of the run so far
   * @param stop asked before each step of an environment: true ends an evaluation with {@link
   *     EvaluationStoppedException}, and without a trace
   */
  EvaluationCurve(
      RunInfo info,
      Optional<EnvironmentSpec> environment,
      Metrics metrics,
      RunState state,
      BooleanSupplier stop) {
    settings = info.settings().evaluation();
    seed = info.settings().seed();
    this.environment = environment;
    this.metrics = metrics;
    bestReturn = state.bestReturn();
    unfinished = state.evaluationDue();
    this.stop = stop;
  }

  /** The best mean return of any scale so far; negative infinity for none. */
  double bestReturn() {
    return bestReturn;
  }

  /** Whether the last evaluation was stopped, and is to be done again before training goes on. */
  boolean isUnfinished() {
    return unfinished;
  }

  /** Whether to evaluate after this many steps of a stage. */
  boolean isDue(long done) {
    int every = settings.everySteps();
    return environment.isPresent() && every > 0 && done % every == 0;
  }

  /**
   * Evaluates the behaviour alone.
   *
   * @param stage that is being trained
   */
  void behaviour(String stage, long done, TrainedPolicy policy) {
    evaluate(stage, done, policy, List.of(0.0));
  }

  /**
   * Evaluates at every scale of the settings.
   *
   * @return whether one is the best so far
   */
  boolean guided(String stage, long done, TrainedPolicy policy) {
    double best = evaluate(stage, done, policy, settings.guidanceScales());
    boolean better = best > bestReturn;
    bestReturn = Math.max(best, bestReturn);
    return better;
  }

  private double evaluate(String stage, long done, TrainedPolicy policy, List<Double> scales) {
    unfinished = true;
    var evaluation = new RunEvaluation(policy, environment.orElseThrow()).stoppedBy(stop);
    List<ObjectNode> lines = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    var text = new StringBuilder("returns after ").append(done).append(" steps of ").append(stage);
    for (double scale : scales) {
      Summary returns = evaluation.guided(scale, settings.episodes(), seed).returns();
      ObjectNode line =
          Metrics.line(STAGE, done).put(Metrics.OF, stage).put(Metrics.GUIDANCE, scale);
      line.put("return", returns.mean()).put("sd", returns.sd());
      lines.add(line.put("episodes", settings.episodes()));
      best = Math.max(best, returns.mean());
      text.append(
          String.format(
              Locale.ROOT,
              "%n  %-26s %10.4g +- %.3g",
              EvaluationReport.guidedName(scale),
              returns.mean(),
              returns.sd()));
    }
    lines.forEach(metrics::append);
    unfinished = false;
    System.out.println(text); // beside the progress of the stage
    return best;
  }
}
