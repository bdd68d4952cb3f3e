package io.qgpo.report;

import io.qgpo.data.Summary;
import io.qgpo.report.EvaluationFile.MeanReturn;
import io.qgpo.run.EvaluationReport;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Mean returns against guidance scale: of one run, or over several that differ in their seed.
 *
 * @param name what is shown beside it
 * @param runs how many
 * @param points by guidance scale, of those scales that all runs were evaluated at
 */
public record ReturnSeries(String name, int runs, SortedMap<Double, Point> points) {

  /**
   * A mean return.
   *
   * @param mean over runs of the mean over episodes
   * @param error its standard error: from how runs differ where there are several, which contains
   *     how episodes do; else from how episodes differ
   */
  public record Point(double mean, double error) {
    /** Both for people, as in {@code 935.2 +- 24.1}. */
    public String text() {
      return EvaluationReport.number(mean) + " +- " + EvaluationReport.number(error);
    }
  }

  /**
   * The series of some runs.
   *
   * @param runs at least one
   * @throws IllegalArgumentException if they are of different environments or have no scale in
   *     common
   */
  public static ReturnSeries of(String name, List<EvaluationFile> runs) {
    SortedSet<Double> scales = new TreeSet<>(runs.getFirst().returns().keySet());
    for (EvaluationFile run : runs) {
      if (!run.environment().equals(runs.getFirst().environment())) {
        throw new IllegalArgumentException(
            "%s: expected runs of one environment, found %s and %s"
                .formatted(name, runs.getFirst().environment(), run.environment()));
      }
      scales.retainAll(run.returns().keySet());
    }
    if (scales.isEmpty()) {
      throw new IllegalArgumentException(
          name + ": expected runs with a guidance scale in common, found none");
    }
    SortedMap<Double, Point> points = new TreeMap<>();
    scales.forEach(scale -> points.put(scale, point(runs, scale)));
    return new ReturnSeries(name, runs.size(), points);
  }

  private static Point point(List<EvaluationFile> runs, double scale) {
    if (runs.size() == 1) {
      MeanReturn only = runs.getFirst().returns().get(scale);
      return new Point(only.mean(), only.sd() / Math.sqrt(runs.getFirst().episodes()));
    }
    Summary means = Summary.of(runs.size(), i -> runs.get(i).returns().get(scale).mean());
    return new Point(means.mean(), means.standardError());
  }
}
