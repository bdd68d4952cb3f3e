package io.qgpo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a command is to write when its work is done. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Makes a folder, before the work, and writes a file there and deletes it: what permissions say
   * is not all that can stand in the way.
   *
   * @param option that names it
   * @throws UsageException if it cannot be made, or no file can be written there
   */
  static void makeFolder(String option, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UsageException(
          "%s: expected a folder, or a place to make one, found neither at %s"
              .formatted(option, folder),
          e);
    }
    try {
      Files.delete(Files.createTempFile(folder, ".qgpo", null));
    } catch (IOException e) {
      throw new UsageException(
          "%s: expected a folder that may be written to, found %s".formatted(option, folder), e);
    }
  }

  /**
   * Checks, before the work, that a file can be written after it.
   *
   * @param option that names it
   * @param file null for none
   * @throws UsageException if its folder is missing or may not be written to, or it is no file
   */
  static void requireWritable(String option, Path file) {
    if (file == null) {
      return;
    }
    Path target = file.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new UsageException(option + ": expected a file, found the folder " + target);
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new UsageException(option + ": expected a file, found a pipe or a device at " + target);
    }
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException(
          "%s: expected a file in a folder that exists, found no folder %s"
              .formatted(option, folder));
    }
    if (!Files.isWritable(folder)) {
      throw new UsageException(
          "%s: expected a folder that may be written to, found %s".formatted(option, folder));
    }
  }
}
