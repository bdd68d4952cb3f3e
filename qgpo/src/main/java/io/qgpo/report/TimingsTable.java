package io.qgpo.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.Engine;
import io.qgpo.run.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the time of a run went, and how near its arithmetic came to the machine's limit. */
final class TimingsTable {
  /** Of seconds and of floating-point operations: the age of the universe, or more. */
  private static final double LARGEST = 1e30;

  private final Map<String, Work> stages = new LinkedHashMap<>();
  private double peak; // GFLOP/s; 0 where it was not measured

  private TimingsTable() {}

  /** What a stage took. */
  private record Work(double seconds, long steps, double flop) {
    boolean isCounted() {
      return steps > 0 && seconds > 0;
    }

    double gflops() {
      return flop / seconds / 1e9;
    }
  }

  /**
   * Reads a {@code timings.json}; where there is none no stage took any time.
   *
   * @throws io.qgpo.tensor.io.TensorFileException if it is anything else
   */
  static TimingsTable read(Path file) {
    var table = new TimingsTable();
    if (!Files.exists(file)) {
      return table;
    }
    String name = file.toString();
    ObjectNode json = JsonFiles.read(file);
    if (json.has("peakGflops")) {
      table.peak = JsonFiles.number(json, "peakGflops", 0, LARGEST, name);
    }
    ObjectNode stages = JsonFiles.child(json, "stages", name);
    for (var entry : stages.properties()) {
      ObjectNode work = JsonFiles.child(stages, entry.getKey(), name);
      table.stages.put(
          entry.getKey(),
          new Work(
              JsonFiles.number(work, "seconds", 0, LARGEST, name),
              JsonFiles.count(work, "steps", name),
              JsonFiles.number(work, "flop", 0, LARGEST, name)));
    }
    return table;
  }

  /** How many steps of a stage were taken. */
  long steps(String stage) {
    Work work = stages.get(stage);
    return work == null ? 0 : work.steps();
  }

  /**
   * Adds it to a page, if any stage took time.
   *
   * @param engine that computed
   */
  void addTo(HtmlPage page, Engine engine) {
    if (stages.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("stage", "time", "steps", "steps/s", peak > 0 ? "GFLOP/s (of peak)" : "GFLOP/s"));
    stages.forEach(
        (stage, work) -> {
          boolean counted = work.isCounted();
          rows.add(
              List.of(
                  stage,
                  format("%d:%02d", (long) work.seconds() / 60, (long) work.seconds() % 60),
                  counted ? Long.toString(work.steps()) : "",
                  counted ? format("%.4g", work.steps() / work.seconds()) : "",
                  counted ? speed(work) : ""));
        });
    page.heading("Time").table(rows);
    page.paragraph(
        "Minutes and seconds on %s%s. A step of the support actions is a state."
            .formatted(
                engine.description(),
                peak > 0
                    ? format(
                        "; the peak of its multiply-adds, measured meanwhile, is %.0f GFLOP/s",
                        peak)
                    : ""));
  }

  private String speed(Work work) {
    String share = peak > 0 ? format(" (%.0f %%)", 100 * work.gflops() / peak) : "";
    return format("%.3g", work.gflops()) + share;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
