package io.qgpo.run;

import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that only grows. What is appended goes to the operating system at once, so that the file
 * can be followed and a killed process loses nothing. {@link #sync} forces it to the disk and tells
 * the length, which a checkpoint stores; {@link #cutTo} drops what came after that checkpoint.
 */
final class AppendedFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private AppendedFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens a file that exists. Nothing may be appended before {@link #cutTo}.
   *
   * @throws TensorFileException if it cannot be opened for reading and writing
   */
  static AppendedFile open(Path file) {
    try {
      return new AppendedFile(
          file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw TensorFileException.io(file, "open", e);
    }
  }

  /** Bytes in the file. */
  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  /** The byte at a position below {@link #size}. */
  byte at(long position) {
    ByteBuffer one = ByteBuffer.allocate(1);
    try {
      channel.read(one, position);
      return one.get(0);
    } catch (IOException e) {
      throw TensorFileException.io(file, "read", e);
    }
  }

  /** Drops everything from this position on, and appends there. */
  void cutTo(long length) {
    try {
      channel.truncate(length);
      channel.position(length);
    } catch (IOException e) {
      throw TensorFileException.io(file, "cut", e);
    }
  }

  /**
   * Appends bytes.
   *
   * @throws TensorFileException if the disk is full
   */
  void append(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw TensorFileException.io(file, "write", e);
    }
  }

  /**
   * Makes all that was appended durable.
   *
   * @return the length in bytes
   */
  long sync() {
    try {
      channel.force(true);
      return channel.position();
    } catch (IOException e) {
      throw TensorFileException.io(file, "write", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Whatever had to be durable was forced by sync().
    }
  }
}
