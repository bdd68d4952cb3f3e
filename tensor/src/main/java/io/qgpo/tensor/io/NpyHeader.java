package io.qgpo.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;

/**
 * The header of an npy array: magic, version, length, and a Python dictionary literal.
 *
 * @param bytes length of the header, magic included; the data follow
 */
record NpyHeader(ElementType type, ByteOrder order, boolean fortran, int[] shape, int bytes) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int PREAMBLE_BYTES = MAGIC.length + 2;

  /** What version 1's 16-bit length can say; numpy itself refuses more than 10 000 on reading. */
  private static final int MAX_TEXT_BYTES = 65_535;

  /** numpy aligns the data to this, so that they can be mapped. */
  private static final int ALIGNMENT = 64;

  int count() {
    return Math.toIntExact(NamedArray.elementCount(Arrays.stream(shape).asLongStream().toArray()));
  }

  long dataBytes() {
    return (long) count() * type.bytes();
  }

  // ---- Reading ----

  /** Reads and checks a header; the stream is left at the first byte of data. */
  static NpyHeader read(InputStream in, String file) throws IOException {
    byte[] preamble = in.readNBytes(PREAMBLE_BYTES);
    if (preamble.length != PREAMBLE_BYTES
        || !Arrays.equals(preamble, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw TensorFileException.content(
          file, "byte 0", "the magic bytes of an npy array", "something else");
    }
    int version = preamble[6];
    if (version < 1 || version > 3 || preamble[7] != 0) {
      throw TensorFileException.content(
          file,
          "byte 6",
          "npy version 1.0, 2.0 or 3.0",
          (preamble[6] & 0xff) + "." + (preamble[7] & 0xff));
    }
    int lengthBytes = version == 1 ? 2 : 4;
    byte[] padded = Arrays.copyOf(in.readNBytes(lengthBytes), 4);
    long length =
        Integer.toUnsignedLong(ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).getInt());
    if (length > MAX_TEXT_BYTES) {
      throw TensorFileException.content(
          file, "byte 8", "a header of at most " + MAX_TEXT_BYTES + " bytes", length + " bytes");
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length != length) {
      throw TensorFileException.content(
          file, "byte 8", "a header of " + length + " bytes", text.length + " (the file is cut)");
    }
    int textAt = PREAMBLE_BYTES + lengthBytes;
    return parse(new HeaderCursor(text, file, textAt), file, textAt + text.length);
  }

  private static NpyHeader parse(HeaderCursor cursor, String file, int headerBytes) {
    String descr = null;
    Boolean fortran = null;
    long[] shape = null;
    var keys = new LinkedHashSet<String>();
    cursor.expect('{');
    while (!cursor.tryConsume('}')) {
      String key = cursor.pythonString();
      if (!keys.add(key)) {
        throw cursor.fault("each key once", "a second " + TensorFileException.quote(key));
      }
      cursor.expect(':');
      switch (key) {
        case "descr" -> descr = cursor.pythonString();
        case "fortran_order" -> fortran = bool(cursor);
        case "shape" -> shape = tuple(cursor);
        default ->
            throw cursor.fault(
                "only descr, fortran_order and shape", TensorFileException.quote(key));
      }
      if (!cursor.tryConsume(',')) {
        cursor.expect('}');
        break;
      }
    }
    cursor.expectEnd();
    if (descr == null || fortran == null || shape == null) {
      throw cursor.fault("descr, fortran_order and shape", "only " + String.join(", ", keys));
    }
    if (NamedArray.elementCount(shape) < 0) {
      throw TensorFileException.content(
          file,
          "shape",
          "at most " + NamedArray.MAX_ELEMENTS + " elements",
          Arrays.toString(shape));
    }
    return new NpyHeader(
        type(descr, file),
        descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        fortran,
        Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(),
        headerBytes);
  }

  private static ElementType type(String descr, String file) {
    for (ElementType type : ElementType.values()) {
      // One byte has no order: numpy writes '|', and reads any.
      String orders = type.bytes() == 1 ? "|<>" : "<>";
      if (descr.length() == 3
          && orders.indexOf(descr.charAt(0)) >= 0
          && descr.endsWith(type.numpyCode())) {
        return type;
      }
    }
    throw TensorFileException.content(
        file,
        "descr",
        "one of f4, f8, i4, i8 with '<' or '>', or |u1, |b1",
        TensorFileException.quote(descr));
  }

  private static boolean bool(HeaderCursor cursor) {
    if (cursor.tryConsume("True")) {
      return true;
    }
    if (cursor.tryConsume("False")) {
      return false;
    }
    throw cursor.fault("True or False");
  }

  /** A Python tuple: (), (3,), (3, 4) or (3, 4,), but not (3), which is no tuple. */
  private static long[] tuple(HeaderCursor cursor) {
    long[] numbers = new long[NamedArray.MAX_RANK];
    int n = 0;
    boolean comma = true;
    cursor.expect('(');
    while (!cursor.tryConsume(')')) {
      if (!comma) {
        throw cursor.fault("',' or ')'");
      }
      if (n == numbers.length) {
        throw cursor.fault("at most " + numbers.length + " dimensions", "more");
      }
      numbers[n++] = cursor.wholeNumber();
      comma = cursor.tryConsume(',');
    }
    if (n == 1 && !comma) {
      throw cursor.fault("',' after the only dimension", "none");
    }
    return Arrays.copyOf(numbers, n);
  }

  // ---- Writing ----

  /** The version 1 header of a little-endian array in C order. */
  static byte[] encode(ElementType type, int[] shape) {
    var tuple = new StringBuilder("(");
    for (int dimension : shape) {
      tuple.append(dimension).append(", ");
    }
    if (shape.length == 1) {
      tuple.setLength(tuple.length() - 1); // (3,)
    } else if (shape.length > 1) {
      tuple.setLength(tuple.length() - 2); // (3, 4)
    }
    tuple.append(')');
    String text =
        "{'descr': '%s%s', 'fortran_order': False, 'shape': %s, }"
            .formatted(type.bytes() == 1 ? '|' : '<', type.numpyCode(), tuple);
    int unpadded = PREAMBLE_BYTES + 2 + text.length() + 1; // 1 for the newline
    int total = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    var header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0);
    header.putShort((short) (total - PREAMBLE_BYTES - 2));
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
