package io.qgpo.report;

import io.qgpo.report.ComparedRuns.Band;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several runs side by side, as a page: losses, and returns if any, with bands over seeds. */
public final class ComparePage {
  private final HtmlPage page;
  private final List<ComparedRuns> columns;

  private ComparePage(String title, List<ComparedRuns> columns) {
    page = new HtmlPage(title);
    this.columns = columns;
  }

  /**
   * The page.
   *
   * @param columns at least one
   * @param series the returns of those that have some
   * @param table of these, a row for each guidance scale, the head first
   */
  public static String html(
      String title,
      List<ComparedRuns> columns,
      List<ReturnSeries> series,
      List<List<String>> table) {
    var compare = new ComparePage(title, columns);
    if (!series.isEmpty()) {
      compare.returns(series, table);
    }
    compare.training();
    compare.runs();
    return compare.page.text();
  }

  private void returns(List<ReturnSeries> series, List<List<String>> table) {
    page.heading("Returns")
        .picture(
            "Mean return against guidance scale, with standard errors: over runs where there are"
                + " several, else over episodes",
            theme -> ReturnsPicture.png("", series, theme))
        .table(table);
  }

  private void training() {
    page.heading("Training").beginGrid();
    for (TrainingCurve curve : TrainingCurve.values()) {
      curve(curve);
    }
    page.endGrid();
  }

  private void curve(TrainingCurve curve) {
    Map<String, Band> bands = new LinkedHashMap<>();
    columns.forEach(runs -> runs.curve(curve).ifPresent(band -> bands.put(runs.name(), band)));
    if (!bands.isEmpty()) {
      page.picture(
          curve.caption(),
          theme -> {
            Picture picture = curve.picture(theme);
            bands.forEach(
                (name, band) -> picture.band(name, band.steps(), band.mean(), band.error()));
            return picture.png();
          });
    }
  }

  private void runs() {
    page.heading("Runs")
        .definitions(
            columns.stream()
                .map(
                    runs ->
                        List.of(
                            runs.name(),
                            String.join(", ", runs.paths().stream().map(String::valueOf).toList())))
                .toList());
  }
}
