package io.qgpo.report;

import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.Presets;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.DataOrigin.DataFile;
import io.qgpo.run.DataOrigin.Maze2dRecording;
import io.qgpo.run.DataOrigin.PointMaze;
import io.qgpo.run.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a run was made of: data, engine, settings beside the paper's. */
final class SettingsTable {
  private SettingsTable() {}

  /**
   * Adds it to a page.
   *
   * @param states in the data; 0 if that is not known yet
   */
  static void addTo(HtmlPage page, RunInfo info, long states) {
    page.heading("Settings");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("data", words(info.origin())));
    if (states > 0) {
      rows.add(List.of("states", Long.toString(states)));
    }
    rows.add(List.of("SHA-256 of the data", info.sha256()));
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

  private static String words(DataOrigin origin) {
    return switch (origin) {
      case PointMaze maze -> recorded(maze.rows(), "pointmaze", maze.seed());
      case Maze2dRecording maze -> recorded(maze.rows(), maze.maze(), maze.seed());
      case DataFile file -> {
        var text = new StringBuilder();
        text.append(file.path().getFileName()).append(" in ").append(file.path().getParent());
        for (var columns : file.toJson().path("columns").properties()) {
          text.append("; %s: %s".formatted(columns.getKey(), columns.getValue().asText()));
        }
        yield text.toString();
      }
    };
  }

  private static String recorded(int rows, String environment, long seed) {
    return "%d rows recorded in %s, seed %d".formatted(rows, environment, seed);
  }
}
