package io.qgpo.report;

import io.qgpo.report.ReturnSeries.Point;
import io.qgpo.run.Checkpoints;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunInfo;
import io.qgpo.run.Stages;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run in a line.
 *
 * @param folder of the run
 * @param environment what it is evaluated in, if anything
 * @param seed of the run
 * @param state how far it has come, in words
 * @param exactReturn return at guidance scale 1, with its standard error, if it was evaluated there
 */
public record RunSummary(
    Path folder,
    Optional<String> environment,
    long seed,
    String state,
    Optional<Point> exactReturn) {

  private static final String TRAINED = "trained";

  /**
   * Looks at a run, which may go on meanwhile.
   *
   * @throws TensorFileException if a file in it cannot be read
   * @throws io.qgpo.algorithm.ConfigException if its settings are none
   */
  public static RunSummary of(Path folder) {
    RunInfo info = RunInfo.read(RunDirectory.configIn(folder));
    Path evaluation = EvaluationReport.fileIn(folder, TrainedPolicy.LAST);
    Optional<Point> exact =
        Files.exists(evaluation)
            ? Optional.ofNullable(
                ReturnSeries.of("", List.of(EvaluationFile.read(evaluation))).points().get(1.0))
            : Optional.empty();
    return new RunSummary(
        folder,
        info.environment().map(name -> name.name()),
        info.settings().seed(),
        state(folder, info) + (RunDirectory.isInUse(folder) ? ", running" : ""),
        exact);
  }

  /** Whether all its steps were taken, and the last of them saved. */
  public boolean isTrained() {
    return state.equals(TRAINED);
  }

  private static String state(Path folder, RunInfo info) {
    return RunInfo.isOfImported(RunDirectory.configIn(folder))
        ? "imported"
        : progress(folder, info);
  }

  /** Metrics may be ahead of what was saved: a run is trained once its last checkpoint is there. */
  private static String progress(Path folder, RunInfo info) {
    int behaviourSteps = info.settings().behaviour().steps();
    int guidanceSteps = info.settings().guidanceSteps();
    long saved = Checkpoints.newestStep(RunDirectory.checkpointsIn(folder)).orElse(0);
    if (saved >= (long) behaviourSteps + guidanceSteps) {
      return TRAINED;
    }
    MetricsFile metrics = MetricsFile.read(RunDirectory.metricsIn(folder));
    long guidance = lastStep(metrics, Stages.GUIDANCE);
    if (guidance > 0) {
      return percent(Stages.GUIDANCE, guidance, guidanceSteps);
    }
    long behaviour = lastStep(metrics, Stages.BEHAVIOUR);
    return behaviour == 0 ? "begun" : percent(Stages.BEHAVIOUR, behaviour, behaviourSteps);
  }

  private static long lastStep(MetricsFile metrics, String stage) {
    return metrics.last(stage).map(line -> line.path("step").longValue()).orElse(0L);
  }

  private static String percent(String stage, long done, int steps) {
    return stage + " " + (int) (100 * done / steps) + " %";
  }
}
