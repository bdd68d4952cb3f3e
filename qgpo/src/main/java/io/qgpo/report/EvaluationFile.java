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

  /** Of guidance scales, as settings allow them. */
  static final double LARGEST_SCALE = 1000;

  private static final int LONGEST_NAME = 200;

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
    return of(EvaluationReport.read(file), file.toString());
  }

  /** The same of what was read from a file of this name. */
  static EvaluationFile of(ObjectNode json, String name) {
    double episodes = JsonFiles.number(json, "episodes", name);
    if (episodes < 1 || episodes > Integer.MAX_VALUE || episodes != Math.rint(episodes)) {
      throw TensorFileException.content(
          name, "key 'episodes'", "a whole number from 1 to 2^31 - 1", episodes + "");
    }
    SortedMap<Double, MeanReturn> returns = new TreeMap<>();
    for (JsonNode result : json.path("results")) {
      if (!(result instanceof ObjectNode line)) {
        throw TensorFileException.content(
            name, "key 'results'", "a list of objects", result.getNodeType() + " in it");
      }
      if (line.has("guidance")) {
        double most = MetricsFile.LARGEST;
        returns.put(
            JsonFiles.number(line, "guidance", 0, LARGEST_SCALE, name),
            new MeanReturn(
                JsonFiles.number(line, "return_mean", -most, most, name),
                JsonFiles.number(line, "return_sd", 0, most, name)));
      }
    }
    if (returns.isEmpty()) {
      throw TensorFileException.content(
          name, "key 'results'", "returns of at least one guidance scale", "none");
    }
    return new EvaluationFile(environment(json, name), (int) episodes, returns);
  }

  /** It is shown on terminals, which obey control characters. */
  private static String environment(ObjectNode json, String name) {
    String environment = JsonFiles.text(json, "env", name);
    if (environment.length() > LONGEST_NAME
        || environment.chars().anyMatch(Character::isISOControl)) {
      throw TensorFileException.content(
          name,
          "key 'env'",
          "at most " + LONGEST_NAME + " characters, none of them a control character",
          TensorFileException.quote(environment));
    }
    return environment;
  }
}
