package io.qgpo.cli;

import io.qgpo.data.io.CsvColumns;
import io.qgpo.data.io.DatasetFiles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a data set that is not D4RL's is to be understood. */
final class DataOptions {
  /** What can be read. */
  static final String FORMATS =
      "HDF5 file in D4RL's format, Minari folder (or minari:ID), npz or CSV file";

  @Option(
      names = "--columns",
      paramLabel = "KEY=NAMES",
      description = {
        "Columns of a CSV file that make up an array: KEY is observations, actions, rewards,"
            + " terminals, timeouts, next_observations, infos/NAME, or ignore; NAMES are separated"
            + " by commas, and x* stands for x0,x1,... Once for each KEY.",
        "Default: s*, a*, reward, terminal and, where they are there, timeout, next_s*,"
            + " infos/NAME or infos/NAME[0], ..."
      })
  private Map<String, String> columns = new LinkedHashMap<>();

  /** Whether any column was named. */
  boolean given() {
    return !columns.isEmpty();
  }

  /** The columns of a CSV file. */
  CsvColumns columns() {
    try {
      return CsvColumns.of(columns);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--columns: " + e.getMessage(), e);
    }
  }

  /** Turns what a user writes for a data set into its path. */
  static final class DatasetPath implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      try {
        return DatasetFiles.locate(text);
      } catch (InvalidPathException e) {
        throw new TypeConversionException("expected a path, found '" + text + "'");
      }
    }
  }
}
