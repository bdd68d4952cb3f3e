package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.data.Summary;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.Evaluation;
import io.qgpo.env.ScoreRange;
import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What an evaluation found, and how it was done: the content of {@code evaluation.json}.
 *
 * @param environment where the episodes were played
 * @param episodes for each policy
 * @param seed of the episodes and of the policies' noise
 * @param checkpoint which weights: "last", or "best" for those that the environment's own returns
 *     chose, which offline learning does not have; or where else they are from
 * @param step steps that a checkpoint had taken over all stages; empty for other weights
 * @param protocol what must be the same for returns to be comparable
 * @param results one for each policy
 */
public record EvaluationReport(
    EnvironmentSpec environment,
    int episodes,
    long seed,
    String checkpoint,
    OptionalLong step,
    Map<String, String> protocol,
    List<Result> results) {

  /** What the file in a run's folder is called, without its ending. */
  private static final String NAME = "evaluation";

  /** Of a policy: a number for each episode. */
  private static final String RETURNS = "returns";

  /** 102 policies, as many as settings allow, of 100,000 episodes of 26 bytes are half of it. */
  private static final long MAX_BYTES = 1L << 29;

  /** From here on returns are written with an exponent: a column has room for nine digits. */
  private static final double LARGE = 1e9;

  private static final DateTimeFormatter MADE =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * One policy's episodes.
   *
   * @param policy its name
   * @param guidance w of a guided policy; empty for what it is compared with
   * @param evaluation its episodes
   */
  public record Result(String policy, OptionalDouble guidance, Evaluation evaluation) {
    /** A guided policy; the name says what the scales 0 and 1 are. */
    static Result guided(double scale, Evaluation evaluation) {
      return new Result(guidedName(scale), OptionalDouble.of(scale), evaluation);
    }

    /** What a guided policy is compared with. */
    static Result yardstick(String policy, Evaluation evaluation) {
      return new Result(policy, OptionalDouble.empty(), evaluation);
    }
  }

  /** Copies the list. */
  public EvaluationReport {
    results = List.copyOf(results);
  }

  /**
   * The name of a guided policy.
   *
   * @param scale w
   */
  public static String guidedName(double scale) {
    String meaning = scale == 0 ? " (behaviour)" : scale == 1 ? " (exact policy)" : "";
    return "guidance " + scale(scale) + meaning;
  }

  /** A guidance scale as people write it: 2 rather than 2.0. */
  public static String scale(double scale) {
    return scale == Math.rint(scale) ? Long.toString((long) scale) : Double.toString(scale);
  }

  /**
   * A return as people read it: three decimals below 10, one below 1000, then none, and an exponent
   * where that would be too wide.
   */
  public static String number(double value) {
    double size = Math.abs(value);
    String format = size < 10 ? "%.3f" : size < 1000 ? "%.1f" : size < LARGE ? "%.0f" : "%.3e";
    return String.format(Locale.ROOT, format, value);
  }

  /**
   * Reads what {@link #write} wrote, or another program, without the returns of single episodes.
   *
   * @throws TensorFileException if it cannot be read or is no JSON object
   */
  public static ObjectNode read(Path file) {
    return JsonFiles.readWithout(RETURNS, file, MAX_BYTES);
  }

  /** Writes this as JSON, atomically. */
  public void write(Path file) {
    JsonFiles.write(file, toJson());
  }

  /**
   * The file in a run's folder that is for returns of a checkpoint: those of the best are another
   * matter than those of the last, and are kept apart.
   */
  public static Path fileIn(Path run, String checkpoint) {
    String suffix = checkpoint.equals(TrainedPolicy.LAST) ? "" : "-" + checkpoint;
    return run.resolve(NAME + suffix + ".json");
  }

  /**
   * Writes this into a run's folder. An earlier evaluation stays beside it, under the time at which
   * it was made, unless it is the same.
   *
   * @throws TensorFileException if it cannot be written
   */
  public void keepIn(Path run) {
    Path file = fileIn(run, checkpoint);
    String text = JsonFiles.text(toJson());
    try {
      if (Files.exists(file) && !holds(file, text.getBytes(StandardCharsets.UTF_8))) {
        Files.move(file, earlier(file));
      }
    } catch (IOException e) {
      throw TensorFileException.io(file, "move", e);
    }
    AtomicFiles.writeText(file, text);
  }

  /** Of bytes, not of text: an earlier file may be damaged. */
  private static boolean holds(Path file, byte[] bytes) throws IOException {
    return Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
  }

  /** The first free name that says when a file was made. */
  private static Path earlier(Path file) throws IOException {
    String made = MADE.format(Files.getLastModifiedTime(file).toInstant());
    String name = file.getFileName().toString().replaceFirst("\\.json$", "-" + made);
    Path free = file.resolveSibling(name + ".json");
    for (int i = 2; Files.exists(free); i++) {
      free = file.resolveSibling(name + "-" + i + ".json");
    }
    return free;
  }

  ObjectNode toJson() {
    ObjectNode json = JsonFiles.object().put("env", environment.name());
    json.put("episodes", episodes).put("seed", seed);
    json.put("checkpoint", checkpoint);
    step.ifPresent(number -> json.put("step", number));
    protocol.forEach(json.putObject("protocol")::put);
    var array = json.putArray("results");
    for (Result result : results) {
      ObjectNode line = array.addObject();
      if (result.guidance().isPresent()) {
        line.put("guidance", result.guidance().getAsDouble());
      } else {
        line.put("policy", result.policy());
      }
      putReturns(line, result.evaluation());
    }
    return json;
  }

  private void putReturns(ObjectNode line, Evaluation evaluation) {
    Summary returns = evaluation.returns();
    line.put("return_mean", returns.mean()).put("return_sd", returns.sd());
    line.put("return_error", returns.standardError());
    Optional<ScoreRange> scores = environment.scores();
    if (scores.isPresent()) {
      Summary normalized =
          Summary.of(evaluation.episodes(), i -> scores.get().score(evaluation.totalReward(i)));
      line.put("normalized_mean", normalized.mean()).put("normalized_sd", normalized.sd());
      if (scores.get().isSuccessRate()) {
        line.put("success_rate", returns.mean());
      }
    }
    line.put("length_mean", evaluation.lengths().mean());
    var each = line.putArray(RETURNS);
    for (int i = 0; i < evaluation.episodes(); i++) {
      each.add(evaluation.totalReward(i));
    }
  }
}
