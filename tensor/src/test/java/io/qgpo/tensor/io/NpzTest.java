package io.qgpo.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  /** numpy 2.4: np.savez_compressed(f, a=np.arange(3, dtype='f4'), b=np.array(True)). */
  private static final String NUMPY_DEFLATED =
      "504b03042d000000080000002100b68c8653ffffffffffffffff05001400612e6e7079010010008c0000"
          + "00000000004b000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a2aea3a09e"
          + "965f54529498179f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e063068b0"
          + "07120e00504b03042d000000080000002100822df8d3ffffffffffffffff05001400622e6e7079010010"
          + "00810000000000000043000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a05e9364a8"
          + "aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a9a3a0ab50a14012e4600"
          + "504b01022d032d000000080000002100b68c86534b0000008c0000000500000000000000000000008001"
          + "00000000612e6e7079504b01022d032d000000080000002100822df8d343000000810000000500000000"
          + "00000000000000800182000000622e6e7079504b0506000000000200020066000000fc0000000000";

  @TempDir Path folder;

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("made.npz");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  private static byte[] npy(NamedArray array) throws IOException {
    var out = new ByteArrayOutputStream();
    Npy.write(out, array);
    return out.toByteArray();
  }

  private static void assertFault(Path file, String... parts) {
    String message = assertThrows(TensorFileException.class, () -> Npz.readAll(file)).getMessage();
    assertTrue(message.contains(file.toString()), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void readsWhatNumpySaved() throws IOException {
    Path file = Files.write(folder.resolve("numpy.npz"), HexFormat.of().parseHex(NUMPY_DEFLATED));
    Map<String, NamedArray> arrays = Npz.readAll(file);
    assertEquals(List.of("a", "b"), List.copyOf(arrays.keySet()));
    assertArrayEquals(new float[] {0, 1, 2}, arrays.get("a").floats());
    assertArrayEquals(new int[] {3}, arrays.get("a").shape());
    assertArrayEquals(new boolean[] {true}, arrays.get("b").booleans());
    assertArrayEquals(new int[0], arrays.get("b").shape());
  }

  @Test
  void readsOnlyWhatIsAskedFor() throws IOException {
    Path file =
        zip(
            Map.of(
                "good.npy",
                npy(NamedArray.of("good", new int[] {7}, 1)),
                "bad.npy",
                new byte[] {1, 2, 3}));
    try (Npz npz = Npz.open(file)) {
      assertArrayEquals(new int[] {7}, npz.read("good").ints());
      String message = assertThrows(TensorFileException.class, () -> npz.read("bad")).getMessage();
      assertTrue(message.contains("made.npz entry 'bad.npy', byte 0"), message);
      message = assertThrows(TensorFileException.class, () -> npz.read("none")).getMessage();
      assertTrue(message.contains("expected an array 'none', found only '["), message);
    }
  }

  @Test
  void equalArraysGiveEqualFiles() throws IOException {
    NamedArray array = NamedArray.of("x", new float[] {1, 2}, 2);
    for (boolean compressed : new boolean[] {false, true}) {
      Npz.write(folder.resolve("1"), List.of(array), compressed);
      Npz.write(folder.resolve("2"), List.of(array), compressed);
      assertEquals(-1, Files.mismatch(folder.resolve("1"), folder.resolve("2")));
    }
  }

  @Test
  void compressionIsAsAsked() throws IOException {
    NamedArray zeros = NamedArray.of("x", new double[10_000], 100, 100);
    Npz.write(folder.resolve("stored"), List.of(zeros), false);
    Npz.write(folder.resolve("deflated"), List.of(zeros), true);
    assertTrue(Files.size(folder.resolve("stored")) > 80_000);
    assertTrue(Files.size(folder.resolve("deflated")) < 1_000);
    assertEquals(10_000, Npz.readAll(folder.resolve("deflated")).get("x").size());
  }

  @Test
  void refusesWhatIsNoZip() throws IOException {
    Path file = folder.resolve("x.npz");
    assertFault(file, "does not exist");
    Files.write(file, new byte[0]);
    assertFault(file, "Could not read");
    Files.write(file, new byte[100]);
    assertFault(file, "Could not read");
  }

  @Test
  void refusesEntriesThatAreNoArrays() throws IOException {
    assertFault(zip(Map.of("readme.txt", new byte[1])), "entry 'readme.txt'", "end in .npy");
    assertFault(zip(Map.of("empty.npy", new byte[0])), "entry 'empty.npy'", "magic");
    byte[] whole = npy(NamedArray.of("x", new int[] {7}, 1));
    assertFault(zip(Map.of("x.npy", Arrays.copyOf(whole, whole.length - 1))), "4 bytes of data");
    assertFault(zip(Map.of("x.npy", Arrays.copyOf(whole, whole.length + 1))), "found 5 bytes");
  }

  @Test
  void refusesTheSameNameTwice() throws IOException {
    byte[] array = npy(NamedArray.of("x", new int[] {7}, 1));
    Path file = zip(Map.of("xa.npy", array, "xb.npy", array));
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replace("xb.npy", "xa.npy"), StandardCharsets.ISO_8859_1);
    assertFault(file, "entry 'xa.npy'", "each name once");
  }

  @Test
  void refusesMoreThanTheLimit() {
    Path file = folder.resolve("bomb.npz");
    NamedArray zeros = NamedArray.of("x", new byte[100_000], 100_000);
    Npz.write(file, List.of(zeros, zeros.withName("y")), true);
    Npz.open(file, 200_256).close(); // two headers of 128 bytes
    String message =
        assertThrows(TensorFileException.class, () -> Npz.open(file, 200_255)).getMessage();
    assertTrue(message.contains("at most 200255 bytes unpacked in all arrays"), message);
  }

  @Test
  void refusesDeclaredSizesThatCannotBe() throws IOException {
    Path file = folder.resolve("x.npz");
    Npz.write(file, List.of(NamedArray.of("x", new byte[1000], 1000)), true);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(bytes.capacity() - 6); // of the end record, without comment
    assertEquals(0x02014b50, bytes.getInt(directory));
    int size = directory + 24;
    assertEquals(1128, bytes.getInt(size));

    bytes.putInt(size, 0x7fffffff);
    Files.write(file, bytes.array());
    assertFault(file, "whose size can come of its packed size");

    bytes.putInt(size, 1127);
    Files.write(file, bytes.array());
    assertFault(file, "1000 bytes of data, as descr and shape say, found 999 bytes");
  }

  @Test
  void refusesMoreDataThanDeclared() throws IOException {
    byte[] array = npy(NamedArray.of("x", new byte[1000], 1000));
    Path file = zip(Map.of("x.npy", Arrays.copyOf(array, array.length + 1)));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int size = bytes.getInt(bytes.capacity() - 6) + 24;
    assertEquals(1129, bytes.getInt(size));
    bytes.putInt(size, 1128);
    Files.write(file, bytes.array());
    assertFault(file, "end: expected 1128 bytes, as the zip declares, found more");
  }

  @Test
  void refusesAWrongChecksum() throws IOException {
    Path file = folder.resolve("x.npz");
    for (boolean compressed : new boolean[] {false, true}) {
      Npz.write(file, List.of(NamedArray.of("x", new byte[1000], 1000)), compressed);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int crc = bytes.getInt(bytes.capacity() - 6) + 16;
      bytes.putInt(crc, ~bytes.getInt(crc));
      Files.write(file, bytes.array());
      assertFault(file, "CRC-32");
    }
  }

  @Test
  void everyCutIsRefused() throws IOException {
    byte[] whole = HexFormat.of().parseHex(NUMPY_DEFLATED);
    Path file = folder.resolve("cut.npz");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(TensorFileException.class, () -> Npz.readAll(file));
    }
  }

  @Test
  void writingRefusesEqualNames() {
    NamedArray a = NamedArray.of("a", new float[1], 1);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Npz.write(folder.resolve("x"), List.of(a, a), true))
            .getMessage();
    assertTrue(message.contains("found 'a' twice"), message);
  }
}
