package io.qgpo.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows for a terminal: columns as wide as their widest cell, the first to the left, and nothing in
 * them but {@link Printable} text.
 */
final class TextTable {
  private static final String GAP = "   ";

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; all have as many cells. */
  TextTable row(List<String> cells) {
    rows.add(cells.stream().map(Printable::text).toList());
    return this;
  }

  /** The lines, each ended. */
  String text() {
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int at = i;
        int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElseThrow();
        line.append(i == 0 ? "" : GAP)
            .append(("%" + (i == 0 ? "-" : "") + Math.max(1, width) + "s").formatted(row.get(i)));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
