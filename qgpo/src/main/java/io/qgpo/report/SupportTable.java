package io.qgpo.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.JsonFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far support actions spread beside the data's. */
final class SupportTable {
  private SupportTable() {}

  /**
   * Adds it to a page.
   *
   * @param line of the metrics
   * @param file of the line, for messages
   * @throws TensorFileException if the line is anything else
   */
  static void addTo(HtmlPage page, ObjectNode line, String file) {
    double[] mean = numbers(line, "mean", file);
    List<double[]> columns = new ArrayList<>(List.of(mean));
    for (String key : List.of("dataMean", "sd", "dataSd")) {
      double[] column = numbers(line, key, file);
      if (column.length != mean.length) {
        throw TensorFileException.content(
            file, "key '" + key + "'", mean.length + " numbers, as 'mean'", column.length + "");
      }
      columns.add(column);
    }
    double outside = JsonFiles.number(line, "outside", 0, 1, file);
    page.heading("Support actions beside the data's");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("component", "mean", "data's", "sd", "data's"));
    for (int i = 0; i < mean.length; i++) {
      List<String> row = new ArrayList<>(List.of(Integer.toString(i)));
      for (double[] column : columns) {
        row.add(String.format(Locale.ROOT, "%.3f", column[i]));
      }
      rows.add(row);
    }
    page.table(rows);
    page.paragraph(
        String.format(Locale.ROOT, "%.1f %% are out of the data's bounds.", 100 * outside));
  }

  /** Of actions, which are floats. */
  private static double[] numbers(ObjectNode line, String key, String file) {
    return JsonFiles.numbers(line, key, -Float.MAX_VALUE, Float.MAX_VALUE, file);
  }
}
