package io.qgpo.tensor.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsTest {
  @TempDir Path folder;

  /** A file of the given header and data, byte by byte as the format's description says. */
  private Path file(byte[] header, byte[] data) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    out.writeBytes(header);
    out.writeBytes(data);
    return Files.write(folder.resolve("made.safetensors"), out.toByteArray());
  }

  private Path file(String header, int dataBytes) throws IOException {
    return file(header.getBytes(UTF_8), new byte[dataBytes]);
  }

  private static void assertFault(Path file, String... parts) {
    String message =
        assertThrows(TensorFileException.class, () -> SafeTensors.read(file)).getMessage();
    assertTrue(message.startsWith(file + ", "), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void readsHandMadeBytes() throws IOException {
    byte[] data = {
      0,
      0,
      (byte) 0xc0,
      0x3f,
      0,
      0,
      0,
      (byte) 0xc0, // 1.5f, -2f
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      (byte) 0x80, // Long.MIN_VALUE + 1
      (byte) 0xff,
      1,
      0,
      1
    };
    SafeTensors read =
        SafeTensors.read(
            file(
                """
                {"b":{"data_offsets":[17,20],"dtype":"BOOL","shape":[3]},\
                "u":{"dtype":"U8","shape":[1,1],"data_offsets":[16,17]},
                "__metadata__":{"who":"a \\"q\\" \\u00e9\\ud83d\\ude00é","":""},\
                "f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
                "i":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}  \
                """
                    .getBytes(UTF_8),
                data));
    assertEquals(List.of("f", "i", "u", "b"), List.copyOf(read.arrays().keySet()));
    assertArrayEquals(new float[] {1.5f, -2f}, read.arrays().get("f").floats());
    assertArrayEquals(new long[] {Long.MIN_VALUE + 1}, read.arrays().get("i").longs());
    assertArrayEquals(new int[0], read.arrays().get("i").shape());
    assertArrayEquals(new byte[] {-1}, read.arrays().get("u").bytes());
    assertArrayEquals(new boolean[] {true, false, true}, read.arrays().get("b").booleans());
    assertEquals(Map.of("who", "a \"q\" é\ud83d\ude00é", "", ""), read.metadata());
  }

  @Test
  void writesTheBytesOfTheFormat() throws IOException {
    Path file = folder.resolve("x.safetensors");
    SafeTensors.write(
        file,
        List.of(
            NamedArray.of("flag", new boolean[] {true}, 1),
            NamedArray.of("w", new int[] {1, -1}, 2, 1)),
        Map.of("k\n", "\"v\\"));
    String header =
        "{\"__metadata__\":{\"k\\u000a\":\"\\\"v\\\\\"},"
            + "\"w\":{\"dtype\":\"I32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
            + "\"flag\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[8,9]}}";
    byte[] bytes = Files.readAllBytes(file);
    int padded = (header.length() + 7) / 8 * 8;
    assertEquals(padded, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    assertEquals(
        header + " ".repeat(padded - header.length()), new String(bytes, 8, padded, UTF_8));
    assertArrayEquals(
        new byte[] {1, 0, 0, 0, -1, -1, -1, -1, 1},
        Arrays.copyOfRange(bytes, 8 + padded, bytes.length));
  }

  @Test
  void anEmptyFileOfNoArraysIsFine() {
    Path file = folder.resolve("none.safetensors");
    SafeTensors.write(file, List.of(), Map.of());
    assertTrue(SafeTensors.read(file).arrays().isEmpty());
  }

  @Test
  void readsEveryEscape() throws IOException {
    Path file = file("{\"__metadata__\":{\"k\":\"\\b\\f\\n\\r\\t\\/\\\\\\\"\\u00E9\"}}", 0);
    assertEquals(Map.of("k", "\b\f\n\r\t/\\\"é"), SafeTensors.read(file).metadata());
  }

  @Test
  void arraysOfNoElementsSurvive() {
    Path file = folder.resolve("zero.safetensors");
    SafeTensors.write(
        file,
        List.of(
            NamedArray.of("a", new float[0], 0, 5),
            NamedArray.of("b", new float[] {1}, 1),
            NamedArray.of("c", new float[0], 3, 0)),
        Map.of());
    SafeTensors read = SafeTensors.read(file);
    assertArrayEquals(new int[] {0, 5}, read.arrays().get("a").shape());
    assertArrayEquals(new int[] {3, 0}, read.arrays().get("c").shape());
  }

  @Test
  void arraysLongerThanTheBufferSurvive() {
    Path file = folder.resolve("long.safetensors");
    double[] values = new double[100_003];
    boolean[] flags = new boolean[70_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.sin(i);
    }
    for (int i = 0; i < flags.length; i++) {
      flags[i] = i % 3 == 0;
    }
    SafeTensors.writeChecksummed(
        file,
        List.of(NamedArray.of("f", flags, flags.length), NamedArray.of("v", values, values.length)),
        Map.of());
    SafeTensors read = SafeTensors.readChecksummed(file);
    assertArrayEquals(values, read.require("v", ElementType.F64, values.length).doubles());
    assertArrayEquals(flags, read.require("f", ElementType.BOOL, flags.length).booleans());
    assertFalse(read.arrays().containsKey("__crc32c__"));
  }

  static Stream<Arguments> badHeaders() {
    String f = "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]";
    return Stream.of(
        Arguments.of("[]", 0, "begins with '{'"),
        Arguments.of("", 0, "begins with '{'"),
        Arguments.of(" {}", 0, "begins with '{'"),
        Arguments.of("{", 0, "found the end of the header"),
        Arguments.of("{} x", 0, "expected the end of the header, found 'x'"),
        Arguments.of("{}\u0000", 0, "found byte 0x00"),
        Arguments.of("{a:1}", 0, "byte 9: expected '\"', found 'a'"),
        Arguments.of("{\"a\" 1}", 0, "expected ':'"),
        Arguments.of("{\"a\":1}", 0, "expected '{', found '1'"),
        Arguments.of("{\"a\":{" + f + "},}", 4, "expected '\"', found '}'"),
        Arguments.of("{\"a\":{" + f + ",}}", 4, "expected '\"', found '}'"),
        Arguments.of("{\"a\":{}}", 0, "expected '\"'"),
        Arguments.of("{\"a\":{" + f + ",\"x\":1}}", 4, "found 'x'"),
        Arguments.of("{\"a\":{" + f + ",\"dtype\":\"F32\"}}", 4, "a second 'dtype'"),
        Arguments.of("{\"a\":{" + f + "},\"a\":{" + f + "}}", 4, "a second 'a'"),
        Arguments.of("{\"a\":{" + f + "},\"\\u0061\":{" + f + "}}", 4, "a second 'a'"),
        Arguments.of("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "a second '__metadata__'"),
        Arguments.of("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "a second 'a'"),
        Arguments.of("{\"__metadata__\":{\"a\":1}}", 0, "expected '\"', found '1'"),
        Arguments.of("{\"__metadata__\":[]}", 0, "expected '{'"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "only dtype and shape"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}", 4, "2 data_offsets"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,2,4]}}",
            4,
            "at most 2 numbers"),
        Arguments.of("{\"a\":{\"dtype\":\"F16\"}}", 4, "a dtype of [F32, F64, I32, I64"),
        Arguments.of("{\"a\":{\"dtype\":\"f32\"}}", 4, "found 'f32'"),
        Arguments.of("{\"a\":{\"dtype\":4}}", 4, "expected '\"', found '4'"),
        Arguments.of("{\"a\":{\"shape\":[-1]}}", 4, "a whole number, found '-'"),
        Arguments.of("{\"a\":{\"shape\":[1.0]}}", 4, "a whole number, found '.'"),
        Arguments.of("{\"a\":{\"shape\":[1e0]}}", 4, "a whole number, found 'e'"),
        Arguments.of("{\"a\":{\"shape\":[01]}}", 4, "leading zeros"),
        Arguments.of("{\"a\":{\"shape\":[1,]}}", 4, "a whole number, found ']'"),
        Arguments.of("{\"a\":{\"shape\":[9223372036854775808]}}", 4, "below 2^63"),
        Arguments.of("{\"a\":{\"shape\":[" + "1,".repeat(32) + "1]}}", 4, "at most 32 numbers"),
        Arguments.of("{\"a", 0, "a closing quote, found the end"),
        Arguments.of("{\"a\\x\":{}}", 0, "after a backslash, found 'x'"),
        Arguments.of("{\"\\u12g4\":{}}", 0, "four hexadecimal digits, found 'g'"),
        Arguments.of("{\"\\", 0, "an escape, found the end"),
        Arguments.of("{\"\\ud800\":{}}", 0, "paired surrogates"),
        Arguments.of("{\"a\tb\":{}}", 0, "raw control character in a string, found byte 0x09"),
        // Sizes: 2 floats in 4 bytes, an end before its begin, products beyond 2^31 and 2^64.
        Arguments.of(entry("[2]", 0, 4), 4, "8 bytes apart, as F32 [2] needs, found [0, 4]"),
        Arguments.of(entry("[1]", 4, 0), 4, "4 bytes apart"),
        Arguments.of(entry("[0]", 5, 4), 4, "0 bytes apart"),
        Arguments.of(entry("[2147483648]", 0, 4), 4, "a shape of at most 2147483639 elements"),
        Arguments.of(entry("[65536,65536]", 0, 0), 0, "found [65536, 65536]"),
        Arguments.of(entry("[4294967296,4294967296]", 0, 0), 0, "a shape of at most"),
        Arguments.of(entry("[1]", 0, 4), 3, "data section"),
        Arguments.of(entry("[1]", 0, 4), 3, "expected 4 bytes as the header says, found 3 (the"),
        Arguments.of(entry("[1]", 0, 4), 5, "found 5 (trailing bytes)"),
        Arguments.of("{}", 1, "expected 0 bytes as the header says, found 1 (trailing"),
        Arguments.of(entry("[1]", 4, 8), 8, "from offset 0 on, where the array"),
        Arguments.of("{\"a\":{" + f + "},\"b\":{" + f.replace("0,4", "8,12") + "}}", 12, "8 (gap)"),
        Arguments.of(
            "{\"a\":{" + f + "},\"b\":{" + f.replace("0,4", "2,6") + "}}", 6, "2 (overlap)"),
        Arguments.of("{\"a\":{" + f + "},\"b\":{" + f + "}}", 4, "0 (overlap)"));
  }

  private static String entry(String shape, long begin, long end) {
    return "{\"a\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}}"
        .formatted(shape, begin, end);
  }

  @ParameterizedTest
  @MethodSource("badHeaders")
  void refusesBadHeaders(String header, int dataBytes, String expected) throws IOException {
    assertFault(file(header, dataBytes), expected);
  }

  @Test
  void refusesInvalidUtf8() throws IOException {
    byte[] header = "{\"a?\":{}}".getBytes(UTF_8);
    header[3] = (byte) 0xc3; // begins a two-byte sequence that does not go on
    assertFault(file(header, new byte[0]), "valid UTF-8");
  }

  @Test
  void refusesBooleansThatAreNeitherZeroNorOne() throws IOException {
    byte[] header =
        "{\"b\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}".getBytes(UTF_8);
    assertFault(file(header, new byte[] {1, (byte) 200}), "array 'b', element 1", "found 200");
  }

  @Test
  void refusesHeaderLengthsBeyondFileOrCap() throws IOException {
    Path file = folder.resolve("length");
    ByteBuffer start = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (long length : new long[] {9, Integer.MAX_VALUE + 1L, Long.MAX_VALUE}) {
      Files.write(file, start.putLong(0, length).array());
      assertFault(file, "at most 8, found " + length);
    }
    Files.write(file, start.putLong(0, -1).array());
    assertFault(file, "found 18446744073709551615");
    Files.write(file, new byte[7]);
    assertFault(file, "at least 8 bytes, found 7 bytes");
    Files.write(file, new byte[0]);
    assertFault(file, "found 0 bytes");
    byte[] huge = new byte[8 + SafeTensors.MAX_HEADER_BYTES + 1];
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(SafeTensors.MAX_HEADER_BYTES + 1);
    Files.write(file, huge);
    assertFault(file, "at most 16777216, found 16777217");
  }

  @Test
  void everyCutOfAFileIsRefused() throws IOException {
    Path file = folder.resolve("whole");
    SafeTensors.write(
        file, List.of(NamedArray.of("w", new float[] {1, 2, 3}, 3)), Map.of("a", "b"));
    byte[] whole = Files.readAllBytes(file);
    Path cut = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThrows(TensorFileException.class, () -> SafeTensors.read(cut));
    }
  }

  @Test
  void aChecksumFindsEveryFlippedBit() throws IOException {
    Path file = folder.resolve("sum");
    SafeTensors.writeChecksummed(
        file, List.of(NamedArray.of("w", new float[] {1, 2}, 2)), Map.of("state", "{}"));
    assertArrayEquals(
        new float[] {1, 2},
        SafeTensors.readChecksummed(file).require("w", ElementType.F32, 2).floats());
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertThrows(TensorFileException.class, () -> SafeTensors.readChecksummed(file));
    }
  }

  @Test
  void aFileWithoutChecksumIsRefusedWhereOneIsRequired() {
    Path file = folder.resolve("plain");
    SafeTensors.write(file, List.of(NamedArray.of("w", new float[1], 1)), Map.of());
    String message =
        assertThrows(TensorFileException.class, () -> SafeTensors.readChecksummed(file))
            .getMessage();
    assertTrue(message.contains("__crc32c__ of 4 bytes, the checksum, found none"), message);
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("none");
    String message =
        assertThrows(TensorFileException.class, () -> SafeTensors.read(file)).getMessage();
    assertEquals("Could not read " + file + ": " + file + " does not exist.", message);
  }

  @Test
  void writingRefusesWhatNoReaderWouldTake() {
    Path file = folder.resolve("x");
    NamedArray a = NamedArray.of("a", new float[1], 1);
    assertRefused(() -> SafeTensors.write(file, List.of(a, a), Map.of()), "found 'a'");
    assertRefused(
        () -> SafeTensors.write(file, List.of(a.withName("__metadata__")), Map.of()),
        "__metadata__");
    assertRefused(
        () -> SafeTensors.writeChecksummed(file, List.of(a.withName("__crc32c__")), Map.of()),
        "__crc32c__");
    assertRefused(
        () -> SafeTensors.write(file, List.of(a.withName("\ud800")), Map.of()), "\\ud800");
    assertRefused(
        () ->
            SafeTensors.write(
                file, List.of(), Map.of("k", "x".repeat(SafeTensors.MAX_HEADER_BYTES))),
        "store less metadata");
    assertFalse(Files.exists(file));
  }

  @Test
  void requireNamesWhatIsThere() {
    var content = new SafeTensors(Map.of(), Map.of("w", NamedArray.of("w", new float[6], 2, 3)));
    assertEquals(6, content.require("w", ElementType.F32, 2, 3).size());
    assertRefused(() -> content.require("v", ElementType.F32, 2, 3), "found no such array");
    assertRefused(
        () -> content.require("w", ElementType.F32, 3, 2), "expected F32 [3, 2], found F32 [2, 3]");
    assertRefused(() -> content.require("w", ElementType.I32, 2, 3), "expected I32 [2, 3]");
  }

  private static void assertRefused(Runnable action, String part) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
