package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.AtomicFiles;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The metrics of a run: a file of one JSON object a line, only ever appended to.
 *
 * <p>Each line goes to the operating system at once, so that the file can be followed and a killed
 * process loses none. {@link #sync} forces them to the disk and tells the length that a checkpoint
 * stores; resuming cuts the file there, so that no step appears twice.
 */
public final class Metrics implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private Metrics(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the file at a length that {@link #sync} told, and drops everything after it.
   *
   * @param length bytes to keep, 0 for a new run
   * @throws TensorFileException if the file is shorter, or no line ends there
   */
  public static Metrics open(Path file, long length) {
    if (length == 0) {
      AtomicFiles.writeText(file, ""); // makes the file's name durable too
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      checkLineEnds(file, channel, length);
      channel.truncate(length);
      channel.position(length);
      var metrics = new Metrics(file, channel);
      channel = null; // the metrics close it
      return metrics;
    } catch (IOException e) {
      throw TensorFileException.io(file, "open", e);
    } finally {
      if (channel != null) {
        close(channel);
      }
    }
  }

  /**
   * A line to be filled with values and appended.
   *
   * @param stage as in "behaviour"
   * @param step steps taken in that stage
   */
  public static ObjectNode line(String stage, long step) {
    return JsonFiles.object().put("stage", stage).put("step", step);
  }

  /**
   * Appends one line.
   *
   * @throws TensorFileException if the disk is full
   */
  public synchronized void append(ObjectNode line) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw TensorFileException.io(file, "write", e);
    }
  }

  /**
   * Makes all lines durable.
   *
   * @return the length in bytes, to be stored in the checkpoint and given to {@link #open}
   */
  public synchronized long sync() {
    try {
      channel.force(true);
      return channel.position();
    } catch (IOException e) {
      throw TensorFileException.io(file, "write", e);
    }
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void checkLineEnds(Path file, FileChannel channel, long length)
      throws IOException {
    if (length < 0 || length > channel.size()) {
      throw TensorFileException.content(
          file.toString(),
          "size",
          "at least the " + length + " bytes of the checkpoint",
          channel.size() + " bytes");
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    if (length > 0 && (channel.read(last, length - 1) != 1 || last.get(0) != '\n')) {
      throw TensorFileException.content(
          file.toString(), "byte " + (length - 1), "the end of a line", "the middle of one");
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Whatever had to be durable was forced by sync().
    }
  }
}
