package io.qgpo.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page in docs/, read back: rows of checks by the title of their section. */
record Page(Map<String, List<Row>> sections) {
  /**
   * A row.
   *
   * @param known name, source and expected
   * @param found as it stands there
   * @param passed the last column
   */
  record Row(String known, String found, String passed) {}

  static Page read() {
    Map<String, List<Row>> sections = new LinkedHashMap<>();
    List<Row> rows = List.of();
    boolean ofChecks = false;
    for (String line : lines()) {
      if (line.startsWith("## ")) {
        rows = new ArrayList<>();
        sections.put(line.substring("## ".length()), rows);
      } else if (line.startsWith("| check |")) {
        ofChecks = true;
      } else if (!line.startsWith("|")) {
        ofChecks = false;
      } else if (ofChecks && line.startsWith("| ")) {
        String[] cells =
            line.substring("| ".length(), line.length() - " |".length()).split(" \\| ");
        rows.add(
            new Row(
                "| %s | %s | %s |".formatted(cells[0], cells[1], cells[2]), cells[3], cells[5]));
      }
    }
    return new Page(sections);
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(Path.of("..", "docs", ExactnessPage.FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
