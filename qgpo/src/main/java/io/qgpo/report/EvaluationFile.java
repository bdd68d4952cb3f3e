package io.qgpo.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.JsonFiles;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Returns of guided policies as an {@code evaluation.json} has them, ours or another program's.
 *
 * @param environment where the episodes were played
 * @param episodes for each guidance scale
 * @param returns mean and standard deviation over the episodes, by guidance scale
 */
public record EvaluationFile(
    String environment, int episodes, SortedMap<Double, MeanReturn> returns) {

  /**
   * Of the episodes at one guidance scale.
   *
   * @param mean of the returns
   * @param sd their standard deviation
   */
  public record MeanReturn(double mean, double sd) {}

  /**
   * Reads the evaluation of a run's last checkpoint, or a file.
   *
   * @param path folder of a run, or a file with the keys {@code env}, {@code episodes} and {@code
   *     results}, a list of objects with {@code guidance}, {@code return_mean} and {@code
   *     return_sd}; others are passed over
   * @throws TensorFileException if there is none, or it is anything else
   */
  public static EvaluationFile read(Path path) {
    Path file = Files.isDirectory(path) ? EvaluationReport.fileIn(path, TrainedPolicy.LAST) : path;
    return of(JsonFiles.read(file), file.toString());
  }

  /** The same of what was read from a file of this name. */
  static EvaluationFile of(ObjectNode json, String name) {
    double episodes = JsonFiles.number(json, "episodes", name);
    if (episodes < 1 || episodes != Math.rint(episodes)) {
      throw TensorFileException.content(
          name, "key 'episodes'", "a whole number from 1", episodes + "");
    }
    SortedMap<Double, MeanReturn> returns = new TreeMap<>();
    for (JsonNode result : json.path("results")) {
      if (result instanceof ObjectNode line && line.has("guidance")) {
        double sd = JsonFiles.number(line, "return_sd", name);
        if (sd < 0) {
          throw TensorFileException.content(name, "key 'return_sd'", "a number from 0", sd + "");
        }
        returns.put(
            JsonFiles.number(line, "guidance", name),
            new MeanReturn(JsonFiles.number(line, "return_mean", name), sd));
      }
    }
    if (returns.isEmpty()) {
      throw TensorFileException.content(
          name, "key 'results'", "returns of at least one guidance scale", "none");
    }
    return new EvaluationFile(JsonFiles.text(json, "env", name), (int) episodes, returns);
  }
}
