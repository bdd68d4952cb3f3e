package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.data.Dataset;
import io.qgpo.data.io.CsvColumns;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.env.Environment;
import io.qgpo.env.PointMazeData;
import io.qgpo.env.Policy;
import io.qgpo.env.ScriptedOptimum;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a run's data are found again when it resumes. */
public sealed interface DataOrigin {
  /**
   * A file or folder of any format.
   *
   * @param columns which columns of a CSV file are what
   */
  record DataFile(Path path, CsvColumns columns) implements DataOrigin {
    @Override
    public Dataset load(int maxEpisodeSteps) {
      return DatasetFiles.read(
          path, ReadOptions.DEFAULT.withStepLimit(maxEpisodeSteps).withColumns(columns));
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode json =
          JsonFiles.object().put("kind", "file").put("path", path.toAbsolutePath().toString());
      if (!columns.said().isEmpty()) {
        columns.said().forEach(json.putObject("columns")::put);
      }
      return json;
    }

    @Override
    public Optional<Task> task() {
      return Optional.empty();
    }

    private static DataFile fromJson(ObjectNode json, String file) {
      Map<String, String> columns = new LinkedHashMap<>();
      json.path("columns")
          .properties()
          .forEach(e -> columns.put(e.getKey(), e.getValue().asText()));
      try {
        return new DataFile(Path.of(JsonFiles.text(json, "path", file)), CsvColumns.of(columns));
      } catch (InvalidPathException e) {
        throw TensorFileException.content(
            file, "key 'data.path'", "a path", TensorFileException.quote(e.getInput()));
      } catch (IllegalArgumentException e) {
        throw TensorFileException.content(
            file, "key 'data.columns'", "columns of arrays", String.valueOf(e.getMessage()));
      }
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
    return switch (kind) {
      case "file", "d4rl" -> DataFile.fromJson(json, file); // d4rl: written before other formats
      case "pointmaze" ->
          new PointMaze(
              (int) JsonFiles.number(json, "rows", file),
              (long) JsonFiles.number(json, "seed", file));
      default ->
          throw TensorFileException.content(
              file, "key 'data.kind'", "file or pointmaze", TensorFileException.quote(kind));
    };
  }
}
