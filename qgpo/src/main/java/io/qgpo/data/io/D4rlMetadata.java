package io.qgpo.data.io;

import io.qgpo.data.DataException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What D4RL's files say under {@code metadata}: the algorithm that recorded them, and in some the
 * policy, as in {@code policy/fc0/weight}. Entries are found by their path below {@code metadata};
 * those that hold neither numbers nor text are left out.
 */
public final class D4rlMetadata {
  /** Numbers of all entries together: D4RL's policies have 70,000. */
  private static final int MOST_NUMBERS = 1 << 24;

  private static final int MOST_ENTRIES = 10_000;

  private static final int DEEPEST = 8;

  private final String file;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private long numbers;

  private D4rlMetadata(String file) {
    this.file = file;
  }

  /** One entry. */
  public sealed interface Entry {}

  /**
   * Numbers.
   *
   * @param shape empty for a single number
   * @param values row by row
   */
  public record Numbers(int[] shape, double[] values) implements Entry {}

  /** Text. */
  public record Text(String value) implements Entry {}

  /**
   * Reads the metadata of a file.
   *
   * @param path an HDF5 file in D4RL's layout
   * @return entries by path; empty if there are none
   * @throws DataException if the file is not sound
   */
  public static SortedMap<String, Entry> read(Path path) {
    String name = String.valueOf(path.getFileName());
    return DatasetFiles.guarded(
        name,
        () ->
            Hdf5File.read(
                path,
                name,
                root -> {
                  D4rlMetadata metadata = new D4rlMetadata(name);
                  if (root.names().contains("metadata")) {
                    metadata.add("", root.group("metadata"), 0);
                  }
                  return Collections.unmodifiableSortedMap(metadata.entries);
                }));
  }

  /** Links are left out: they lead elsewhere. */
  private void add(String path, Hdf5Group group, int depth) {
    if (depth > DEEPEST) {
      throw fault(path, "at most " + DEEPEST + " groups within each other", "more");
    }
    for (String name : group.names()) {
      if (group.isGroup(name)) {
        add(path + name + "/", group.group(name), depth + 1);
      } else if (group.isData(name)) {
        add(path + name, group, name);
      }
    }
  }

  private void add(String path, Hdf5Group group, String name) {
    if (entries.size() == MOST_ENTRIES) {
      throw fault(path, "at most " + MOST_ENTRIES + " entries", "more");
    }
    int[] shape = group.extents(name);
    if (shape == null) {
      return;
    }
    numbers += Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (numbers > MOST_NUMBERS) {
      throw fault(path, "at most " + MOST_NUMBERS + " numbers", "more");
    }
    Object value = group.value(name);
    double[] values = values(value);
    if (values != null) {
      entries.put(path, new Numbers(shape, values));
    } else if (value instanceof String text) {
      entries.put(path, new Text(text));
    }
  }

  /** Numbers as float64; null for anything else. */
  private static double[] values(Object value) {
    return switch (value) {
      case double[] v -> v;
      case float[] v -> {
        double[] out = new double[v.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = v[i];
        }
        yield out;
      }
      case long[] v -> {
        double[] out = new double[v.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = v[i];
        }
        yield out;
      }
      case int[] v -> {
        double[] out = new double[v.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = v[i];
        }
        yield out;
      }
      case Number v -> new double[] {v.doubleValue()};
      case null, default -> null;
    };
  }

  private DataException fault(String path, String expected, String found) {
    return DataException.ofKey(file, "metadata/" + path, expected, found);
  }
}
