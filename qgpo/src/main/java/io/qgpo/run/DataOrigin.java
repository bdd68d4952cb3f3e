package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.data.D4rlReader;
import io.qgpo.data.Dataset;
import io.qgpo.env.Environment;
import io.qgpo.env.PointMazeData;
import io.qgpo.env.Policy;
import io.qgpo.env.ScriptedOptimum;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a run's data are found again when it resumes. */
public sealed interface DataOrigin {
  /** An HDF5 file in D4RL's layout. */
  record D4rlFile(Path path) implements DataOrigin {
    @Override
    public Dataset load(int maxEpisodeSteps) {
      return D4rlReader.read(path, maxEpisodeSteps);
    }

    @Override
    public ObjectNode toJson() {
      return JsonFiles.object().put("kind", "d4rl").put("path", path.toAbsolutePath().toString());
    }

    @Override
    public Optional<Task> task() {
      return Optional.empty();
    }
  }

  /** The built-in point maze, generated. */
  record PointMaze(int rows, long seed) implements DataOrigin {
    @Override
    public Dataset load(int maxEpisodeSteps) {
      return PointMazeData.generate(rows, seed);
    }

    @Override
    public ObjectNode toJson() {
      return JsonFiles.object().put("kind", "pointmaze").put("rows", rows).put("seed", seed);
    }

    @Override
    public Optional<Task> task() {
      return Optional.of(new Task(io.qgpo.env.PointMaze::new, new ScriptedOptimum()));
    }
  }

  /**
   * An environment to evaluate policies in.
   *
   * @param environment makes one
   * @param optimum a policy by hand that can hardly be beaten there
   */
  record Task(Supplier<? extends Environment> environment, Policy optimum) {}

  /** The task that the data were recorded in, where it can be run here. */
  Optional<Task> task();

  /**
   * Reads or generates the data.
   *
   * @param maxEpisodeSteps where an episode times out if the data do not say
   */
  Dataset load(int maxEpisodeSteps);

  /** For {@code config.json}. */
  ObjectNode toJson();

  /**
   * The reverse of {@link #toJson}.
   *
   * @param file where it was read, for messages
   * @throws TensorFileException if it is none
   */
  static DataOrigin fromJson(ObjectNode json, String file) {
    String kind = JsonFiles.text(json, "kind", file);
    try {
      return switch (kind) {
        case "d4rl" -> new D4rlFile(Path.of(JsonFiles.text(json, "path", file)));
        case "pointmaze" ->
            new PointMaze(
                (int) JsonFiles.number(json, "rows", file),
                (long) JsonFiles.number(json, "seed", file));
        default ->
            throw TensorFileException.content(
                file, "key 'data.kind'", "d4rl or pointmaze", TensorFileException.quote(kind));
      };
    } catch (InvalidPathException e) {
      throw TensorFileException.content(
          file, "key 'data.path'", "a path", TensorFileException.quote(e.getInput()));
    }
  }
}
