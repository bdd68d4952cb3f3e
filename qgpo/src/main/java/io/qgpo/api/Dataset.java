package io.qgpo.api;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.Source;
import io.qgpo.data.io.CsvColumns;
import io.qgpo.data.io.DatasetConversion;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.FileFormat;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.run.DataOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Logged transitions to learn from, episode after episode: in row i the state that was seen, the
 * action that was taken in it and the reward that it earned. Immutable.
 */
public final class Dataset {
  /** In the folder of a run on data in memory. */
  private static final String FILE_IN_RUN = "data.npz";

  private static final String IN_MEMORY = "data in memory";

  /** A file, or null for rows in memory. */
  private final DataOrigin.DataFile file;

  private final LoggedRows rows;

  private Dataset(DataOrigin.DataFile file, LoggedRows rows) {
    this.file = file;
    this.rows = rows;
  }

  /**
   * Rows in memory; they are copied.
   *
   * @param observations [n][state size]
   * @param actions [n][action size]
   * @param rewards [n]
   * @param terminals [n], true where the task itself ended the episode: nothing is earned after it
   * @param timeouts [n], true where recording stopped while the task would have gone on: the next
   *     row is the start of another episode
   * @throws DataException for fewer than two rows, rows of different length, NaN or Inf
   */
  public static Dataset of(
      float[][] observations,
      float[][] actions,
      float[] rewards,
      boolean[] terminals,
      boolean[] timeouts) {
    Objects.requireNonNull(timeouts, "timeouts");
    return new Dataset(
        null,
        LoggedRows.of(
            new Source(IN_MEMORY, "", false),
            columns("observations", observations),
            columns("actions", actions),
            flat("observations", observations),
            flat("actions", actions),
            rewards,
            terminals,
            timeouts));
  }

  /**
   * A file or folder of any format that the command line reads; CSV with the usual column names.
   *
   * @throws DataException if it cannot be read
   */
  public static Dataset read(Path path) {
    var file = new DataOrigin.DataFile(path, CsvColumns.USUAL);
    DatasetFiles.readRows(path, ReadOptions.DEFAULT); // refuses it now, not later
    return new Dataset(file, null);
  }

  /** Where a run in this folder finds the data again: rows in memory are kept in it. */
  DataOrigin.DataFile origin(Path folder) {
    if (file != null) {
      return file;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the run folder " + folder, e);
    }
    Path copy = folder.resolve(FILE_IN_RUN);
    DatasetConversion.write(rows, copy, FileFormat.NPZ, 1, true);
    return new DataOrigin.DataFile(copy, CsvColumns.USUAL);
  }

  /** Of the data as a run keeps them: equal for equal data. */
  String sha256() {
    if (file != null) {
      return DatasetFiles.readRows(file.path(), ReadOptions.DEFAULT).source().sha256();
    }
    try {
      Path folder = Files.createTempDirectory("qgpo");
      try {
        Path copy = origin(folder).path();
        String sha256 = DatasetFiles.readRows(copy, ReadOptions.DEFAULT).source().sha256();
        Files.delete(copy);
        return sha256;
      } finally {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write data to a temporary file", e);
    }
  }

  private static int columns(String name, float[][] values) {
    return values.length == 0 ? 0 : Objects.requireNonNull(values[0], name).length;
  }

  private static float[] flat(String name, float[][] values) {
    int columns = columns(name, values);
    float[] flat = new float[Math.multiplyExact(values.length, columns)];
    for (int row = 0; row < values.length; row++) {
      if (values[row].length != columns) {
        throw DataException.ofRow(
            IN_MEMORY, name, row, columns + " numbers as in row 0", values[row].length + "");
      }
      System.arraycopy(values[row], 0, flat, row * columns, columns);
    }
    return flat;
  }
}
