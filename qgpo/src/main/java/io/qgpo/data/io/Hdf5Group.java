package io.qgpo.data.io;

import static java.util.stream.Collectors.joining;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.EnumDataType;
import io.qgpo.data.DataException;
import io.qgpo.data.RowArray;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checked access to the arrays of one group of an HDF5 file. */
final class Hdf5Group implements KeyedArrays {
  /** Deflate cannot shrink data to less than 1/1032; what claims more than that is broken. */
  private static final long LARGEST_COMPRESSION = 1032;

  /**
   * Elements of a chunk that may exceed those of its array: growing arrays have chunks larger than
   * themselves. h5py chooses at most 2^20 bytes; the decoder takes a second for 2^24 elements.
   */
  private static final long LARGEST_SPARE_CHUNK = 1 << 24;

  /** Names of an enumeration, as h5py writes booleans. */
  private static final String TRUE = "TRUE";

  /** See {@link #TRUE}. */
  private static final String FALSE = "FALSE";

  /** An error about a missing key names at most this many others. */
  private static final int MOST_KEYS_NAMED = 12;

  private final String file;
  private final String path;
  private final Map<String, Node> children;
  private final Group group;
  private final long fileLength;

  /**
   * @param file file name for errors
   * @param path of the group, empty or ending in a slash, for errors
   * @param group the group of the open file
   * @param fileLength the file's length in bytes
   */
  Hdf5Group(String file, String path, Group group, long fileLength) {
    this.file = file;
    this.path = path;
    this.group = group;
    this.children = group.getChildren();
    this.fileLength = fileLength;
  }

  /** The file's name, for errors. */
  String file() {
    return file;
  }

  /** Names of everything in the group: arrays, groups and links. */
  Set<String> names() {
    return children.keySet();
  }

  /** The group itself, for its attributes. */
  Group node() {
    return group;
  }

  /** A group in this group. */
  Hdf5Group group(String name) {
    Node node = child(name);
    if (node.isLink() || !(node instanceof Group inner)) {
      throw DataException.ofKey(file, path + name, "a group", kind(node));
    }
    return new Hdf5Group(file, path + name + "/", inner, fileLength);
  }

  /** Whether this name is that of a group, not of a link to one. */
  boolean isGroup(String name) {
    return children.get(name) instanceof Group inner && !inner.isLink();
  }

  /** Whether this name is that of an array or a single value, not of a link to one. */
  boolean isData(String name) {
    return children.get(name) instanceof Dataset data && !data.isLink();
  }

  /**
   * The extents of an array or single value, empty for the latter; null where nothing is stored.
   */
  int[] extents(String key) {
    Dataset data = dataset(key);
    if (data.isEmpty()) {
      return null;
    }
    return data.isScalar() ? new int[0] : shape(key, data);
  }

  /** An array, flat, or a single value, in whatever type the decoder has for it. */
  Object value(String key) {
    Dataset data = dataset(key);
    return data.isScalar() ? data.getData() : flat(key, data);
  }

  /** Arrays and links of this group, and those of {@code infos} that hold numbers or booleans. */
  @Override
  public Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    children.forEach(
        (name, node) -> {
          if (node.isLink() || node instanceof Dataset) {
            keys.add(name);
          }
        });
    String infos = D4rlLayout.INFOS.substring(0, D4rlLayout.INFOS.length() - 1);
    if (children.get(infos) instanceof Group inner && !inner.isLink()) {
      inner
          .getChildren()
          .forEach(
              (name, node) -> {
                if (!node.isLink() && node instanceof Dataset data && isNumeric(data)) {
                  keys.add(D4rlLayout.INFOS + name);
                }
              });
    }
    return keys;
  }

  private static boolean isNumeric(Dataset data) {
    return data.getJavaType().isPrimitive() || isBoolean(data);
  }

  private static boolean isBoolean(Dataset data) {
    return data.getDataType() instanceof EnumDataType type
        && type.getEnumMapping().equals(Map.of(0, FALSE, 1, TRUE));
  }

  @Override
  public Matrix matrix(String key) {
    Dataset data = dataset(key);
    int[] shape = shape(key, data);
    if (shape.length != 2 || shape[1] < 1) {
      throw fault(key, "shape [rows, columns]", Arrays.toString(shape));
    }
    return new Matrix(shape[0], shape[1], floats(key, data));
  }

  @Override
  public float[] floatColumn(String key) {
    Dataset data = dataset(key);
    checkColumn(key, shape(key, data));
    return floats(key, data);
  }

  @Override
  public boolean[] booleanColumn(String key) {
    Dataset data = dataset(key);
    checkColumn(key, shape(key, data));
    return NumberArrays.flags(file, path + key, numbers(key, data));
  }

  @Override
  public RowArray rowArray(String key) {
    if (key.startsWith(D4rlLayout.INFOS)) {
      int slash = D4rlLayout.INFOS.length();
      return group(key.substring(0, slash - 1)).rowArray(key.substring(slash));
    }
    Dataset data = dataset(key);
    int[] shape = shape(key, data);
    if (shape.length > 2) {
      throw fault(key, "shape [rows] or [rows, columns]", Arrays.toString(shape));
    }
    return NumberArrays.rowArray(file, path + key, shape, numbers(key, data));
  }

  private void checkColumn(String key, int[] shape) {
    boolean column = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    if (!column) {
      throw fault(key, "shape [rows] or [rows, 1]", Arrays.toString(shape));
    }
  }

  private Node child(String key) {
    Node node = children.get(key);
    if (node == null) {
      String keys =
          children.keySet().stream().sorted().limit(MOST_KEYS_NAMED).collect(joining(", "));
      throw fault(key, "this key", keys.isEmpty() ? "none" : "only " + keys);
    }
    return node;
  }

  private Dataset dataset(String key) {
    Node node = child(key);
    // A link may lead to another file, whose content the hash would not cover.
    if (node.isLink() || !(node instanceof Dataset data)) {
      throw fault(key, "a data set", kind(node));
    }
    return data;
  }

  private static String kind(Node node) {
    return node.isLink() ? "a link" : node instanceof Dataset ? "a data set" : "a group";
  }

  /** The shape, once it is certain that so much data can be there and be held. */
  private int[] shape(String key, Dataset data) {
    long[] shape = data.getDimensionsAsLong();
    if (shape.length == 0 || data.isEmpty()) {
      throw fault(key, "an array", "a scalar or nothing");
    }
    long values = elements(shape);
    if (values < 0) {
      throw fault(key, "fewer than 2^31 values", "shape " + Arrays.toString(shape));
    }
    if (values == 0) {
      throw fault(key, "at least 1 value", "shape " + Arrays.toString(shape));
    }
    long size = data.getDataType().getSize();
    long bytes = values * size;
    if (bytes > fileLength * LARGEST_COMPRESSION) {
      throw fault(
          key,
          "data that fit in a file of " + fileLength + " bytes",
          "shape " + Arrays.toString(shape) + " (" + bytes + " bytes)");
    }
    // The decoder holds the raw bytes and the decoded array at once.
    if (bytes > Runtime.getRuntime().maxMemory() / 2) {
      throw fault(
          key,
          "data that fit twice in the heap of " + heap() + " (allow more with -Xmx)",
          bytes + " bytes");
    }
    if (data instanceof ChunkedDataset chunked) {
      checkChunkSize(key, chunked, values);
      checkChunksAreThere(key, chunked, shape);
    }
    return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }

  /** The decoder makes a table as long as a chunk, so that must be bounded. */
  private void checkChunkSize(String key, ChunkedDataset data, long values) {
    int[] chunk = data.getChunkDimensions();
    long elements = elements(Arrays.stream(chunk).asLongStream().toArray());
    if (elements <= 0 || elements > Math.max(values, LARGEST_SPARE_CHUNK)) {
      throw fault(
          key,
          "chunks of 1 to " + Math.max(values, LARGEST_SPARE_CHUNK) + " values",
          "chunks of shape " + Arrays.toString(chunk));
    }
  }

  /** What a broken index leaves out the decoder would give as zeros. */
  private void checkChunksAreThere(String key, ChunkedDataset data, long[] shape) {
    int[] chunk = data.getChunkDimensions();
    if (chunk.length != shape.length) {
      throw fault(
          key, "chunks of shape " + Arrays.toString(shape) + " or less", Arrays.toString(chunk));
    }
    int[] offset = new int[chunk.length];
    int dimension;
    do {
      try {
        data.getRawChunkBuffer(offset);
      } catch (RuntimeException e) {
        throw fault(
                key,
                "data in every chunk",
                "none at " + Arrays.toString(offset) + " (" + Hdf5File.reason(e) + ")")
            .causedBy(e);
      }
      dimension = chunk.length - 1;
      while (dimension >= 0 && shape[dimension] - offset[dimension] <= chunk[dimension]) {
        offset[dimension] = 0;
        dimension--;
      }
      if (dimension >= 0) {
        offset[dimension] += chunk[dimension];
      }
    } while (dimension >= 0);
  }

  /** The product of a shape's extents, -1 where one is negative or it exceeds an array's length. */
  private static long elements(long[] shape) {
    long elements = 1;
    for (long extent : shape) {
      if (extent < 0 || (extent > 0 && elements > Integer.MAX_VALUE / extent)) {
        return -1;
      }
      elements *= extent;
    }
    return elements;
  }

  private float[] floats(String key, Dataset data) {
    return NumberArrays.singles(file, path + key, numbers(key, data));
  }

  /** An array of Java's numbers or booleans; the latter are names in what h5py writes. */
  private Object numbers(String key, Dataset data) {
    Object flat = flat(key, data);
    if (!(flat instanceof String[] names)) {
      return flat;
    }
    boolean[] flags = new boolean[names.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = TRUE.equals(names[i]);
      if (!flags[i] && !FALSE.equals(names[i])) {
        throw NumberArrays.notABoolean(file, path + key, i, names[i]);
      }
    }
    return flags;
  }

  private Object flat(String key, Dataset data) {
    try {
      return data.getDataFlat();
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      throw fault(key, "sound data", "some that cannot be decoded (" + Hdf5File.reason(e) + ")")
          .causedBy(e);
    }
  }

  private DataException fault(String key, String expected, String found) {
    return DataException.ofKey(file, path + key, expected, found);
  }

  private static String heap() {
    return String.format(Locale.ROOT, "%d MiB", Runtime.getRuntime().maxMemory() >> 20);
  }
}
