package io.qgpo.data;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads data sets in D4RL's HDF5 layout: {@code observations} [n, obs], {@code actions} [n, act],
 * {@code rewards} [n] or [n, 1] (float32 or float64), {@code terminals} and, optionally, {@code
 * timeouts} [n] (HDF5 boolean enum, or 8-bit integers 0 and 1). Anything else is refused with a
 * {@link DataException} of one sentence.
 */
public final class D4rlReader {
  private D4rlReader() {}

  /** Reads a file, with a limit of {@value Dataset#DEFAULT_STEP_LIMIT} steps. */
  public static Dataset read(Path file) {
    return read(file, Dataset.DEFAULT_STEP_LIMIT);
  }

  /**
   * Reads a file.
   *
   * @param file an HDF5 file
   * @param stepLimit steps after which an episode counts as timed out; used only if the file has no
   *     {@code timeouts}
   * @throws DataException if the file cannot be used, in one sentence
   */
  public static Dataset read(Path file, int stepLimit) {
    String name = String.valueOf(file.getFileName());
    try {
      Hdf5Keys.checkWhole(file);
      Source source = new Source(name, Sha256.ofFile(file), false);
      try (HdfFile hdf = new HdfFile(file)) {
        return read(source, new Hdf5Keys(name, hdf, file.toFile().length()), stepLimit);
      }
    } catch (IOException e) {
      throw DataException.ofFile(name, "a readable file", String.valueOf(e)).causedBy(e);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      throw DataException.ofFile(
              name, "a sound HDF5 file", "one that cannot be decoded (" + Hdf5Keys.reason(e) + ")")
          .causedBy(e);
    } catch (OutOfMemoryError e) {
      throw DataException.ofFile(
              name,
              "a file that fits in the heap of " + Hdf5Keys.heap(),
              "one that does not (allow more with -Xmx, if the file is sound)")
          .causedBy(e);
    }
  }

  private static Dataset read(Source source, Hdf5Keys keys, int stepLimit) {
    Hdf5Keys.Floats observations = keys.matrix("observations");
    Hdf5Keys.Floats actions = keys.matrix("actions");
    float[] rewards = keys.floatColumn("rewards");
    int rows = rewards.length;
    keys.checkRows("observations", observations.rows(), rows);
    keys.checkRows("actions", actions.rows(), rows);
    boolean[] terminals = keys.booleanColumn("terminals");
    keys.checkRows("terminals", terminals.length, rows);
    boolean[] timeouts = keys.has("timeouts") ? keys.booleanColumn("timeouts") : null;
    if (timeouts != null) {
      keys.checkRows("timeouts", timeouts.length, rows);
    }
    LoggedRows logged =
        LoggedRows.wrap(
            source,
            observations.columns(),
            actions.columns(),
            observations.values(),
            actions.values(),
            rewards,
            terminals,
            timeouts);
    List<String> faults = new ArrayList<>();
    if (keys.has("next_observations")) {
      compareNext(logged, stepLimit, keys.matrix("next_observations"), faults);
    }
    return Dataset.of(logged, stepLimit, faults);
  }

  /**
   * The optional key next_observations is not used; where it contradicts the order of the rows, the
   * rows are not in the order of time (shuffled, say) and the transitions would be nonsense.
   */
  private static void compareNext(
      LoggedRows rows, int stepLimit, Hdf5Keys.Floats next, List<String> faults) {
    int width = rows.observationSize;
    if (next.columns() != width || next.rows() != rows.size()) {
      throw DataException.ofKey(
          rows.source.name(),
          "next_observations",
          rows.size() + " x " + width + " as in 'observations'",
          next.rows() + " x " + next.columns());
    }
    boolean[] timeouts = QLearning.timeouts(rows, stepLimit);
    int differing = 0;
    int first = -1;
    for (int i = 0; i < rows.size() - 1; i++) {
      if (timeouts[i] || rows.terminals[i]) {
        continue;
      }
      int at = i * width;
      for (int c = 0; c < width; c++) {
        if (next.values()[at + c] != rows.observations[at + width + c]) {
          differing++;
          first = first < 0 ? i : first;
          break;
        }
      }
    }
    if (differing > 0) {
      faults.add(
          "next_observations differs from the following row's observation in %d rows, first row %d"
              .formatted(differing, first));
    }
  }
}
