package io.qgpo.tensor.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The content of a safetensors file: little-endian arrays behind a JSON header.
 *
 * <p>Reading refuses whatever the format does not say: headers beyond 16 MiB, keys twice, offsets
 * that overlap, leave a gap or do not end with the file, sizes that contradict dtype and shape.
 *
 * <p>The checksummed form is an ordinary safetensors file whose last array, {@code __crc32c__} (U8,
 * 4 elements, little-endian), holds the CRC-32C of every byte before it.
 *
 * @param metadata the free-form text pairs of the header
 * @param arrays by name, in the order of the file
 */
public record SafeTensors(Map<String, String> metadata, Map<String, NamedArray> arrays) {
  static final int LENGTH_BYTES = 8;

  /** A thousand arrays take about 100 kB, so this leaves room for a large state in the metadata. */
  static final int MAX_HEADER_BYTES = 16 << 20;

  private static final String CHECKSUM_NAME = "__crc32c__";
  private static final int CHECKSUM_BYTES = 4;

  /**
   * Reads all arrays of a file.
   *
   * @throws TensorFileException if it cannot be read or breaks the format
   */
  public static SafeTensors read(Path file) {
    return read(file, false);
  }

  /**
   * Reads a file that {@link #writeChecksummed} made.
   *
   * @throws TensorFileException also if the checksum is missing or disagrees with the content
   */
  public static SafeTensors readChecksummed(Path file) {
    return read(file, true);
  }

  /**
   * Writes a file atomically, streaming each array. Larger elements come first, so that each array
   * is aligned to its element size.
   *
   * @throws TensorFileException if it cannot be written
   * @throws IllegalArgumentException if two names are equal
   */
  public static void write(Path file, Collection<NamedArray> arrays, Map<String, String> metadata) {
    List<NamedArray> ordered = aligned(arrays);
    byte[] header = header(ordered, metadata);
    AtomicFiles.write(
        file,
        out -> {
          out.write(header);
          writeData(out, ordered);
        });
  }

  /** As {@link #write}, with the checksum as the last array. */
  public static void writeChecksummed(
      Path file, Collection<NamedArray> arrays, Map<String, String> metadata) {
    byte[] checksum = new byte[CHECKSUM_BYTES];
    List<NamedArray> ordered = aligned(arrays);
    ordered.add(NamedArray.of(CHECKSUM_NAME, checksum, CHECKSUM_BYTES));
    byte[] header = header(ordered, metadata);
    ordered.removeLast();
    AtomicFiles.write(
        file,
        out -> {
          var checked = new CheckedOutputStream(out, new CRC32C());
          checked.write(header);
          writeData(checked, ordered);
          out.write(littleEndian((int) checked.getChecksum().getValue()));
        });
  }

  /**
   * The array of this name, type and shape.
   *
   * @throws IllegalArgumentException naming what is there, if there is no such array
   */
  public NamedArray require(String name, ElementType type, int... shape) {
    NamedArray array = arrays.get(name);
    if (array == null || array.type() != type || !Arrays.equals(array.shape(), shape)) {
      throw new IllegalArgumentException(
          "Array '%s': expected %s %s, found %s."
              .formatted(
                  name,
                  type,
                  Arrays.toString(shape),
                  array == null
                      ? "no such array"
                      : array.type() + " " + Arrays.toString(array.shape())));
    }
    return array;
  }

  // ---- Writing ----

  private static List<NamedArray> aligned(Collection<NamedArray> arrays) {
    var ordered = new ArrayList<NamedArray>(arrays);
    ordered.sort(Comparator.comparingInt(array -> -array.type().bytes()));
    return ordered;
  }

  private static byte[] header(List<NamedArray> arrays, Map<String, String> metadata) {
    byte[] json = SafeTensorsHeader.layOut(arrays, metadata).encode();
    if (json.length > MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "SafeTensors: expected a header of at most %d bytes, found %d; store less metadata."
              .formatted(MAX_HEADER_BYTES, json.length));
    }
    return ByteBuffer.allocate(LENGTH_BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static void writeData(OutputStream out, List<NamedArray> arrays) throws IOException {
    for (NamedArray array : arrays) {
      ArrayCodec.write(out, array, ByteOrder.LITTLE_ENDIAN);
    }
  }

  // ---- Reading ----

  private static SafeTensors read(Path path, boolean checksummed) {
    String file = path.toString();
    try (InputStream raw =
        new BufferedInputStream(Files.newInputStream(path), ArrayCodec.CHUNK_BYTES)) {
      var in = new CheckedInputStream(raw, new CRC32C());
      long fileBytes = Files.size(path);
      byte[] json = readHeader(in, fileBytes, file);
      long dataBytes = fileBytes - LENGTH_BYTES - json.length;
      SafeTensorsHeader header = SafeTensorsHeader.parse(json, dataBytes, file);
      var arrays = new LinkedHashMap<String, NamedArray>();
      long checksum = -1;
      for (var entry : header.entries()) {
        checksum = in.getChecksum().getValue(); // of all before this array: the last one counts
        arrays.put(entry.name(), readArray(in, entry, file));
      }
      if (checksummed) {
        verify(arrays, (int) checksum, file);
      }
      return new SafeTensors(header.metadata(), Collections.unmodifiableMap(arrays));
    } catch (IOException e) {
      throw TensorFileException.io(path, "read", e);
    }
  }

  private static byte[] readHeader(InputStream in, long fileBytes, String file) throws IOException {
    if (fileBytes < LENGTH_BYTES) {
      throw TensorFileException.content(
          file, "byte 0", "a safetensors file of at least 8 bytes", fileBytes + " bytes");
    }
    long length =
        ByteBuffer.wrap(in.readNBytes(LENGTH_BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES);
    if (length < 0 || length > most) {
      throw TensorFileException.content(
          file,
          "byte 0",
          "a safetensors header length of at most " + most,
          Long.toUnsignedString(length));
    }
    byte[] json = in.readNBytes((int) length);
    if (json.length != length) {
      throw new EOFException("the file shrank while it was read");
    }
    return json;
  }

  private static NamedArray readArray(InputStream in, SafeTensorsHeader.Entry entry, String file)
      throws IOException {
    try {
      Object data = ArrayCodec.read(in, entry.type(), ByteOrder.LITTLE_ENDIAN, entry.count());
      return NamedArray.over(entry.name(), entry.type(), data, entry.shape());
    } catch (ArrayCodec.BadBooleanException e) {
      throw TensorFileException.content(
          file,
          "array " + TensorFileException.quote(entry.name()) + ", element " + e.position,
          "a boolean of 0 or 1",
          String.valueOf(e.value));
    }
  }

  /** Takes the checksum array out and compares it. */
  private static void verify(Map<String, NamedArray> arrays, int computed, String file) {
    NamedArray stored = arrays.remove(CHECKSUM_NAME);
    if (stored == null
        || stored.type() != ElementType.U8
        || !Arrays.equals(stored.shape(), new int[] {CHECKSUM_BYTES})) {
      throw TensorFileException.content(
          file, "last array", CHECKSUM_NAME + " of 4 bytes, the checksum", "none");
    }
    if (!Arrays.equals(stored.bytes(), littleEndian(computed))) {
      int value = ByteBuffer.wrap(stored.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
      throw TensorFileException.content(
          file,
          "checksum",
          "%08x as stored with the file".formatted(value),
          "%08x: the content is damaged".formatted(computed));
    }
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(CHECKSUM_BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
