package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.Npz;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes logged rows in any format: observations, actions and rewards as float32, what was recorded
 * along with them in its own precision (in CSV as digits that give the same numbers). What was
 * written is read back and compared before it takes its place.
 */
public final class DatasetConversion {
  private DatasetConversion() {}

  /**
   * Writes rows.
   *
   * @param rows what to write, read with {@link ReadOptions#keepingExtras()} if these are to come
   *     along
   * @param to the file, for Minari the folder
   * @param format its format
   * @param stepLimit where episodes time out, if the rows do not say: Minari has no steps without
   *     an episode
   * @param replace whether an existing file may be replaced
   * @throws DataException if it exists and may not be replaced, or cannot be written
   */
  public static void write(
      LoggedRows rows, Path to, FileFormat format, int stepLimit, boolean replace) {
    String name = String.valueOf(to.getFileName());
    checkTarget(to, name, format, replace);
    ReadOptions back = ReadOptions.DEFAULT.withStepLimit(stepLimit).keepingExtras();
    try {
      if (format == FileFormat.MINARI) {
        MinariWriter writer = new MinariWriter(rows, stepLimit);
        writer.write(
            to,
            file ->
                RowComparison.check(
                    name,
                    rows,
                    Hdf5File.read(
                        file,
                        name,
                        root ->
                            new MinariEpisodes(rows.source(), writer.metadata(), back).read(root)),
                    stepLimit));
        return;
      }
      AtomicFiles.writeAt(
          to,
          temporary -> {
            write(rows, temporary, format);
            RowComparison.check(
                name, rows, DatasetFiles.readRows(temporary, name, format, back), stepLimit);
          });
    } catch (TensorFileException e) {
      throw DataException.of(e);
    } catch (IOException e) {
      throw DataException.ofFile(name, "a file that can be written", String.valueOf(e)).causedBy(e);
    }
  }

  private static void checkTarget(Path to, String name, FileFormat format, boolean replace) {
    boolean minari = format == FileFormat.MINARI;
    if (Files.exists(to) && Files.isDirectory(to) != minari) {
      throw minari
          ? DataException.ofFile(name, "a folder to write to", "a file")
          : DataException.ofFile(name, "a file to write to", "a folder");
    }
    Path taken = minari ? to.resolve(MinariFolder.DATA_FOLDER).resolve(MinariFolder.MAIN_FILE) : to;
    if (Files.exists(taken) && !replace) {
      throw DataException.ofFile(name, "no data there yet (--force replaces them)", "some");
    }
  }

  private static void write(LoggedRows rows, Path file, FileFormat format) throws IOException {
    switch (format) {
      case D4RL -> Hdf5Writer.write(file, root -> Hdf5Writer.putD4rl(root, rows));
      case NPZ -> Npz.write(file, arrays(rows), true);
      case CSV -> CsvText.write(rows, file);
      case MINARI -> throw new IllegalArgumentException("Minari is a folder, not a file");
    }
  }

  private static List<NamedArray> arrays(LoggedRows rows) {
    int n = rows.size();
    float[] observations = new float[Math.multiplyExact(n, rows.observationSize())];
    float[] actions = new float[Math.multiplyExact(n, rows.actionSize())];
    boolean[] terminals = new boolean[n];
    boolean[] timeouts = new boolean[n];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < rows.observationSize(); c++) {
        observations[i * rows.observationSize() + c] = rows.observation(i, c);
      }
      for (int c = 0; c < rows.actionSize(); c++) {
        actions[i * rows.actionSize() + c] = rows.action(i, c);
      }
      terminals[i] = rows.terminal(i);
      timeouts[i] = rows.timeout(i);
    }
    List<NamedArray> arrays = new ArrayList<>();
    arrays.add(NamedArray.of(D4rlLayout.OBSERVATIONS, observations, n, rows.observationSize()));
    arrays.add(NamedArray.of(D4rlLayout.ACTIONS, actions, n, rows.actionSize()));
    arrays.add(NamedArray.of(D4rlLayout.REWARDS, Hdf5Writer.rewards(rows, 0, n), n));
    arrays.add(NamedArray.of(D4rlLayout.TERMINALS, terminals, n));
    if (rows.hasTimeouts()) {
      arrays.add(NamedArray.of(D4rlLayout.TIMEOUTS, timeouts, n));
    }
    rows.extras().forEach((key, array) -> arrays.add(named(key, array)));
    return arrays;
  }

  private static NamedArray named(String key, RowArray array) {
    int[] shape =
        array.isVector() ? new int[] {array.rows()} : new int[] {array.rows(), array.columns()};
    int width = array.columns();
    if (array.isDouble()) {
      double[] values = new double[Math.multiplyExact(array.rows(), width)];
      for (int i = 0; i < values.length; i++) {
        values[i] = array.at(i / width, i % width);
      }
      return NamedArray.of(key, values, shape);
    }
    float[] values = new float[Math.multiplyExact(array.rows(), width)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.at(i / width, i % width);
    }
    return NamedArray.of(key, values, shape);
  }
}
