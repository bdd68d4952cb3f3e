package io.qgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.JsonFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lines of {@code metrics.jsonl}, by stage. Immutable. */
final class MetricsFile {
  /** A line of the longest training, every hundredth of 2 million steps; more is something else. */
  private static final int MOST_LINES = 1_000_000;

  private final Map<String, List<ObjectNode>> stages;

  private MetricsFile(Map<String, List<ObjectNode>> stages) {
    this.stages = stages;
  }

  /**
   * Steps and values of one number.
   *
   * @param steps of the stage
   * @param values at these
   */
  record Curve(double[] steps, double[] values) {
    boolean isEmpty() {
      return steps.length == 0;
    }
  }

  /**
   * Reads a file. A last line that a killed process left half written is passed over, and where
   * there is no file yet there are no lines.
   *
   * @throws TensorFileException if it cannot be read or is anything else
   */
  static MetricsFile read(Path file) {
    Map<String, List<ObjectNode>> stages = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return new MetricsFile(stages);
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      String next = reader.readLine();
      while (next != null) {
        String line = next;
        next = reader.readLine();
        number++;
        if (number > MOST_LINES) {
          throw TensorFileException.content(
              file.toString(), "lines", "at most " + MOST_LINES, "more");
        }
        if (next != null || line.endsWith("}")) {
          String where = "line " + number;
          ObjectNode json = JsonFiles.parse(line, file.toString(), where);
          stages
              .computeIfAbsent(
                  JsonFiles.text(json, "stage", file + " " + where), name -> new ArrayList<>())
              .add(json);
        }
      }
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
    return new MetricsFile(stages);
  }

  /** A number of a stage over its steps; empty if it was never written. */
  Curve curve(String stage, String key) {
    List<ObjectNode> lines =
        stages.getOrDefault(stage, List.of()).stream()
            .filter(line -> line.path(key).isNumber() && line.path("step").isNumber())
            .toList();
    return new Curve(
        lines.stream().mapToDouble(line -> line.path("step").doubleValue()).toArray(),
        lines.stream().mapToDouble(line -> line.path(key).doubleValue()).toArray());
  }

  /** The last line of a stage. */
  Optional<JsonNode> last(String stage) {
    List<ObjectNode> lines = stages.getOrDefault(stage, List.of());
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
  }
}
