package io.qgpo.report;

import io.qgpo.report.ComparedRuns.Band;
import io.qgpo.run.Stages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several runs side by side, as a page: returns and losses, with bands over seeds. */
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
   * @param table of the returns, a row for each guidance scale, the head first
   */
  public static String html(String title, List<ComparedRuns> columns, List<List<String>> table) {
    var compare = new ComparePage(title, columns);
    compare.returns(table);
    compare.training();
    compare.runs();
    return compare.page.text();
  }

  private void returns(List<List<String>> table) {
    List<ReturnSeries> series = columns.stream().map(ComparedRuns::returns).toList();
    page.heading("Returns")
        .picture(
            "Mean return against guidance scale, with standard errors: over runs where there are"
                + " several, else over episodes",
            theme -> ReturnsPicture.png("", series, theme))
        .table(table);
  }

  private void training() {
    page.heading("Training").beginGrid();
    curve(Stages.BEHAVIOUR, "loss", "Behaviour: denoising loss", "loss");
    curve(Stages.GUIDANCE, "criticLoss", "Critic: squared Bellman error", "loss");
    curve(Stages.GUIDANCE, "meanQ", "Critic: mean Q of the data's actions", "Q");
    curve(Stages.GUIDANCE, "energyLoss", "Energy: contrastive loss", "loss");
    page.endGrid();
  }

  private void curve(String stage, String key, String caption, String unit) {
    Map<String, Band> bands = new LinkedHashMap<>();
    columns.forEach(runs -> runs.curve(stage, key).ifPresent(band -> bands.put(runs.name(), band)));
    if (!bands.isEmpty()) {
      page.picture(
          caption,
          theme -> {
            var picture = new Picture("", "steps", unit, theme);
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
