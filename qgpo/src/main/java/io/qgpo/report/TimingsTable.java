package io.qgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.qgpo.run.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the time of a run went, and how near its arithmetic came to the machine's limit. */
final class TimingsTable {
  private TimingsTable() {}

  /**
   * Adds it to a page.
   *
   * @param timings what {@code timings.json} holds
   * @param engine that computed
   */
  static void addTo(HtmlPage page, JsonNode timings, Engine engine) {
    double peak = timings.path("peakGflops").asDouble(); // 0 where it was not measured
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("stage", "time", "steps", "steps/s", "GFLOP/s", "of the peak"));
    for (Map.Entry<String, JsonNode> stage : timings.path("stages").properties()) {
      double seconds = stage.getValue().path("seconds").asDouble();
      long steps = stage.getValue().path("steps").asLong();
      double gflops = stage.getValue().path("flop").asDouble() / seconds / 1e9;
      boolean counted = steps > 0 && seconds > 0;
      rows.add(
          List.of(
              stage.getKey(),
              format("%d:%02d", (long) seconds / 60, (long) seconds % 60),
              counted ? Long.toString(steps) : "",
              counted ? format("%.4g", steps / seconds) : "",
              counted ? format("%.4g", gflops) : "",
              counted && peak > 0 ? format("%.0f %%", 100 * gflops / peak) : ""));
    }
    page.table(rows);
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

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
