package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.data.Summary;
import io.qgpo.env.EnvironmentSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
  private double bestReturn;

  /**
   * @param environment where; empty for no evaluation at all
   * @param bestReturn the best so far; negative infinity for none
   */
  EvaluationCurve(
      RunInfo info, Optional<EnvironmentSpec> environment, Metrics metrics, double bestReturn) {
    settings = info.settings().evaluation();
    seed = info.settings().seed();
    this.environment = environment;
    this.metrics = metrics;
    this.bestReturn = bestReturn;
  }

  /** The best mean return of any scale so far; negative infinity for none. */
  double bestReturn() {
    return bestReturn;
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
    var evaluation = new RunEvaluation(policy, environment.orElseThrow());
    double best = Double.NEGATIVE_INFINITY;
    var text = new StringBuilder("returns after ").append(done).append(" steps of ").append(stage);
    for (double scale : scales) {
      Summary returns = evaluation.guided(scale, settings.episodes(), seed).returns();
      ObjectNode line =
          Metrics.line(STAGE, done).put(Metrics.OF, stage).put(Metrics.GUIDANCE, scale);
      line.put("return", returns.mean()).put("sd", returns.sd());
      metrics.append(line.put("episodes", settings.episodes()));
      best = Math.max(best, returns.mean());
      text.append(
          String.format(
              Locale.ROOT,
              "%n  %-26s %10.4g +- %.3g",
              EvaluationReport.guidedName(scale),
              returns.mean(),
              returns.sd()));
    }
    System.out.println(text); // beside the progress of the stage
    return best;
  }
}
