package io.qgpo.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.JsonFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lines of {@code metrics.jsonl}: numbers over the steps of their stage, and each stage's last
 * line. Immutable. Of all other lines only the numbers are kept, so that no file takes much memory.
 */
final class MetricsFile {
  /** The paper's training writes 3 MB; more is something else. */
  private static final long MAX_BYTES = 64 << 20;

  /** That of the support actions has four numbers for each component of an action. */
  private static final int LONGEST_LINE = 1 << 20;

  /** Different numbers of all stages together; a run has some ten, and one for each scale. */
  private static final int MOST_CURVES = 1000;

  /** Far beyond any float; differences and squares of such numbers are still numbers. */
  static final double LARGEST = 1e100;

  private final Path file;
  private final Map<String, Map<String, Points>> stages = new LinkedHashMap<>();
  private final Map<String, String> lastLines = new LinkedHashMap<>();
  private int curves;

  private MetricsFile(Path file) {
    this.file = file;
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

  /** A curve in the making. */
  private static final class Points {
    private double[] steps = new double[8];
    private double[] values = new double[8];
    private int size;

    void add(double step, double value) {
      if (size == steps.length) {
        steps = Arrays.copyOf(steps, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      steps[size] = step;
      values[size++] = value;
    }

    Curve curve() {
      return new Curve(Arrays.copyOf(steps, size), Arrays.copyOf(values, size));
    }
  }

  /**
   * Reads a file. A last line that a killed process left half written is passed over, and where
   * there is no file yet there are no lines.
   *
   * @throws TensorFileException if it cannot be read or is anything else
   */
  static MetricsFile read(Path file) {
    var metrics = new MetricsFile(file);
    if (!Files.exists(file)) {
      return metrics;
    }
    int number = 1;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      if (Files.size(file) > MAX_BYTES) {
        throw TensorFileException.content(
            file.toString(), "size", "at most " + MAX_BYTES + " bytes", "more");
      }
      String line = metrics.line(reader, number);
      while (line != null) {
        String next = metrics.line(reader, number + 1);
        if (next != null || line.endsWith("}")) {
          metrics.add(line, number);
        }
        line = next;
        number++;
      }
    } catch (CharacterCodingException e) {
      throw TensorFileException.content(
          file.toString(), "after line " + number, "UTF-8", "other bytes");
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
    return metrics;
  }

  /** As {@link BufferedReader#readLine}, which would take a line of any length. */
  private String line(BufferedReader reader, int number) throws IOException {
    var line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() == LONGEST_LINE) {
        throw TensorFileException.content(
            file.toString(), "line " + number, "at most " + LONGEST_LINE + " characters", "more");
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  private void add(String line, int number) {
    String where = "line " + number;
    String place = file + ", " + where;
    ObjectNode json = JsonFiles.parse(line, file.toString(), where);
    String stage = JsonFiles.text(json, "stage", place);
    long step = JsonFiles.count(json, "step", place);
    lastLines.put(stage, line);
    if (json.has("guidance")) {
      double scale = JsonFiles.number(json, "guidance", 0, EvaluationFile.LARGEST_SCALE, place);
      double mean = JsonFiles.number(json, "return", -LARGEST, LARGEST, place);
      points(returnsOf(JsonFiles.text(json, "of", place)), keyOf(scale), place).add(step, mean);
      return;
    }
    for (var entry : json.properties()) {
      if (entry.getValue().isNumber()) {
        double value = JsonFiles.number(json, entry.getKey(), -LARGEST, LARGEST, place);
        points(stage, entry.getKey(), place).add(step, value);
      }
    }
  }

  private Points points(String stage, String key, String place) {
    return stages
        .computeIfAbsent(stage, name -> new LinkedHashMap<>())
        .computeIfAbsent(
            key,
            name -> {
              if (++curves > MOST_CURVES) {
                throw TensorFileException.content(
                    place, "keys", "at most " + MOST_CURVES + " of all stages together", "more");
              }
              return new Points();
            });
  }

  /** What {@link #curve} calls the returns that were measured while a stage was trained. */
  static String returnsOf(String stage) {
    return "returns of " + stage;
  }

  /** What it calls those at a guidance scale. */
  static String keyOf(double scale) {
    return Double.toString(scale);
  }

  /** What it was read from. */
  Path file() {
    return file;
  }

  /** A number of a stage over its steps; empty if it was never written. */
  Curve curve(String stage, String key) {
    Points points = stages.getOrDefault(stage, Map.of()).get(key);
    return points == null ? new Curve(new double[0], new double[0]) : points.curve();
  }

  /** Mean returns while a stage was trained, by guidance scale; empty if none was measured. */
  SortedMap<Double, Curve> returns(String stage) {
    SortedMap<Double, Curve> returns = new TreeMap<>();
    stages
        .getOrDefault(returnsOf(stage), Map.of())
        .forEach((scale, points) -> returns.put(Double.valueOf(scale), points.curve()));
    return returns;
  }

  /** The last line of a stage. */
  Optional<ObjectNode> last(String stage) {
    return Optional.ofNullable(lastLines.get(stage))
        .map(line -> JsonFiles.parse(line, file.toString(), "last line of " + stage));
  }

  /** Steps of a stage up to its last line; 0 if it has none. */
  long steps(String stage) {
    return last(stage).map(line -> line.path("step").longValue()).orElse(0L);
  }
}
