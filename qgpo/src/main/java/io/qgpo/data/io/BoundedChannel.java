package io.qgpo.data.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A file for a decoder that trusts what it reads: reads are bounded in number and in total, so that
 * pointers that lead in circles end in an error instead of going on.
 *
 * <p>Nothing is mapped: a mapped file that another process shortens ends the JVM's access with an
 * error that cannot be caught reliably, and a mapping stays until the collector finds it. Nor is it
 * read through a channel: one in whose read the stack overflows, as it does when a decoder follows
 * a circle, may wait for that read for ever when it is closed.
 */
final class BoundedChannel extends FileChannel {
  /**
   * A sound file is read once, its headers a few times over; what they add does not grow with the
   * data, nor may it be too tight for a file that is all headers.
   */
  private static final long BYTES_PER_BYTE = 4;

  private static final long BYTES_MORE = 16 << 20;

  /** Reads have at least 1 byte; those of a header are 4 to 40. */
  private static final long READS_MORE = 100_000;

  /** The JDK copies through memory outside the heap, as much as is read at once. */
  private static final int AT_ONCE = 1 << 20;

  private final RandomAccessFile file;
  private final long size;
  private long position;
  private long bytesLeft;
  private long readsLeft;

  /** A channel over an open file, which it does not close. */
  BoundedChannel(RandomAccessFile file) throws IOException {
    this.file = file;
    size = file.length();
    bytesLeft = BYTES_PER_BYTE * size + BYTES_MORE;
    readsLeft = size + READS_MORE;
  }

  /** Fills {@code target} unless the file ends; the decoder takes a short read amiss. */
  @Override
  public synchronized int read(ByteBuffer target, long position) throws IOException {
    if (position < 0) {
      throw new IOException("address " + position + " lies before the file");
    }
    readsLeft--;
    bytesLeft -= target.remaining();
    if (readsLeft < 0 || bytesLeft < 0) {
      throw new IOException("the file's own pointers lead in circles");
    }
    int start = target.position();
    file.seek(position);
    byte[] some = new byte[Math.min(AT_ONCE, target.remaining())];
    while (target.hasRemaining()) {
      int count = file.read(some, 0, Math.min(some.length, target.remaining()));
      if (count < 0) {
        break;
      }
      target.put(some, 0, count);
    }
    return target.position() == start ? -1 : target.position() - start;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException("not mapped");
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public synchronized long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(targets[i]);
      if (count < 0) {
        return sum == 0 ? -1 : sum;
      }
      sum += count;
    }
    return sum;
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public synchronized FileChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new NonWritableChannelException();
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw new NonWritableChannelException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public void force(boolean metaData) {
    throw new NonWritableChannelException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException("not transferred");
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new NonWritableChannelException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("not locked");
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("not locked");
  }

  @Override
  protected void implCloseChannel() {
    // Whoever opened the file closes it.
  }
}
