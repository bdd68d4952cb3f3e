package io.qgpo.run;

import io.qgpo.tensor.io.MappedFloats;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The support actions of a run on disk. They are drawn from a behaviour model and a seed that a
 * checkpoint and the settings hold, so that a damaged file costs no more than to draw them again.
 */
final class SupportFile {
  private SupportFile() {}

  /**
   * Opens the file, or begins one where there is none that can be used.
   *
   * @param messages takes a sentence if one is dropped
   */
  static MappedFloats open(
      Path file, int rows, int columns, long fingerprint, Consumer<String> messages) {
    if (Files.exists(file)) {
      try {
        return MappedFloats.open(file, rows, columns, fingerprint);
      } catch (TensorFileException e) {
        if (!e.isOfContent()) {
          throw e;
        }
        messages.accept("Drawing all support actions again, to the same bits. " + e.getMessage());
      }
    }
    return MappedFloats.create(file, rows, columns, fingerprint);
  }
}
