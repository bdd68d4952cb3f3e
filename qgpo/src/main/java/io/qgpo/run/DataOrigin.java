package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.data.Dataset;
import io.qgpo.data.io.CsvColumns;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.env.PointMazeData;
import io.qgpo.env.maze2d.Maze2d;
import io.qgpo.env.maze2d.Maze2dData;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a run's data are found again when it resumes. */
public sealed interface DataOrigin {
  /** Far more than is ever generated; what a file says must not fill the memory. */
  int MOST_ROWS = 1_000_000;

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
    public DataFile absolute() {
      return new DataFile(path.toAbsolutePath(), columns);
    }

    @Override
    public DataFile portable() {
      return new DataFile(path.getFileName(), columns);
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode json = JsonFiles.object().put("kind", "file").put("path", path.toString());
      if (!columns.said().isEmpty()) {
        columns.said().forEach(json.putObject("columns")::put);
      }
      return json;
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
  }

  /**
   * A maze2d environment's data, generated.
   *
   * @param maze the environment's name
   */
  record Maze2dRecording(String maze, int rows, long seed) implements DataOrigin {
    /** Where there is no such maze. */
    public Maze2dRecording {
      maze(maze);
    }

    private static Maze2d maze(String name) {
      for (Maze2d candidate : Maze2d.values()) {
        if (candidate.label().equals(name)) {
          return candidate;
        }
      }
      throw new IllegalArgumentException("maze2d: expected one of " + Maze2d.names());
    }

    @Override
    public Dataset load(int maxEpisodeSteps) {
      return Maze2dData.generate(maze(maze), rows, seed);
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode json = JsonFiles.object().put("kind", "maze2d").put("maze", maze);
      return json.put("rows", rows).put("seed", seed);
    }
  }

  /**
   * Reads or generates the data.
   *
   * @param maxEpisodeSteps where an episode times out if the data do not say
   */
  Dataset load(int maxEpisodeSteps);

  /** The same, from wherever the program is started. */
  default DataOrigin absolute() {
    return this;
  }

  /** The same without what tells of one machine: of a file, its name alone. */
  default DataOrigin portable() {
    return this;
  }

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
          new PointMaze(rows(json, file), (long) JsonFiles.number(json, "seed", file));
      case "maze2d" ->
          new Maze2dRecording(
              JsonFiles.text(json, "maze", file),
              rows(json, file),
              (long) JsonFiles.number(json, "seed", file));
      default ->
          throw TensorFileException.content(
              file,
              "key 'data.kind'",
              "file, pointmaze or maze2d",
              TensorFileException.quote(kind));
    };
  }

  private static int rows(ObjectNode json, String file) {
    double rows = JsonFiles.number(json, "rows", file);
    if (rows != Math.rint(rows) || rows < 2 || rows > MOST_ROWS) {
      throw TensorFileException.content(
          file, "key 'data.rows'", "a whole number from 2 to " + MOST_ROWS, rows + "");
    }
    return (int) rows;
  }
}
