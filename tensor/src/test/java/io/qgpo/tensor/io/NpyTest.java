package io.qgpo.tensor.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  @TempDir Path folder;

  private Path file(int version, String header, String dataHex) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes("\u0093NUMPY".getBytes(ISO_8859_1));
    out.write(version);
    out.write(0);
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    length.putInt(header.length());
    out.write(length.array(), 0, version == 1 ? 2 : 4);
    out.writeBytes(header.getBytes(ISO_8859_1));
    out.writeBytes(HexFormat.of().parseHex(dataHex));
    return Files.write(folder.resolve("made.npy"), out.toByteArray());
  }

  private static String header(String descr, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
        .formatted(descr, fortran ? "True" : "False", shape);
  }

  private static void assertFault(Path file, String... parts) {
    String message = assertThrows(TensorFileException.class, () -> Npy.read(file)).getMessage();
    assertTrue(message.startsWith(file + ", "), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void readsFortranOrderAsNumpySavedIt() throws IOException {
    // numpy 2.4: np.save(f, np.asfortranarray(np.arange(6, dtype='<i4').reshape(2, 3)))
    String header = "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }";
    NamedArray read =
        Npy.read(
            file(
                1,
                header + " ".repeat(117 - header.length()) + "\n",
                "000000000300000001000000040000000200000005000000"));
    assertEquals("made", read.name());
    assertArrayEquals(new int[] {2, 3}, read.shape());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, read.ints());
  }

  @Test
  void fortranOrderOfRankThree() throws IOException {
    // Element (i, j, k) of shape (2, 3, 2) holds 6 i + 2 j + k, stored with i fastest.
    var hex = new StringBuilder();
    for (int k = 0; k < 2; k++) {
      for (int j = 0; j < 3; j++) {
        for (int i = 0; i < 2; i++) {
          hex.append("%02x".formatted(6 * i + 2 * j + k));
        }
      }
    }
    NamedArray read = Npy.read(file(1, header("|u1", true, "(2, 3, 2)"), hex.toString()));
    assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, read.bytes());
    assertEquals(1, Npy.read(file(1, header("|u1", true, "()"), "07")).size());
    assertEquals(0, Npy.read(file(1, header("|u1", true, "(3, 0)"), "")).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryVersion(int version) throws IOException {
    NamedArray read = Npy.read(file(version, header("<f4", false, "(1,)"), "0000c03f"));
    assertArrayEquals(new float[] {1.5f}, read.floats());
  }

  @Test
  void readsEveryTypeInBothByteOrders() throws IOException {
    assertArrayEquals(new float[] {1.5f}, readOne(">f4", "3fc00000").floats());
    assertArrayEquals(new double[] {-2}, readOne("<f8", "00000000000000c0").doubles());
    assertArrayEquals(new double[] {-2}, readOne(">f8", "c000000000000000").doubles());
    assertArrayEquals(new int[] {-2}, readOne("<i4", "feffffff").ints());
    assertArrayEquals(new int[] {-2}, readOne(">i4", "fffffffe").ints());
    assertArrayEquals(new long[] {-2}, readOne("<i8", "feffffffffffffff").longs());
    assertArrayEquals(new long[] {-2}, readOne(">i8", "fffffffffffffffe").longs());
    assertArrayEquals(new byte[] {-2}, readOne("|u1", "fe").bytes());
    assertArrayEquals(new boolean[] {true}, readOne("|b1", "01").booleans());
  }

  private NamedArray readOne(String descr, String hex) throws IOException {
    return Npy.read(file(1, header(descr, false, "(1,)"), hex));
  }

  @Test
  void readsAnyOrderOfKeysAndBothQuotes() throws IOException {
    NamedArray read =
        Npy.read(file(1, "{\"shape\":(1,1,),'fortran_order':False,'descr':\"<f4\"}", "0000c03f"));
    assertArrayEquals(new int[] {1, 1}, read.shape());
  }

  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, NamedArray.of("x", new long[] {1, -2}, 2));
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + 16, bytes.length);
    String header = new String(bytes, 0, 128, ISO_8859_1);
    String text =
        "\u0093NUMPY\u0001\u0000\u0076\u0000"
            + "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }";
    assertEquals(text + " ".repeat(127 - text.length()) + "\n", header);
    assertEquals(
        "0100000000000000feffffffffffffff", HexFormat.of().formatHex(bytes, 128, bytes.length));
    Npy.write(file, NamedArray.of("x", new boolean[] {true}));
    assertTrue(
        Files.readString(file, ISO_8859_1)
            .contains("'|b1', 'fortran_order': False, 'shape': (), }"));
    Npy.write(file, NamedArray.of("x", new float[6], 2, 3));
    assertTrue(Files.readString(file, ISO_8859_1).contains("'shape': (2, 3), }"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "[1]; expected '{'",
        "{'descr': '<f4', 'fortran_order': False}; only descr, fortran_order",
        "{}; expected descr",
        "{'descr': '<f4', 'descr': '<f4'}; a second 'descr'",
        "{'x': 1}; only descr, fortran_order and shape, found 'x'",
        "{'descr': '<f4' 'shape'; expected '}'",
        "{'descr': [('a', '<f4')]}; expected '''",
        "{'fortran_order': 0}; True or False, found '0'",
        "{'fortran_order': Tru; True or False, found 'T'",
        "{'shape': 3}; expected '('",
        "{'shape': (3)}; after the only dimension",
        "{'shape': (3 4)}; expected ',' or ')'",
        "{'shape': (,)}; a whole number, found ','",
        "{'shape': (-3,)}; a whole number, found '-'",
        "{'shape': (3L,)}; expected ',' or ')', found 'L'",
        "{'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,)}; 32 dim",
        "{'shape': (99999999999999999999,)}; below 2^63",
        "{'descr': 'a\\n'}; plain ASCII",
        "{'descr; a closing quote, found the end",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x; the end of the header",
        "{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }; found '<f2'",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }; found '|f4'",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (1,), }; found '=f4'",
        "{'descr': '', 'fortran_order': False, 'shape': (1,), }; found ''",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }; found '|O'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }; at most 2147483639",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483639,), }; 17179869112 bytes of",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }; 8 bytes of data",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }; 0 bytes of data",
        "{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }; a boolean of 0 or 1, found 63",
      })
  void refusesBadHeaders(String header, String expected) throws IOException {
    assertFault(file(1, header, "0101013f"), expected);
  }

  @Test
  void refusesBadPreambles() throws IOException {
    assertFault(file(4, header("<f4", false, "()"), ""), "byte 6", "found 4.0");
    assertFault(file(0, header("<f4", false, "()"), ""), "found 0.0");
    Path file = folder.resolve("x.npy");
    Files.write(file, "PK\3\4 a zip".getBytes(ISO_8859_1));
    assertFault(file, "the magic bytes of an npy array");
    Files.write(file, "\u0093NUMPY\2\0\0\0\1\0".getBytes(ISO_8859_1));
    assertFault(file, "at most 65535 bytes, found 65536 bytes");
    Files.write(file, "\u0093NUMPY\2\0\377\377\377\377".getBytes(ISO_8859_1));
    assertFault(file, "found 4294967295 bytes");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("none.npy");
    String message = assertThrows(TensorFileException.class, () -> Npy.read(file)).getMessage();
    assertEquals("Could not read " + file + ": " + file + " does not exist.", message);
  }

  @Test
  void everyCutAndEveryExtraByteIsRefused() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, NamedArray.of("x", new float[] {1, 2}, 2));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length <= whole.length + 1; length++) {
      if (length != whole.length) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThrows(TensorFileException.class, () -> Npy.read(file));
      }
    }
  }
}
