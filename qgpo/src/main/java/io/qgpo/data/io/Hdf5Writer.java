package io.qgpo.data.io;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.WritableGroup;
import io.jhdf.exceptions.HdfException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Writes HDF5: D4RL's layout, and the pieces of which Minari's is made. */
final class Hdf5Writer {
  /** h5py's own choice, and a good trade between size and time. */
  private static final int DEFLATE = 4;

  /** Rows of a chunk: of 20 floats they make half a megabyte, within HDF5's chunk cache. */
  private static final int CHUNK_ROWS = 8192;

  private Hdf5Writer() {}

  /** Writes a file with what {@code body} puts into its root group. */
  static void write(Path file, Consumer<WritableGroup> body) throws IOException {
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      body.accept(hdf);
    } catch (HdfException e) {
      throw new IOException(Hdf5File.reason(e), e);
    }
  }

  /** Puts rows into a group in D4RL's layout; booleans are 8-bit integers 0 and 1. */
  static void putD4rl(WritableGroup root, LoggedRows rows) {
    int n = rows.size();
    put(root, D4rlLayout.OBSERVATIONS, observations(rows, 0, n));
    put(root, D4rlLayout.ACTIONS, actions(rows, 0, n));
    put(root, D4rlLayout.REWARDS, rewards(rows, 0, n));
    byte[] terminals = new byte[n];
    byte[] timeouts = new byte[n];
    for (int i = 0; i < n; i++) {
      terminals[i] = (byte) (rows.terminal(i) ? 1 : 0);
      timeouts[i] = (byte) (rows.timeout(i) ? 1 : 0);
    }
    put(root, D4rlLayout.TERMINALS, terminals);
    if (rows.hasTimeouts()) {
      put(root, D4rlLayout.TIMEOUTS, timeouts);
    }
    Map<String, WritableGroup> groups = new TreeMap<>();
    rows.extras()
        .forEach(
            (key, array) -> {
              int slash = key.indexOf('/');
              WritableGroup group =
                  slash < 0
                      ? root
                      : groups.computeIfAbsent(key.substring(0, slash), root::putGroup);
              put(group, key.substring(slash + 1), values(array, 0, n));
            });
  }

  /** Puts an array into a group, compressed in chunks of rows. */
  static void put(WritableGroup group, String name, Object array) {
    int rows = Array.getLength(array);
    int chunk = Math.min(rows, CHUNK_ROWS);
    Object first = Array.get(array, 0);
    int[] shape =
        first.getClass().isArray() ? new int[] {chunk, Array.getLength(first)} : new int[] {chunk};
    group.putDataset(
        name,
        array,
        DatasetCreationOptions.builder().chunkDimensions(shape).deflate(DEFLATE).build());
  }

  /** Observations of rows from .. to - 1. */
  static float[][] observations(LoggedRows rows, int from, int to) {
    float[][] out = new float[to - from][rows.observationSize()];
    for (int i = from; i < to; i++) {
      for (int c = 0; c < rows.observationSize(); c++) {
        out[i - from][c] = rows.observation(i, c);
      }
    }
    return out;
  }

  /** Actions of rows from .. to - 1. */
  static float[][] actions(LoggedRows rows, int from, int to) {
    float[][] out = new float[to - from][rows.actionSize()];
    for (int i = from; i < to; i++) {
      for (int c = 0; c < rows.actionSize(); c++) {
        out[i - from][c] = rows.action(i, c);
      }
    }
    return out;
  }

  /** Rewards of rows from .. to - 1. */
  static float[] rewards(LoggedRows rows, int from, int to) {
    float[] out = new float[to - from];
    for (int i = from; i < to; i++) {
      out[i - from] = rows.reward(i);
    }
    return out;
  }

  /** Rows from .. to - 1 of an array, in its own precision and shape. */
  static Object values(RowArray array, int from, int to) {
    Class<?> type = array.isDouble() ? double.class : float.class;
    Object out =
        array.isVector()
            ? Array.newInstance(type, to - from)
            : Array.newInstance(type, to - from, array.columns());
    for (int i = from; i < to; i++) {
      Object row = array.isVector() ? out : Array.get(out, i - from);
      for (int c = 0; c < array.columns(); c++) {
        int at = array.isVector() ? i - from : c;
        if (row instanceof double[] wide) {
          wide[at] = array.at(i, c);
        } else if (row instanceof float[] single) {
          single[at] = (float) array.at(i, c);
        }
      }
    }
    return out;
  }
}
