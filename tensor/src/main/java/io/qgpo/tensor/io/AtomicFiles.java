package io.qgpo.tensor.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files so that a reader, or a machine that loses power, sees either the old content or the
 * new, never a part: a temporary file in the same folder, fsync, rename, fsync of the folder.
 */
public final class AtomicFiles {
  private static final String TEMP_PREFIX = ".writing-";
  private static final String TEMP_SUFFIX = ".tmp";

  private AtomicFiles() {}

  /** Writes the content of a file; the stream is buffered and must not be closed. */
  @FunctionalInterface
  public interface Body {
    /** Writes everything to {@code out}. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes the content of a file that another library must open by its path. */
  @FunctionalInterface
  public interface PathBody {
    /** Writes everything to {@code temporary}, an empty file. */
    void writeTo(Path temporary) throws IOException;
  }

  /**
   * Replaces or creates {@code file}, with the permissions of any new file. On any failure the old
   * file is untouched and the temporary file is gone.
   *
   * @throws TensorFileException if the folder is missing or not writable, or the disk is full
   */
  public static void write(Path file, Body body) {
    writeAt(file, temporary -> writeStream(temporary, body));
  }

  /**
   * As {@link #write(Path, Body)}, for what can only be written to a path. Whatever {@code body}
   * throws, the old file is untouched and the temporary file is gone. Through a symbolic link, the
   * file that it leads to is replaced; a pipe or a device is refused, because a rename would take
   * its place.
   */
  public static void writeAt(Path file, PathBody body) {
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path folder = target.getParent();
      if (folder == null || Files.isDirectory(target)) {
        throw new IOException("it is a folder");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        throw new IOException("it is no regular file");
      }
      if (!Files.isDirectory(folder)) {
        throw new NoSuchFileException("the folder " + folder);
      }
      // Not createTempFile: that would make it its owner's alone, whatever the umask.
      Path temporary =
          Files.createFile(folder.resolve(TEMP_PREFIX + UUID.randomUUID() + TEMP_SUFFIX));
      try {
        body.writeTo(temporary);
        sync(temporary);
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary); // gone already if it was renamed
      }
      syncFolder(folder);
    } catch (IOException | ReadOnlyFileSystemException e) {
      throw TensorFileException.io(file, "write", e);
    }
  }

  /** Replaces or creates {@code file} with UTF-8 text, as {@link #write(Path, Body)} does. */
  public static void writeText(Path file, String text) {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Deletes temporary files that a killed process left in {@code folder}. Call it only while no
   * other process writes there.
   *
   * @return how many there were
   */
  public static int deleteLeftovers(Path folder) {
    int deleted = 0;
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(folder, TEMP_PREFIX + "*" + TEMP_SUFFIX)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
        deleted++;
      }
    } catch (IOException e) {
      throw TensorFileException.io(folder, "tidy", e);
    }
    return deleted;
  }

  private static void writeStream(Path temporary, Body body) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      var out = new BufferedOutputStream(Channels.newOutputStream(channel), ArrayCodec.CHUNK_BYTES);
      body.writeTo(out);
      out.flush();
    }
  }

  private static void sync(Path temporary) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes a rename or a deletion in {@code folder} durable. Windows has no such call. */
  static void syncFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
