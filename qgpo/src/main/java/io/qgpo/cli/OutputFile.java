package io.qgpo.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a command is to write when its work is done. */
final class OutputFile {
  private OutputFile() {}

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
