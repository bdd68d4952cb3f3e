package io.qgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.Presets;
import io.qgpo.report.MetricsFile.Curve;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.JsonFiles;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunException;
import io.qgpo.run.RunInfo;
import io.qgpo.run.Stages;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What happened in a run, as a page: made of the files in its folder, however far it has come. */
public final class RunReport {
  /** In the folder of a run. */
  public static final String FILE = "report.html";

  /** There, too: a film of an episode. */
  public static final String FILM = "rollout.gif";

  private final Path folder;
  private final RunInfo info;
  private final MetricsFile metrics;
  private final HtmlPage page;

  private RunReport(Path folder) {
    this.folder = folder;
    if (!RunDirectory.isRun(folder)) {
      throw new RunException("The folder " + folder + " holds no run: give that of one.");
    }
    info = RunInfo.read(RunDirectory.configIn(folder));
    metrics = MetricsFile.read(RunDirectory.metricsIn(folder));
    page = new HtmlPage("QGPO run " + folder.toAbsolutePath().normalize().getFileName());
  }

  /**
   * The page of a run.
   *
   * @param folder of a run
   * @throws RunException if there is no run in it
   * @throws TensorFileException if a file in it cannot be read
   */
  public static String html(Path folder) {
    var report = new RunReport(folder);
    report.returns();
    report.losses();
    report.dispersion();
    report.timings();
    report.settings();
    return report.page.text();
  }

  private void returns() {
    Path file = EvaluationReport.fileIn(folder, TrainedPolicy.LAST);
    page.heading("Returns");
    if (!Files.exists(file)) {
      page.paragraph("Not evaluated yet: qgpo evaluate --run " + folder);
      return;
    }
    ObjectNode json = JsonFiles.read(file);
    EvaluationFile evaluation = EvaluationFile.of(json, file.toString());
    var series = ReturnSeries.of("guided policy", List.of(evaluation));
    page.beginGrid()
        .picture(
            "Mean return against guidance scale, with standard errors",
            theme -> ReturnsPicture.png("", List.of(series), theme));
    film();
    page.endGrid();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("policy", "return", "sd", "error", "score"));
    for (JsonNode result : json.path("results")) {
      rows.add(
          List.of(
              result.has("guidance")
                  ? EvaluationReport.guidedName(result.path("guidance").doubleValue())
                  : result.path("policy").asText(),
              number(result.path("return_mean")),
              number(result.path("return_sd")),
              number(result.path("return_error")),
              number(result.path("normalized_mean"))));
    }
    page.table(rows);
    page.paragraph(
        "%s, %d episodes, seed %s, %s checkpoint%s"
            .formatted(
                evaluation.environment(),
                evaluation.episodes(),
                json.path("seed").asText(),
                json.path("checkpoint").asText(),
                protocol(json.path("protocol"))));
  }

  private static String protocol(JsonNode protocol) {
    var text = new StringBuilder();
    for (Map.Entry<String, JsonNode> entry : protocol.properties()) {
      text.append("; ").append(entry.getKey()).append(": ").append(entry.getValue().asText());
    }
    return text + ".";
  }

  private void film() {
    Path file = folder.resolve(FILM);
    if (!Files.exists(file)) {
      return;
    }
    try {
      page.film("An episode, in real time", Files.readAllBytes(file));
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  private void losses() {
    page.heading("Training").beginGrid();
    for (TrainingCurve curve : TrainingCurve.values()) {
      curve(curve);
    }
    metrics.last(Stages.DISTRIBUTIONS).ifPresent(this::distributions);
    page.endGrid();
  }

  private void distributions(JsonNode line) {
    page.picture(
        "Q of the data's actions and of the support actions",
        theme -> histograms(line, "Q", theme, "dataQ", "data", "supportQ", "support actions"));
    page.picture(
        "How actions of a state differ: the energy has learnt beta Q if both agree",
        theme ->
            histograms(
                line, "less the state's mean", theme, "betaQ", "beta Q", "energy", "energy"));
  }

  private static byte[] histograms(
      JsonNode line,
      String unit,
      Theme theme,
      String key,
      String name,
      String otherKey,
      String otherName) {
    var picture = new Picture("", unit, "density", theme);
    histogram(picture, name, line.path(key));
    histogram(picture, otherName, line.path(otherKey));
    return picture.png();
  }

  /** As a line through the middles of its bins. */
  private static void histogram(Picture picture, String name, JsonNode json) {
    JsonNode shares = json.path("shares");
    double low = json.path("low").doubleValue();
    double width = (json.path("high").doubleValue() - low) / shares.size();
    double[] x = new double[shares.size()];
    double[] y = new double[shares.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = low + (i + 0.5) * width;
      y[i] = width == 0 ? 0 : shares.get(i).doubleValue() / width; // bins differ between lines
    }
    picture.line(name, x, y);
  }

  private void curve(TrainingCurve what) {
    Curve curve = metrics.curve(what.stage(), what.key());
    if (!curve.isEmpty()) {
      page.picture(
          what.caption(),
          theme ->
              what.picture(theme).lineFromZero(what.key(), curve.steps(), curve.values()).png());
    }
  }

  private void dispersion() {
    metrics
        .last(Stages.SUPPORT)
        .ifPresent(
            line -> {
              page.heading("Support actions beside the data's");
              List<List<String>> rows = new ArrayList<>();
              rows.add(List.of("component", "mean", "data's", "sd", "data's"));
              for (int i = 0; i < line.path("mean").size(); i++) {
                rows.add(
                    List.of(
                        Integer.toString(i),
                        fixed(line.path("mean").get(i)),
                        fixed(line.path("dataMean").get(i)),
                        fixed(line.path("sd").get(i)),
                        fixed(line.path("dataSd").get(i))));
              }
              page.table(rows);
              page.paragraph(
                  String.format(
                      Locale.ROOT,
                      "%.1f %% are out of the data's bounds.",
                      100 * line.path("outside").doubleValue()));
            });
  }

  private void timings() {
    Path file = RunDirectory.timingsIn(folder);
    if (Files.exists(file)) {
      page.heading("Time");
      TimingsTable.addTo(page, JsonFiles.read(file), info.engine());
    }
  }

  private void settings() {
    page.heading("Settings");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("data", info.origin().toJson().toString()));
    rows.add(List.of("SHA-256", info.sha256()));
    rows.add(List.of("engine", info.engine().description()));
    rows.add(List.of("QGPO", info.engine().program()));
    rows.add(List.of("Java", info.engine().java()));
    rows.add(List.of("system", info.engine().system()));
    Map<String, Object> paper = Presets.config("paper").values();
    info.settings()
        .values()
        .forEach(
            (name, value) -> {
              String text = ConfigTable.key(name).text(value);
              String published = ConfigTable.key(name).text(paper.get(name));
              rows.add(
                  List.of(
                      name, text.equals(published) ? text : text + " (paper: " + published + ")"));
            });
    page.definitions(rows);
  }

  private static String number(JsonNode node) {
    return node.isNumber() ? EvaluationReport.number(node.doubleValue()) : "";
  }

  private static String fixed(JsonNode node) {
    return String.format(Locale.ROOT, "%.3f", node.doubleValue());
  }
}
