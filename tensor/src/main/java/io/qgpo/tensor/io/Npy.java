package io.qgpo.tensor.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * numpy's npy files: one array each.
 *
 * <p>Reads versions 1 to 3, types f4, f8, i4, i8, u1 and b1, either byte order, and C or Fortran
 * order (turned into C order). Writes version 1, little-endian, C order.
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads a file; the array is named after it, without {@code .npy}.
   *
   * @throws TensorFileException if it cannot be read or breaks the format
   */
  public static NamedArray read(Path file) {
    String fileName = String.valueOf(file.getFileName());
    String name =
        fileName.endsWith(".npy") ? fileName.substring(0, fileName.length() - 4) : fileName;
    try (InputStream in =
        new BufferedInputStream(Files.newInputStream(file), ArrayCodec.CHUNK_BYTES)) {
      return read(in, Files.size(file), name, file.toString());
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  /**
   * Writes a file atomically.
   *
   * @throws TensorFileException if it cannot be written
   */
  public static void write(Path file, NamedArray array) {
    AtomicFiles.write(file, out -> write(out, array));
  }

  static void write(OutputStream out, NamedArray array) throws IOException {
    out.write(NpyHeader.encode(array.type(), array.shape()));
    ArrayCodec.write(out, array, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a stream that holds exactly one array.
   *
   * @param totalBytes how long the stream is, by its container
   * @param file the file, or file and entry, for messages
   */
  static NamedArray read(InputStream in, long totalBytes, String name, String file)
      throws IOException {
    NpyHeader header = NpyHeader.read(in, file);
    if (header.dataBytes() != totalBytes - header.bytes()) {
      throw TensorFileException.content(
          file,
          "byte " + header.bytes(),
          header.dataBytes() + " bytes of data, as descr and shape say",
          (totalBytes - header.bytes()) + " bytes");
    }
    Object data;
    try {
      data = ArrayCodec.read(in, header.type(), header.order(), header.count());
    } catch (ArrayCodec.BadBooleanException e) {
      throw TensorFileException.content(
          file,
          "byte " + (header.bytes() + (long) e.position),
          "a boolean of 0 or 1",
          String.valueOf(e.value));
    }
    if (header.fortran()) {
      data = toRowMajor(data, header);
    }
    return NamedArray.over(name, header.type(), data, header.shape());
  }

  /** Reorders elements whose first index runs fastest so that the last one does. */
  private static Object toRowMajor(Object source, NpyHeader header) {
    int[] shape = header.shape();
    int count = header.count();
    int rank = shape.length;
    int[] strides = new int[rank]; // in the source
    for (int d = 0, stride = 1; d < rank; d++) {
      strides[d] = stride;
      stride *= shape[d];
    }
    Object target = ArrayCodec.allocate(header.type(), count);
    int[] index = new int[rank];
    for (int to = 0, from = 0; to < count; to++) {
      System.arraycopy(source, from, target, to, 1); // works for each primitive type
      for (int d = rank - 1; d >= 0; d--) {
        from += strides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        from -= shape[d] * strides[d];
        index[d] = 0;
      }
    }
    return target;
  }
}
