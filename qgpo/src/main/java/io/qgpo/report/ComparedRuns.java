package io.qgpo.report;

import io.qgpo.data.Summary;
import io.qgpo.report.MetricsFile.Curve;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.TrainedPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs that make one column of a comparison: one, or several that differ in their seed.
 *
 * @param name what they are called
 * @param paths folders of runs, or files with the keys of {@code evaluation.json}
 */
public record ComparedRuns(String name, List<Path> paths) {

  /**
   * A number over steps.
   *
   * @param steps at which all runs have it
   * @param mean over the runs
   * @param error its standard error; 0 for a single run
   */
  record Band(double[] steps, double[] mean, double[] error) {}

  /** Those that are runs without returns: nothing was played with them, as offline data allow. */
  public List<Path> notEvaluated() {
    return paths.stream()
        .filter(RunDirectory::isRun)
        .filter(run -> !Files.exists(EvaluationReport.fileIn(run, TrainedPolicy.LAST)))
        .toList();
  }

  /**
   * Their returns, if all of them have some.
   *
   * @throws IllegalArgumentException if they are of different environments or have no scale in
   *     common
   * @throws io.qgpo.tensor.io.TensorFileException if one cannot be read
   */
  public Optional<ReturnSeries> returns() {
    return notEvaluated().isEmpty()
        ? Optional.of(ReturnSeries.of(name, paths.stream().map(EvaluationFile::read).toList()))
        : Optional.empty();
  }

  /** A number of the metrics; empty if not every one is the folder of a run that has it. */
  Optional<Band> curve(TrainingCurve what) {
    List<Curve> curves = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        return Optional.empty();
      }
      curves.add(MetricsFile.read(RunDirectory.metricsIn(path)).curve(what.stage(), what.key()));
    }
    TreeMap<Double, List<Double>> values = new TreeMap<>();
    for (Curve curve : curves) {
      for (int i = 0; i < curve.steps().length; i++) {
        values.computeIfAbsent(curve.steps()[i], step -> new ArrayList<>()).add(curve.values()[i]);
      }
    }
    values.values().removeIf(atStep -> atStep.size() < curves.size());
    if (values.isEmpty()) {
      return Optional.empty();
    }
    List<Summary> summaries =
        values.values().stream()
            .map(atStep -> Summary.of(atStep.size(), i -> atStep.get(i)))
            .toList();
    return Optional.of(
        new Band(
            values.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
            summaries.stream().mapToDouble(Summary::mean).toArray(),
            summaries.stream()
                .mapToDouble(summary -> curves.size() == 1 ? 0 : summary.standardError())
                .toArray()));
  }
}
