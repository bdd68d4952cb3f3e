package io.qgpo.api;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.Source;
import io.qgpo.data.io.CsvColumns;
import io.qgpo.data.io.DatasetConversion;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.FileFormat;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.data.io.RowComparison;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.RunException;
import io.qgpo.run.RunInfo;
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
    return inMemory(observations, actions, rewards, terminals, timeouts);
  }

  /**
   * Rows in memory that do not say where recording stopped: an episode that no terminal ends does
   * so after as many rows as the setting {@code data.maxEpisodeSteps} says. They are copied.
   *
   * @param observations [n][state size]
   * @param actions [n][action size]
   * @param rewards [n]
   * @param terminals [n], true where the task itself ended the episode: nothing is earned after it
   * @throws DataException for fewer than two rows, rows of different length, NaN or Inf
   */
  public static Dataset of(
      float[][] observations, float[][] actions, float[] rewards, boolean[] terminals) {
    return inMemory(observations, actions, rewards, terminals, null);
  }

  private static Dataset inMemory(
      float[][] observations,
      float[][] actions,
      float[] rewards,
      boolean[] terminals,
      boolean[] timeouts) {
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

  /**
   * Where a run in this folder finds the data again: rows in memory are kept in it.
   *
   * @throws RunException if the folder holds other data under that name, which are left alone
   */
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
    if (!Files.exists(copy)) {
      DatasetConversion.write(rows, copy, FileFormat.NPZ, Integer.MAX_VALUE, false);
    } else if (!isKept(copy)) {
      throw new RunException(
          "The folder %s holds a %s of other data: choose another folder."
              .formatted(folder, FILE_IN_RUN));
    }
    return new DataOrigin.DataFile(copy, CsvColumns.USUAL);
  }

  /**
   * Whether a file holds the rows in memory, as a run that was killed when it began leaves them.
   */
  private boolean isKept(Path copy) {
    try {
      return RowComparison.same(rows, DatasetFiles.readRows(copy, ReadOptions.DEFAULT));
    } catch (DataException e) {
      return false; // no data at all
    }
  }

  /**
   * Whether the run in this folder learns from these data.
   *
   * @throws DataException if they cannot be read any more
   */
  boolean isOf(Path folder, RunInfo run) {
    if (file != null) {
      return DatasetFiles.readRows(file.path(), ReadOptions.DEFAULT)
          .source()
          .sha256()
          .equals(run.sha256());
    }
    Path copy = folder.resolve(FILE_IN_RUN);
    if (!Files.exists(copy)) {
      return false;
    }
    LoggedRows kept = DatasetFiles.readRows(copy, ReadOptions.DEFAULT);
    return kept.source().sha256().equals(run.sha256()) && RowComparison.same(rows, kept);
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
