package io.qgpo.cli;

import io.qgpo.report.ComparedRuns;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a comparison as typed: [NAME=]RUN[,RUN...]. Names of folders may hold the same
 * signs, as a sweep's do: what exists is a path.
 */
final class CompareColumns {
  /**
   * As typed.
   *
   * @param name empty for the shortest end of the first path that no other column is called
   */
  private record Column(Optional<String> name, List<Path> paths) {
    /** The last parts of the first path, as many as there are at most. */
    String end(int parts) {
      Path path = paths.getFirst().toAbsolutePath().normalize();
      int from = Math.max(0, path.getNameCount() - parts);
      return path.getNameCount() == 0
          ? path.toString()
          : path.subpath(from, path.getNameCount()).toString();
    }
  }

  private CompareColumns() {}

  /**
   * Columns of different names.
   *
   * @throws UsageException if two have the same name, or a run is in a column twice
   */
  static List<ComparedRuns> of(List<String> arguments) {
    List<Column> columns = arguments.stream().map(CompareColumns::column).toList();
    columns.forEach(column -> requireDifferent(column.paths()));
    List<String> names = names(columns);
    List<ComparedRuns> runs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.indexOf(names.get(i)) < i) {
        throw new UsageException(
            "compare: expected columns of different names, found '%s' twice; name them as in NAME=RUN"
                .formatted(names.get(i)));
      }
      runs.add(new ComparedRuns(names.get(i), columns.get(i).paths()));
    }
    return runs;
  }

  private static Column column(String argument) {
    List<String> unnamed = split(argument);
    int equals = argument.indexOf('=');
    return equals < 1 || exists(unnamed.getFirst())
        ? new Column(Optional.empty(), paths(unnamed))
        : new Column(
            Optional.of(argument.substring(0, equals)),
            paths(split(argument.substring(equals + 1))));
  }

  /** Paths with commas between them; a comma is part of a name where a file of that name exists. */
  private static List<String> split(String text) {
    List<String> parts = Arrays.asList(text.split(",", -1));
    List<String> paths = new ArrayList<>();
    int from = 0;
    while (from < parts.size()) {
      int to = parts.size();
      while (to > from + 1 && !exists(String.join(",", parts.subList(from, to)))) {
        to--;
      }
      paths.add(String.join(",", parts.subList(from, to)));
      from = to;
    }
    return paths;
  }

  private static boolean exists(String text) {
    try {
      return !text.isEmpty() && Files.exists(Path.of(text));
    } catch (InvalidPathException _) {
      return false; // on Windows NAME=C:\run is none
    }
  }

  private static List<Path> paths(List<String> texts) {
    List<Path> paths = new ArrayList<>();
    for (String text : texts) {
      if (text.isBlank()) {
        throw new UsageException(
            "compare: expected runs with single commas between them, found '%s'"
                .formatted(String.join(",", texts)));
      }
      try {
        paths.add(Path.of(text));
      } catch (InvalidPathException e) {
        throw new UsageException("compare: expected a path, found '" + text + "'", e);
      }
    }
    return paths;
  }

  private static void requireDifferent(List<Path> paths) {
    Set<Path> seen = new HashSet<>();
    for (Path path : paths) {
      if (!seen.add(evaluation(path))) {
        throw new UsageException(
            "compare: expected different runs in a column, found %s twice".formatted(path));
      }
    }
  }

  /** The file of returns: a run may be given as its folder, too. */
  private static Path evaluation(Path path) {
    try {
      return Files.isDirectory(path)
          ? EvaluationReport.fileIn(path.toRealPath(), TrainedPolicy.LAST)
          : path.toRealPath();
    } catch (IOException e) {
      throw TensorFileException.io(path, "read", e);
    }
  }

  /** Those given; of the others, so many last parts of their paths as tell them apart. */
  private static List<String> names(List<Column> columns) {
    List<String> names = new ArrayList<>();
    for (Column column : columns) {
      names.add(column.name().orElseGet(() -> shortestName(column, columns)));
    }
    return names;
  }

  private static String shortestName(Column column, List<Column> columns) {
    int most = column.paths().getFirst().toAbsolutePath().normalize().getNameCount();
    for (int i = 1; i <= most; i++) {
      int parts = i;
      String name = column.end(parts);
      long equal =
          columns.stream()
              .filter(other -> other.name().orElseGet(() -> other.end(parts)).equals(name))
              .count();
      if (equal == 1) {
        return name;
      }
    }
    return column.end(1);
  }
}
