package io.qgpo.tensor.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * A matrix of floats on disk, filled once from the first row to the last and then read in any
 * order. It may be larger than the heap and than 2 GiB: it is mapped, not loaded.
 *
 * <p>Rows are appended and become durable by {@link #commit}. After a crash {@link #open} goes on
 * from the last commit, so that a long generation resumes. Rows can be read when all are there.
 *
 * <p>Layout, little-endian: 4096 bytes of header, then rows x columns floats. Header: magic,
 * version, columns, rows, fingerprint, CRC-32C of these; from byte 64 the progress: rows committed,
 * CRC-32C of their bytes, CRC-32C of these two.
 *
 * <p>One thread appends; after completion any number may read.
 */
public final class MappedFloats implements AutoCloseable {
  private static final long MAGIC = 0x54414f4c464f5051L; // "QPOFLOAT" in little-endian bytes
  private static final int VERSION = 1;

  /** One page, so that the mapped rows are aligned for every processor. */
  static final int HEADER_BYTES = 4096;

  static final int IDENTITY_BYTES = 40;
  static final int PROGRESS_OFFSET = 64;
  static final int PROGRESS_BYTES = 16;

  /** 1 MiB: large enough for full disk speed. */
  private static final int CHUNK_BYTES = 1 << 20;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final FileChannel channel;
  private final int rows;
  private final int columns;
  private final ByteBuffer chunk =
      ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C dataChecksum = new CRC32C();
  private int rowsAppended;
  private int rowsCommitted;
  private Arena arena;
  private MemorySegment mapped;

  private MappedFloats(Path file, FileChannel channel, int rows, int columns) {
    this.file = file;
    this.channel = channel;
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Creates an empty matrix, in place of any file of this name.
   *
   * @param fingerprint a number made of everything that decides the content, such as the data's
   *     hash and the model's; {@link #open} refuses a file with another one
   * @throws TensorFileException if the folder cannot be written or the disk has too little room
   */
  public static MappedFloats create(Path file, int rows, int columns, long fingerprint) {
    if (rows < 0 || columns < 1) {
      throw new IllegalArgumentException(
          "MappedFloats: expected rows >= 0 and columns >= 1, found %d x %d."
              .formatted(rows, columns));
    }
    checkRoom(file, HEADER_BYTES + (long) rows * columns * Float.BYTES);
    AtomicFiles.write(
        file,
        out -> {
          byte[] header = new byte[HEADER_BYTES];
          ByteBuffer buffer = ByteBuffer.wrap(header);
          buffer.put(identity(rows, columns, fingerprint));
          buffer.put(PROGRESS_OFFSET, progress(0, (int) new CRC32C().getValue()).array());
          out.write(header);
        });
    return open(file, rows, columns, fingerprint);
  }

  /**
   * Opens a matrix, complete or not, and verifies the checksum of all committed rows. Rows appended
   * after the last commit are dropped.
   *
   * @throws TensorFileException if the file is damaged or is not rows x columns of this fingerprint
   */
  public static MappedFloats open(Path file, int rows, int columns, long fingerprint) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      var matrix = new MappedFloats(file, channel, rows, columns);
      matrix.recover(fingerprint);
      channel = null; // the matrix closes it
      return matrix;
    } catch (IOException e) {
      throw TensorFileException.io(file, "open", e);
    } finally {
      if (channel != null) {
        closeQuietly(channel);
      }
    }
  }

  /** Rows when complete. */
  public int rows() {
    return rows;
  }

  /** Floats per row. */
  public int columns() {
    return columns;
  }

  /** Rows appended so far, committed or not. */
  public int rowsAppended() {
    return rowsAppended;
  }

  /** Whether all rows are committed, so that they can be read. */
  public boolean isComplete() {
    return rowsCommitted == rows;
  }

  /**
   * Appends {@code rowCount} rows taken from {@code values}, which begin at {@code offset} and lie
   * one after the other.
   *
   * @throws TensorFileException if the disk is full
   */
  public void append(float[] values, int offset, int rowCount) {
    if (rowCount < 0 || rowCount > rows - rowsAppended) {
      throw new IllegalArgumentException(
          "MappedFloats.append: expected at most the %d rows still missing of %d, found %d."
              .formatted(rows - rowsAppended, rows, rowCount));
    }
    int count = Math.multiplyExact(rowCount, columns);
    Objects.checkFromIndexSize(offset, count, values.length);
    try {
      long position = byteOffset(rowsAppended);
      for (int done = 0; done < count; ) {
        int n = Math.min(count - done, CHUNK_BYTES / Float.BYTES);
        chunk.clear().limit(n * Float.BYTES);
        chunk.asFloatBuffer().put(values, offset + done, n);
        dataChecksum.update(chunk);
        chunk.rewind();
        position = writeFully(chunk, position);
        done += n;
      }
    } catch (IOException e) {
      throw TensorFileException.io(file, "write", e);
    }
    rowsAppended += rowCount;
  }

  /**
   * Makes all appended rows durable: forces the rows to the disk, then the progress.
   *
   * @throws TensorFileException if the disk fails
   */
  public void commit() {
    try {
      channel.force(true);
      writeFully(progress(rowsAppended, (int) dataChecksum.getValue()), PROGRESS_OFFSET);
      channel.force(false);
    } catch (IOException e) {
      throw TensorFileException.io(file, "write", e);
    }
    rowsCommitted = rowsAppended;
  }

  /**
   * Copies the rows of these numbers, one after the other, to {@code out} from {@code outOffset}
   * on.
   *
   * @throws IllegalStateException if not all rows are committed
   * @throws IndexOutOfBoundsException if a row does not exist or {@code out} is too short
   */
  public void gather(int[] rowNumbers, float[] out, int outOffset) {
    MemorySegment source = mapping();
    Objects.checkFromIndexSize(
        outOffset, Math.multiplyExact(rowNumbers.length, columns), out.length);
    int to = outOffset;
    for (int row : rowNumbers) {
      Objects.checkIndex(row, rows);
      MemorySegment.copy(source, FLOAT, (long) row * columns * Float.BYTES, out, to, columns);
      to += columns;
    }
  }

  /** Copies {@code rowCount} consecutive rows to {@code out} from {@code outOffset} on. */
  public void read(int firstRow, int rowCount, float[] out, int outOffset) {
    MemorySegment source = mapping();
    Objects.checkFromIndexSize(firstRow, rowCount, rows);
    int count = Math.multiplyExact(rowCount, columns);
    MemorySegment.copy(
        source, FLOAT, (long) firstRow * columns * Float.BYTES, out, outOffset, count);
  }

  /** Releases file and mapping. Rows not committed are lost. No thread may be reading. */
  @Override
  public synchronized void close() {
    if (arena != null) {
      arena.close();
      arena = null;
      mapped = null;
    }
    closeQuietly(channel);
  }

  // ---- Mapping ----

  private synchronized MemorySegment mapping() {
    if (!isComplete()) {
      throw new IllegalStateException(
          ("MappedFloats: expected all %d rows committed before reading, found %d; "
                  + "append and commit the rest.")
              .formatted(rows, rowsCommitted));
    }
    if (mapped == null) {
      arena = Arena.ofShared();
      try {
        mapped =
            channel.map(MapMode.READ_ONLY, HEADER_BYTES, byteOffset(rows) - HEADER_BYTES, arena);
      } catch (IOException e) {
        throw TensorFileException.io(file, "map", e);
      }
    }
    return mapped;
  }

  // ---- Header ----

  static ByteBuffer identity(int rows, int columns, long fingerprint) {
    ByteBuffer header = ByteBuffer.allocate(IDENTITY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(columns).putLong(rows).putLong(fingerprint);
    return header.putInt(crc(header.array(), header.position())).putInt(0).flip();
  }

  static ByteBuffer progress(int rowsCommitted, int dataCrc) {
    ByteBuffer progress = ByteBuffer.allocate(PROGRESS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    progress.putLong(rowsCommitted).putInt(dataCrc);
    return progress.putInt(crc(progress.array(), progress.position())).flip();
  }

  private static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** Checks the header and all committed rows, and drops what was appended after them. */
  private void recover(long fingerprint) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long size = channel.size();
    if (size < HEADER_BYTES) {
      throw fault("byte 0", "a header of " + HEADER_BYTES + " bytes", size + " bytes");
    }
    readFully(header, 0);
    checkIdentity(header, fingerprint);
    long committed = header.getLong(PROGRESS_OFFSET);
    int dataCrc = header.getInt(PROGRESS_OFFSET + 8);
    byte[] progress = new byte[PROGRESS_BYTES];
    header.get(PROGRESS_OFFSET, progress);
    if (header.getInt(PROGRESS_OFFSET + 12) != crc(progress, 12)
        || committed < 0
        || committed > rows) {
      throw fault("byte " + PROGRESS_OFFSET, "a count of committed rows", "a damaged one");
    }
    long end = byteOffset((int) committed);
    if (size < end) {
      throw fault("byte " + size, committed + " rows up to byte " + end, "the end of the file");
    }
    for (long position = HEADER_BYTES; position < end; ) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, end - position));
      position = readFully(chunk, position);
      dataChecksum.update(chunk.rewind());
    }
    if ((int) dataChecksum.getValue() != dataCrc) {
      throw fault(
          "byte " + HEADER_BYTES,
          "rows of checksum %08x".formatted(dataCrc),
          "%08x: the content is damaged".formatted((int) dataChecksum.getValue()));
    }
    channel.truncate(end);
    rowsCommitted = (int) committed;
    rowsAppended = rowsCommitted;
  }

  private void checkIdentity(ByteBuffer header, long fingerprint) {
    if (header.getLong(0) != MAGIC || header.getInt(8) != VERSION) {
      throw fault("byte 0", "a float matrix of version " + VERSION, "something else");
    }
    if (header.getInt(32) != crc(header.array(), 32)) {
      throw fault("byte 32", "the checksum of the header", "another: the header is damaged");
    }
    if (header.getLong(16) != rows || header.getInt(12) != columns) {
      throw fault(
          "byte 12",
          rows + " x " + columns + " values",
          header.getLong(16) + " x " + header.getInt(12));
    }
    if (header.getLong(24) != fingerprint) {
      throw fault(
          "byte 24",
          "fingerprint %016x".formatted(fingerprint),
          "%016x: it was made from other data or another model".formatted(header.getLong(24)));
    }
  }

  private TensorFileException fault(String where, String expected, String found) {
    return TensorFileException.content(file.toString(), where, expected, found);
  }

  // ---- Input and output ----

  private long byteOffset(int row) {
    return HEADER_BYTES + (long) row * columns * Float.BYTES;
  }

  private long writeFully(ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
    return position;
  }

  private long readFully(ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, position);
      if (n < 0) {
        throw new IOException("the file shrank while it was read");
      }
      position += n;
    }
    return position;
  }

  /** Says so before hours of work, not after. */
  private static void checkRoom(Path file, long needed) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      long usable = Files.getFileStore(folder).getUsableSpace();
      if (usable < needed) {
        throw TensorFileException.content(
            file.toString(), "disk", needed + " free bytes", usable + " free bytes");
      }
    } catch (IOException e) {
      throw TensorFileException.io(file, "create", e);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Whatever had to be durable was forced by commit().
    }
  }
}
