package io.qgpo.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.report.Distribution.Bins;
import io.qgpo.report.MetricsFile.Curve;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.RunException;
import io.qgpo.run.RunInfo;
import io.qgpo.run.Stages;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.run.TrainingRun;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** What happened in a run, as a page: made of the files in its folder, however far it has come. */
public final class RunReport {
  /** In the folder of a run. */
  public static final String FILE = "report.html";

  /** There, too: a film of an episode. */
  public static final String FILM = "rollout.gif";

  /** A page holds all of it, and is made in memory. */
  private static final long LARGEST_FILM = 64 << 20;

  private final Path folder;
  private final RunInfo info;
  private final MetricsFile metrics;
  private final TimingsTable timings;
  private final HtmlPage page;

  private RunReport(Path folder) {
    this.folder = folder;
    if (!RunDirectory.isRun(folder)) {
      throw new RunException("The folder " + folder + " holds no run: give that of one.");
    }
    info = RunInfo.read(RunDirectory.configIn(folder));
    metrics = MetricsFile.read(RunDirectory.metricsIn(folder));
    timings = TimingsTable.read(RunDirectory.timingsIn(folder));
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
    report.training();
    report
        .metrics
        .last(Stages.SUPPORT)
        .ifPresent(
            line -> SupportTable.addTo(report.page, line, report.lastLineOf(Stages.SUPPORT)));
    report.timings.addTo(report.page, report.info.engine());
    SettingsTable.addTo(report.page, report.info, report.metrics.steps(Stages.SUPPORT));
    return report.page.text();
  }

  private void returns() {
    Path file = EvaluationReport.fileIn(folder, TrainedPolicy.LAST);
    page.heading("Returns");
    if (!Files.exists(file)) {
      page.paragraph("Not evaluated yet: qgpo evaluate --run " + folder);
      return;
    }
    ObjectNode json = EvaluationReport.read(file);
    EvaluationFile evaluation = EvaluationFile.of(json, file.toString());
    var series = ReturnSeries.of("guided policy", List.of(evaluation));
    page.beginGrid()
        .picture(
            "Mean return against guidance scale, with standard errors",
            theme -> ReturnsPicture.png("", List.of(series), theme));
    film();
    page.endGrid();
    ReturnsTable.addTo(page, json, evaluation, file.toString());
  }

  private void film() {
    Path file = folder.resolve(FILM);
    if (!Files.exists(file)) {
      return;
    }
    double scale = filmedScale(info.settings().evaluation());
    try {
      if (Files.size(file) > LARGEST_FILM) {
        throw TensorFileException.content(
            file.toString(), "size", "at most " + LARGEST_FILM + " bytes", "more");
      }
      page.film(
          "The first episode of %s, in real time".formatted(EvaluationReport.guidedName(scale)),
          Files.readAllBytes(file));
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  /** The scale that training films: the exact policy, or if it is not played the last. */
  public static double filmedScale(EvaluationConfig settings) {
    List<Double> scales = settings.guidanceScales();
    return scales.contains(1.0) ? 1 : scales.getLast();
  }

  private void training() {
    page.heading("Training");
    List.of(Stages.BEHAVIOUR, Stages.GUIDANCE).forEach(this::sayWhatIsMissing);
    page.beginGrid();
    for (TrainingCurve curve : TrainingCurve.values()) {
      if (curve != TrainingCurve.RETURN) { // which is one of several scales
        curve(curve);
      }
    }
    returns("Mean return of the behaviour while it is trained", Stages.BEHAVIOUR);
    returns("Mean return while critic and energy are trained, by guidance scale", Stages.GUIDANCE);
    metrics.last(Stages.DISTRIBUTIONS).ifPresent(this::distributions);
    page.endGrid();
  }

  /** Checkpoints, of which the times tell, are never ahead of the metrics of a run. */
  private void sayWhatIsMissing(String stage) {
    long taken = timings.steps(stage);
    long logged = metrics.steps(stage);
    if (logged + TrainingRun.METRICS_STEPS <= taken) {
      page.paragraph(
          "%s is lost or was shortened: %d steps of %s were taken, it tells of %d."
              .formatted(metrics.file().getFileName(), taken, stage, logged));
    }
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

  private void returns(String caption, String stage) {
    SortedMap<Double, Curve> curves = metrics.returns(stage);
    if (!curves.isEmpty()) {
      page.picture(
          caption,
          theme -> {
            Picture picture = TrainingCurve.RETURN.picture(theme).namesBeside();
            curves.forEach(
                (scale, curve) ->
                    picture.points(
                        EvaluationReport.scale(scale), curve.steps(), curve.values(), null));
            return picture.png();
          });
    }
  }

  private void distributions(ObjectNode line) {
    page.picture(
        "Q of the data's actions and of the support actions",
        theme -> two(line, "Q", theme, "dataQ", "data", "supportQ", "support actions"));
    page.picture(
        "How actions of a state differ: the energy has learnt beta Q if both agree",
        theme -> two(line, "less the state's mean", theme, "betaQ", "beta Q", "energy", "energy"));
  }

  private byte[] two(
      ObjectNode line,
      String unit,
      Theme theme,
      String key,
      String name,
      String otherKey,
      String otherName) {
    Distribution one = Distribution.read(line, key, lastLineOf(Stages.DISTRIBUTIONS));
    Distribution other = Distribution.read(line, otherKey, lastLineOf(Stages.DISTRIBUTIONS));
    Bins bins = Bins.of(one, other);
    var picture = new Picture("", unit, "density", theme);
    one.drawIn(picture, name, bins);
    other.drawIn(picture, otherName, bins);
    return picture.png();
  }

  /** For messages. */
  private String lastLineOf(String stage) {
    return metrics.file() + ", last line of " + stage;
  }
}
