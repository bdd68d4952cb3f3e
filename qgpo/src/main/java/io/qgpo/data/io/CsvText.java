package io.qgpo.data.io;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes rows as CSV with the usual columns; the digits give back the same floats. */
final class CsvText {
  private CsvText() {}

  static void write(LoggedRows rows, Path file) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file)) {
      csv.writeRecord(header(rows));
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        fields.clear();
        addFields(rows, i, fields);
        csv.writeRecord(fields);
      }
    }
  }

  private static List<String> header(LoggedRows rows) {
    List<String> names = new ArrayList<>();
    addNames("s", "", rows.observationSize(), names);
    addNames("a", "", rows.actionSize(), names);
    names.add("reward");
    names.add("terminal");
    if (rows.hasTimeouts()) {
      names.add("timeout");
    }
    rows.extras()
        .forEach(
            (key, array) -> {
              if (key.equals(D4rlLayout.NEXT_OBSERVATIONS)) {
                addNames("next_s", "", array.columns(), names);
              } else if (array.isVector()) {
                names.add(key);
              } else {
                addNames(key + "[", "]", array.columns(), names);
              }
            });
    return names;
  }

  private static void addNames(String before, String after, int count, List<String> names) {
    for (int i = 0; i < count; i++) {
      names.add(before + i + after);
    }
  }

  private static void addFields(LoggedRows rows, int row, List<String> fields) {
    for (int c = 0; c < rows.observationSize(); c++) {
      fields.add(Float.toString(rows.observation(row, c)));
    }
    for (int c = 0; c < rows.actionSize(); c++) {
      fields.add(Float.toString(rows.action(row, c)));
    }
    fields.add(Float.toString(rows.reward(row)));
    fields.add(rows.terminal(row) ? "1" : "0");
    if (rows.hasTimeouts()) {
      fields.add(rows.timeout(row) ? "1" : "0");
    }
    rows.extras()
        .forEach(
            (key, array) -> {
              boolean single = key.equals(D4rlLayout.NEXT_OBSERVATIONS);
              for (int c = 0; c < array.columns(); c++) {
                fields.add(field(array, row, c, single));
              }
            });
  }

  /** What is read back as float32 has a float's digits; what is read as float64, a double's. */
  private static String field(RowArray array, int row, int column, boolean single) {
    double value = array.at(row, column);
    return single ? Float.toString((float) value) : Double.toString(value);
  }
}
