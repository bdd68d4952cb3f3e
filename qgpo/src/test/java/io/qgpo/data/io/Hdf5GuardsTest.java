package io.qgpo.data.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps the HDF5 decoder from running astray. */
class Hdf5GuardsTest {
  @TempDir Path folder;

  /** A column-chunked file with its B-tree nodes changed. */
  private Path changed(NodeChange change) throws IOException {
    byte[] bytes = Files.readAllBytes(Samples.fixture("column_chunks.hdf5"));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf("TREE"); at >= 0; at = text.indexOf("TREE", at + 4)) {
      change.apply(buffer, at);
    }
    return Files.write(folder.resolve("changed.hdf5"), bytes);
  }

  private interface NodeChange {
    void apply(ByteBuffer file, int nodeAt);
  }

  private static String refusal(Path file) {
    return assertThrows(DataException.class, () -> DatasetFiles.readRows(file, ReadOptions.DEFAULT))
        .getMessage();
  }

  @Test
  void readsColumnChunks() throws IOException {
    LoggedRows rows = DatasetFiles.readRows(changed((file, at) -> {}), ReadOptions.DEFAULT);
    LoggedRows other =
        DatasetFiles.readRows(Samples.fixture("enum_gzip.hdf5"), ReadOptions.DEFAULT);
    RowComparison.check("column_chunks.hdf5", rows, other, 1000);
  }

  @Test
  void aMissingChunkIsNotTakenForZeros() throws IOException {
    String message =
        refusal(
            changed(
                (file, at) -> {
                  boolean leafOfChunks = file.get(at + 4) == 1 && file.get(at + 5) == 0;
                  int used = file.getShort(at + 6);
                  if (leafOfChunks && used > 1) {
                    file.putShort(at + 6, (short) (used - 1));
                  }
                }));
    assertTrue(
        message.startsWith(
            "changed.hdf5, key 'observations': expected data in every chunk, found none at ["),
        message);
  }

  /** The stack overflows, by chance within a read: nothing may wait for that read to end. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anIndexThatLeadsToItselfEnds() throws IOException {
    // Node type 0 or 1, level 1: its first child is the node itself.
    String message =
        refusal(
            changed(
                (file, at) -> {
                  if (file.get(at + 4) == 0) {
                    file.put(at + 5, (byte) 1);
                    file.putLong(at + 24 + 8, at);
                  }
                }));
    assertTrue(message.startsWith("changed.hdf5: expected a sound HDF5 file, found "), message);
  }

  @Test
  void readsAreBounded() throws IOException {
    Path file = Files.write(folder.resolve("ten"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      FileChannel bounded = new BoundedChannel(open);
      ByteBuffer some = ByteBuffer.allocate(4);
      assertEquals(4, bounded.read(some, 3));
      assertArrayEquals(new byte[] {3, 4, 5, 6}, some.array());
      assertEquals(2, bounded.read(some.clear(), 8));
      assertEquals(-1, bounded.read(some.clear(), 10));
      assertThrows(IOException.class, () -> bounded.read(some, -1));
      ByteBuffer large = ByteBuffer.allocate(1 << 20);
      for (int i = 0; i < 15; i++) {
        assertEquals(10, bounded.read(large.clear(), 0));
      }
      bounded.read(large.clear(), 0);
      assertEquals(
          "the file's own pointers lead in circles",
          assertThrows(IOException.class, () -> bounded.read(large.clear(), 0)).getMessage());

      FileChannel often = new BoundedChannel(open);
      ByteBuffer one = ByteBuffer.allocate(1);
      for (int i = 0; i < 100_010; i++) {
        often.read(one.clear(), 0);
      }
      assertThrows(IOException.class, () -> often.read(one.clear(), 0));
    }
  }

  @Test
  void theChannelOnlyReads() throws IOException {
    Path file = Files.write(folder.resolve("ten"), new byte[10]);
    ByteBuffer one = ByteBuffer.allocate(1);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      FileChannel bounded = new BoundedChannel(open);
      assertEquals(10, bounded.size());
      assertEquals(7, bounded.position(7).position());
      assertEquals(1, bounded.read(one));
      assertEquals(1, bounded.read(new ByteBuffer[] {one.clear()}));
      assertThrows(NonWritableChannelException.class, () -> bounded.write(one));
      assertThrows(NonWritableChannelException.class, () -> bounded.write(one, 0));
      assertThrows(NonWritableChannelException.class, () -> bounded.write(new ByteBuffer[] {one}));
      assertThrows(NonWritableChannelException.class, () -> bounded.truncate(0));
      assertThrows(NonWritableChannelException.class, () -> bounded.force(true));
      assertThrows(NonWritableChannelException.class, () -> bounded.transferFrom(bounded, 0, 1));
      assertThrows(UnsupportedOperationException.class, () -> bounded.transferTo(0, 1, bounded));
      assertThrows(
          UnsupportedOperationException.class,
          () -> bounded.map(FileChannel.MapMode.READ_ONLY, 0, 1));
      assertThrows(UnsupportedOperationException.class, bounded::lock);
      assertThrows(UnsupportedOperationException.class, bounded::tryLock);
      bounded.close();
      assertTrue(open.getFD().valid(), "whoever opened the file closes it");
    }
  }

  @Test
  void memoryThatDoesNotSufficeIsSaid() {
    String message =
        assertThrows(
                DataException.class,
                () ->
                    DatasetFiles.guarded(
                        "x",
                        () -> {
                          throw new OutOfMemoryError("too much");
                        }))
            .getMessage();
    assertTrue(message.matches("x: expected a file that fits in the heap of \\d+ MiB, found .*"));
  }
}
