package io.qgpo.tensor.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Moves primitive arrays to and from byte streams through one small buffer. */
final class ArrayCodec {
  /** 64 KiB: a system call's cost vanishes and the buffer stays in the second-level cache. */
  static final int CHUNK_BYTES = 1 << 16;

  private ArrayCodec() {}

  /** A byte that is no boolean; the position counts from the array's first element. */
  static final class BadBooleanException extends IOException {
    private static final long serialVersionUID = 1L;

    final int position;
    final int value;

    BadBooleanException(int position, int value) {
      this.position = position;
      this.value = value;
    }
  }

  /** A new zeroed primitive array. */
  static Object allocate(ElementType type, int count) {
    return switch (type) {
      case F32 -> new float[count];
      case F64 -> new double[count];
      case I32 -> new int[count];
      case I64 -> new long[count];
      case U8 -> new byte[count];
      case BOOL -> new boolean[count];
    };
  }

  /**
   * Reads {@code count} elements.
   *
   * @throws EOFException if the stream ends before
   * @throws BadBooleanException if a boolean is neither 0 nor 1
   */
  static Object read(InputStream in, ElementType type, ByteOrder order, int count)
      throws IOException {
    Object data = allocate(type, count);
    byte[] chunk = new byte[CHUNK_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(order);
    int perChunk = CHUNK_BYTES / type.bytes();
    for (int start = 0; start < count; start += perChunk) {
      int n = Math.min(perChunk, count - start);
      int bytes = n * type.bytes();
      if (in.readNBytes(chunk, 0, bytes) != bytes) {
        throw new EOFException("the data end early");
      }
      decode(buffer.clear(), data, start, n);
    }
    return data;
  }

  /** Writes all elements, a whole chunk at a time. */
  static void write(OutputStream out, NamedArray array, ByteOrder order) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(order);
    int perChunk = CHUNK_BYTES / array.type().bytes();
    int count = array.size();
    for (int start = 0; start < count; start += perChunk) {
      int n = Math.min(perChunk, count - start);
      encode(buffer.clear(), array.data(), start, n);
      out.write(chunk, 0, n * array.type().bytes());
    }
  }

  private static void decode(ByteBuffer from, Object data, int start, int n)
      throws BadBooleanException {
    switch (data) {
      case float[] a -> from.asFloatBuffer().get(a, start, n);
      case double[] a -> from.asDoubleBuffer().get(a, start, n);
      case int[] a -> from.asIntBuffer().get(a, start, n);
      case long[] a -> from.asLongBuffer().get(a, start, n);
      case byte[] a -> from.get(a, start, n);
      case boolean[] a -> {
        for (int i = 0; i < n; i++) {
          byte value = from.get(i);
          if (value != 0 && value != 1) {
            throw new BadBooleanException(start + i, value & 0xff);
          }
          a[start + i] = value == 1;
        }
      }
      default -> throw new AssertionError(data.getClass());
    }
  }

  private static void encode(ByteBuffer to, Object data, int start, int n) {
    switch (data) {
      case float[] a -> to.asFloatBuffer().put(a, start, n);
      case double[] a -> to.asDoubleBuffer().put(a, start, n);
      case int[] a -> to.asIntBuffer().put(a, start, n);
      case long[] a -> to.asLongBuffer().put(a, start, n);
      case byte[] a -> to.put(a, start, n);
      case boolean[] a -> {
        for (int i = 0; i < n; i++) {
          to.put(i, (byte) (a[start + i] ? 1 : 0));
        }
      }
      default -> throw new AssertionError(data.getClass());
    }
  }
}
