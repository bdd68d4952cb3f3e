package io.qgpo.data;

import static java.util.stream.Collectors.joining;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/** Checked access to the top-level arrays of one HDF5 file. */
final class Hdf5Keys {
  /** First eight bytes of every HDF5 file. */
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  /** Bytes of the longest superblock that is looked at here. */
  private static final int SUPERBLOCK = 64;

  /** Deflate cannot shrink data to less than 1/1032; what claims more than that is broken. */
  private static final long LARGEST_COMPRESSION = 1032;

  /** An error about a missing key names at most this many others. */
  private static final int MOST_KEYS_NAMED = 12;

  private final String name;
  private final HdfFile hdf;
  private final long fileLength;

  /**
   * @param name file name for errors
   * @param hdf the open file
   * @param fileLength its length in bytes
   */
  Hdf5Keys(String name, HdfFile hdf, long fileLength) {
    this.name = name;
    this.hdf = hdf;
    this.fileLength = fileLength;
  }

  /** A matrix of floats, row by row. */
  record Floats(int rows, int columns, float[] values) {}

  /**
   * Throws unless the file is a regular HDF5 file as long as its header says.
   *
   * @throws DataException for anything else
   */
  static void checkWhole(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (!Files.isRegularFile(file)) {
      String found = Files.isDirectory(file) ? "a directory" : "no such file";
      throw DataException.ofFile(name, "an HDF5 file", found);
    }
    ByteBuffer head = ByteBuffer.allocate(SUPERBLOCK).order(ByteOrder.LITTLE_ENDIAN);
    long length;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      length = channel.size();
      while (head.hasRemaining() && channel.read(head) >= 0) {
        // Until the buffer is full or the file ends.
      }
    }
    if (length == 0) {
      throw DataException.ofFile(name, "an HDF5 file", "an empty file");
    }
    if (length < SUPERBLOCK || !Arrays.equals(head.array(), 0, 8, SIGNATURE, 0, 8)) {
      throw DataException.ofFile(
          name, "an HDF5 file (signature \\x89HDF at offset 0)", "other content");
    }
    long declared = endOfFile(head);
    if (declared > length) {
      throw DataException.ofFile(
          name, declared + " bytes as its header says", length + " (the file was cut)");
    }
  }

  /**
   * The end-of-file address of a superblock with 8-byte offsets (HDF5 specification, II.A); -1 for
   * others, which are left to the decoder.
   */
  private static long endOfFile(ByteBuffer head) {
    int version = head.get(8);
    return switch (version) {
      case 0 -> head.get(13) == 8 ? head.getLong(40) : -1;
      case 1 -> head.get(13) == 8 ? head.getLong(44) : -1;
      case 2, 3 -> head.get(9) == 8 ? head.getLong(28) : -1;
      default -> -1;
    };
  }

  /** Whether the file has this key. */
  boolean has(String key) {
    return hdf.getChildren().containsKey(key);
  }

  /** A floating-point matrix [n, columns]. */
  Floats matrix(String key) {
    Dataset data = dataset(key);
    int[] shape = shape(key, data);
    if (shape.length != 2 || shape[1] < 1) {
      throw DataException.ofKey(name, key, "shape [rows, columns]", Arrays.toString(shape));
    }
    return new Floats(shape[0], shape[1], floats(key, data));
  }

  /** A floating-point column, [n] or [n, 1]. */
  float[] floatColumn(String key) {
    Dataset data = dataset(key);
    checkColumn(key, shape(key, data));
    return floats(key, data);
  }

  /** A boolean column, [n] or [n, 1]. */
  boolean[] booleanColumn(String key) {
    Dataset data = dataset(key);
    checkColumn(key, shape(key, data));
    Object flat = flat(key, data);
    return switch (flat) {
      case String[] v -> booleans(key, v.length, i -> truth(v[i]), i -> v[i]);
      case byte[] v -> booleans(key, v.length, i -> truth(v[i]), i -> "" + v[i]);
      case int[] v when data.getDataType().getSize() == 1 ->
          booleans(key, v.length, i -> truth(v[i]), i -> "" + v[i]);
      case boolean[] v -> v;
      default ->
          throw DataException.ofKey(
              name, key, "booleans or 8-bit integers 0 and 1", typeName(flat));
    };
  }

  /** Throws unless a key has as many rows as rewards has. */
  void checkRows(String key, int rows, int rewards) {
    if (rows != rewards) {
      throw DataException.ofKey(name, key, rewards + " rows as in 'rewards'", rows + " rows");
    }
  }

  private void checkColumn(String key, int[] shape) {
    boolean column = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    if (!column) {
      throw DataException.ofKey(name, key, "shape [rows] or [rows, 1]", Arrays.toString(shape));
    }
  }

  private Dataset dataset(String key) {
    Node node = hdf.getChildren().get(key);
    if (node == null) {
      String keys =
          hdf.getChildren().keySet().stream()
              .sorted()
              .limit(MOST_KEYS_NAMED)
              .collect(joining(", "));
      throw DataException.ofKey(name, key, "this key", keys.isEmpty() ? "none" : "only " + keys);
    }
    // A link may lead to another file, whose content the hash would not cover.
    if (node.isLink() || !(node instanceof Dataset data)) {
      throw DataException.ofKey(name, key, "a data set", node.isLink() ? "a link" : "a group");
    }
    return data;
  }

  /** The shape, once it is certain that so much data can be there and be held. */
  private int[] shape(String key, Dataset data) {
    long[] shape = data.getDimensionsAsLong();
    if (shape.length == 0 || data.isEmpty()) {
      throw DataException.ofKey(name, key, "an array", "a scalar or nothing");
    }
    long values = 1;
    for (long extent : shape) {
      if (extent < 0 || (extent > 0 && values > Integer.MAX_VALUE / extent)) {
        throw DataException.ofKey(
            name, key, "fewer than 2^31 values", "shape " + Arrays.toString(shape));
      }
      values *= extent;
    }
    if (values == 0) {
      throw DataException.ofKey(name, key, "at least 2 rows", "shape " + Arrays.toString(shape));
    }
    long bytes = values * data.getDataType().getSize();
    if (bytes > fileLength * LARGEST_COMPRESSION) {
      throw DataException.ofKey(
          name,
          key,
          "data that fit in a file of " + fileLength + " bytes",
          "shape " + Arrays.toString(shape) + " (" + bytes + " bytes)");
    }
    // The decoder holds the raw bytes and the decoded array at once.
    if (bytes > Runtime.getRuntime().maxMemory() / 2) {
      throw DataException.ofKey(
          name,
          key,
          "data that fit twice in the heap of " + heap() + " (allow more with -Xmx)",
          bytes + " bytes");
    }
    return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }

  private float[] floats(String key, Dataset data) {
    Object flat = flat(key, data);
    return switch (flat) {
      case float[] v -> v;
      case double[] v -> {
        float[] out = new float[v.length];
        for (int i = 0; i < v.length; i++) {
          out[i] = (float) v[i];
        }
        yield out;
      }
      default -> throw DataException.ofKey(name, key, "float32 or float64 numbers", typeName(flat));
    };
  }

  private Object flat(String key, Dataset data) {
    try {
      return data.getDataFlat();
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      throw DataException.ofKey(
              name, key, "sound data", "some that cannot be decoded (" + reason(e) + ")")
          .causedBy(e);
    }
  }

  private interface Truth {
    /** 1 for true, 0 for false, -1 for neither. */
    int at(int row);
  }

  private interface Text {
    String at(int row);
  }

  private boolean[] booleans(String key, int rows, Truth truth, Text text) {
    boolean[] out = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      int value = truth.at(i);
      if (value < 0) {
        throw DataException.ofRow(name, key, i, "true (1) or false (0)", text.at(i));
      }
      out[i] = value == 1;
    }
    return out;
  }

  private static int truth(String value) {
    return switch (value) {
      case "TRUE" -> 1;
      case "FALSE" -> 0;
      case null, default -> -1;
    };
  }

  private static int truth(int value) {
    return value == 0 || value == 1 ? value : -1;
  }

  private static String typeName(Object flat) {
    return flat == null ? "nothing" : flat.getClass().getComponentType().getSimpleName() + " data";
  }

  /** What the decoder said, on one line. */
  static String reason(Throwable e) {
    String message = e.getMessage();
    String text = message == null ? e.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse(e.getClass().getSimpleName()).strip();
  }

  /** The largest heap, for messages. */
  static String heap() {
    return String.format(Locale.ROOT, "%d MiB", Runtime.getRuntime().maxMemory() >> 20);
  }
}
