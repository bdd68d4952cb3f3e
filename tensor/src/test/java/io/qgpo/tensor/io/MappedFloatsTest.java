package io.qgpo.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFloatsTest {
  private static final long FINGERPRINT = 0x0123456789abcdefL;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("support.bin");
  }

  /** Row r, column c holds 100 r + c. */
  private static float[] rows(int first, int count, int columns) {
    float[] values = new float[count * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = 100f * (first + i / columns) + i % columns;
    }
    return values;
  }

  private static String fault(Path file, int rows, int columns, long fingerprint) {
    return assertThrows(
            TensorFileException.class,
            () -> MappedFloats.open(file, rows, columns, fingerprint).close())
        .getMessage();
  }

  private void assertFault(String part) {
    String message = fault(file, 5, 3, FINGERPRINT);
    assertTrue(message.startsWith(file + ", "), message);
    assertTrue(message.contains(part), message);
  }

  private void writeComplete() {
    try (var matrix = MappedFloats.create(file, 5, 3, FINGERPRINT)) {
      matrix.append(rows(0, 5, 3), 0, 5);
      matrix.commit();
    }
  }

  @Test
  void gathersRowsInAnyOrder() {
    try (var matrix = MappedFloats.create(file, 5, 3, FINGERPRINT)) {
      float[] block = new float[20];
      System.arraycopy(rows(0, 3, 3), 0, block, 7, 9);
      assertEquals(5, matrix.rows());
      assertEquals(3, matrix.columns());
      matrix.append(block, 7, 3);
      matrix.append(rows(3, 2, 3), 0, 2);
      assertEquals(5, matrix.rowsAppended());
      assertFalse(matrix.isComplete());
      matrix.commit();
      assertTrue(matrix.isComplete());
      float[] out = new float[10];
      matrix.gather(new int[] {4, 0, 4}, out, 1);
      assertArrayEquals(new float[] {0, 400, 401, 402, 0, 1, 2, 400, 401, 402}, out);
      matrix.read(1, 2, out, 0);
      assertArrayEquals(new float[] {100, 101, 102, 200, 201, 202}, Arrays.copyOf(out, 6));
    }
  }

  @Test
  void anInterruptedFillGoesOnFromTheLastCommit() throws IOException {
    try (var matrix = MappedFloats.create(file, 5, 3, FINGERPRINT)) {
      matrix.append(rows(0, 2, 3), 0, 2);
      matrix.commit();
      matrix.append(new float[] {-1, -1, -1}, 0, 1); // never committed
    }
    try (var matrix = MappedFloats.open(file, 5, 3, FINGERPRINT)) {
      assertEquals(2, matrix.rowsAppended());
      assertEquals(MappedFloats.HEADER_BYTES + 2 * 12, Files.size(file));
      matrix.append(rows(2, 3, 3), 0, 3);
      matrix.commit();
    }
    try (var matrix = MappedFloats.open(file, 5, 3, FINGERPRINT)) {
      assertTrue(matrix.isComplete());
      float[] out = new float[15];
      matrix.read(0, 5, out, 0);
      assertArrayEquals(rows(0, 5, 3), out);
    }
  }

  @Property(tries = 50)
  void anyBlocksAndAnyRestartsGiveTheSameRows(
      @ForAll @IntRange(min = 0, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll @IntRange(min = 1, max = 9) int block,
      @ForAll boolean restart)
      throws IOException {
    Path path = Files.createTempFile("matrix", ".bin");
    try {
      MappedFloats matrix = MappedFloats.create(path, rows, columns, FINGERPRINT);
      while (!matrix.isComplete()) {
        int n = Math.min(block, rows - matrix.rowsAppended());
        matrix.append(rows(matrix.rowsAppended(), n, columns), 0, n);
        matrix.commit();
        if (restart) {
          matrix.close();
          matrix = MappedFloats.open(path, rows, columns, FINGERPRINT);
        }
      }
      float[] out = new float[rows * columns];
      matrix.read(0, rows, out, 0);
      matrix.close();
      assertArrayEquals(rows(0, rows, columns), out);
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void blocksLargerThanTheBufferSurvive() {
    int rows = 3_000;
    int columns = 101; // 1.2 MB, more than a chunk, and not a multiple of it
    float[] values = rows(0, rows, columns);
    try (var matrix = MappedFloats.create(file, rows, columns, FINGERPRINT)) {
      matrix.append(values, 0, rows);
      matrix.commit();
    }
    try (var matrix = MappedFloats.open(file, rows, columns, FINGERPRINT)) {
      float[] out = new float[rows * columns];
      matrix.read(0, rows, out, 0);
      assertArrayEquals(values, out);
    }
  }

  @Test
  void theHeaderIsAsDocumented() throws IOException {
    writeComplete();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(4096 + 60, bytes.capacity());
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertEquals("QPOFLOAT", new String(magic, StandardCharsets.US_ASCII));
    assertEquals(1, bytes.getInt());
    assertEquals(3, bytes.getInt());
    assertEquals(5, bytes.getLong());
    assertEquals(FINGERPRINT, bytes.getLong());
    assertEquals(5, bytes.getLong(64));
    assertEquals(402f, bytes.getFloat(4096 + 56));
  }

  @Test
  void readingWaitsForAllRows() {
    try (var matrix = MappedFloats.create(file, 5, 3, FINGERPRINT)) {
      matrix.append(rows(0, 5, 3), 0, 5);
      String message =
          assertThrows(
                  IllegalStateException.class, () -> matrix.gather(new int[] {0}, new float[3], 0))
              .getMessage();
      assertTrue(message.contains("all 5 rows committed before reading, found 0"), message);
    }
  }

  @Test
  void refusesMoreRowsThanItHas() {
    try (var matrix = MappedFloats.create(file, 5, 3, FINGERPRINT)) {
      matrix.append(rows(0, 4, 3), 0, 4);
      String message =
          assertThrows(IllegalArgumentException.class, () -> matrix.append(rows(0, 2, 3), 0, 2))
              .getMessage();
      assertTrue(message.contains("at most the 1 rows still missing of 5, found 2"), message);
      assertThrows(IndexOutOfBoundsException.class, () -> matrix.append(new float[3], 1, 1));
      assertThrows(IllegalArgumentException.class, () -> matrix.append(new float[3], 0, -1));
    }
    assertThrows(IllegalArgumentException.class, () -> MappedFloats.create(file, -1, 3, 0));
    assertThrows(IllegalArgumentException.class, () -> MappedFloats.create(file, 1, 0, 0));
  }

  @Test
  void refusesRowsThatDoNotExist() {
    writeComplete();
    try (var matrix = MappedFloats.open(file, 5, 3, FINGERPRINT)) {
      for (int row : new int[] {-1, 5, Integer.MAX_VALUE}) {
        assertThrows(
            IndexOutOfBoundsException.class, () -> matrix.gather(new int[] {row}, new float[3], 0));
      }
      assertThrows(
          IndexOutOfBoundsException.class, () -> matrix.gather(new int[] {0}, new float[3], 1));
      assertThrows(IndexOutOfBoundsException.class, () -> matrix.read(4, 2, new float[6], 0));
      assertThrows(IndexOutOfBoundsException.class, () -> matrix.read(0, 2, new float[5], 0));
    }
  }

  @Test
  void refusesAnotherMatrix() {
    writeComplete();
    assertTrue(fault(file, 6, 3, FINGERPRINT).contains("expected 6 x 3 values, found 5 x 3"));
    assertTrue(fault(file, 5, 4, FINGERPRINT).contains("expected 5 x 4 values, found 5 x 3"));
    String message = fault(file, 5, 3, 1);
    assertTrue(message.contains("fingerprint 0000000000000001, found 0123456789abcdef"), message);
  }

  @Test
  void everyFlippedBitThatMattersIsFound() throws IOException {
    writeComplete();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      boolean used = at < 36 || at >= 64 && at < 80 || at >= 4096;
      if (used) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 1;
        Files.write(file, flipped);
        assertThrows(
            TensorFileException.class, () -> MappedFloats.open(file, 5, 3, FINGERPRINT).close());
      }
    }
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    writeComplete();
    byte[] whole = Files.readAllBytes(file);
    write(Arrays.copyOf(whole, 4095));
    assertFault("a header of 4096 bytes, found 4095 bytes");
    write(Arrays.copyOf(whole, whole.length - 1));
    assertFault("5 rows up to byte 4156, found the end of the file");
    write(flip(whole, 0));
    assertFault("a float matrix of version 1");
    write(flip(whole, 16));
    assertFault("the header is damaged");
    write(flip(whole, 64));
    assertFault("a count of committed rows, found a damaged one");
    write(flip(whole, 5000 - 900));
    assertFault("the content is damaged");
    Files.delete(file);
    assertTrue(fault(file, 5, 3, FINGERPRINT).contains("does not exist"));
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  private static byte[] flip(byte[] whole, int at) {
    byte[] flipped = whole.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  @Test
  void saysBeforehandThatTheDiskIsTooSmall() {
    String message =
        assertThrows(
                TensorFileException.class,
                () -> MappedFloats.create(file, Integer.MAX_VALUE, Integer.MAX_VALUE / 8, 0))
            .getMessage();
    assertTrue(message.contains("disk: expected "), message);
    assertFalse(Files.exists(file));
  }

  @Test
  void aClosedMatrixIsNotWritten() {
    var matrix = MappedFloats.create(file, 5, 3, FINGERPRINT);
    matrix.close();
    matrix.close();
    assertThrows(TensorFileException.class, () -> matrix.append(new float[3], 0, 1));
    assertThrows(TensorFileException.class, matrix::commit);
  }

  @Test
  void aMissingFolderIsNamed() {
    Path missing = folder.resolve("missing").resolve("support.bin");
    String message =
        assertThrows(TensorFileException.class, () -> MappedFloats.create(missing, 1, 1, 0))
            .getMessage();
    assertTrue(message.startsWith("Could not create " + missing), message);
  }

  /** A sparse file with one value in its last row, so that the test takes no room on the disk. */
  @Test
  void rowsBeyondTwoGibibytesAreReached() throws IOException {
    int columns = 3;
    int rows = 180_000_000;
    long bytes = (long) rows * columns * Float.BYTES;
    assertTrue(bytes > Integer.MAX_VALUE);
    byte[] zeros = new byte[1 << 20];
    ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 7f);
    var crc = new CRC32C();
    for (long done = 0; done < bytes - 4; ) {
      int n = (int) Math.min(zeros.length, bytes - 4 - done);
      crc.update(zeros, 0, n);
      done += n;
    }
    crc.update(last.duplicate());
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(MappedFloats.identity(rows, columns, FINGERPRINT), 0);
      channel.write(
          MappedFloats.progress(rows, (int) crc.getValue()), MappedFloats.PROGRESS_OFFSET);
      channel.write(last, MappedFloats.HEADER_BYTES + bytes - 4);
    }
    try (var matrix = MappedFloats.open(file, rows, columns, FINGERPRINT)) {
      float[] out = new float[6];
      matrix.gather(new int[] {rows - 1, 1}, out, 0);
      assertArrayEquals(new float[] {0, 0, 7, 0, 0, 0}, out);
    }
  }
}
