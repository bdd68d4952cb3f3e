package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.Dataset;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.Sha256;
import io.qgpo.data.Source;
import io.qgpo.tensor.io.Npz;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads data sets of every format. What cannot be used is refused with a {@link DataException} of
 * one sentence, whatever bytes are wrong.
 */
public final class DatasetFiles {
  private static final String MINARI = "minari:";

  private DatasetFiles() {}

  /**
   * The path that a user means: {@code minari:ID} is the data set of this identifier under {@code
   * MINARI_DATASETS_PATH} or, where that is not set, {@code ~/.minari/datasets}; anything else is a
   * path.
   *
   * @throws java.nio.file.InvalidPathException if it can be no path
   */
  public static Path locate(String text) {
    return text.startsWith(MINARI)
        ? MinariFolder.root().resolve(text.substring(MINARI.length()))
        : Path.of(text);
  }

  /** Reads a file or folder, as {@link ReadOptions#DEFAULT} says. */
  public static Dataset read(Path file) {
    return read(file, ReadOptions.DEFAULT);
  }

  /**
   * Reads a file or folder of any format.
   *
   * @throws DataException if it cannot be used, in one sentence
   */
  public static Dataset read(Path file, ReadOptions options) {
    return Dataset.of(readRows(file, options), options.stepLimit());
  }

  /** As {@link #read(Path, ReadOptions)}, giving the rows as recorded. */
  public static LoggedRows readRows(Path file, ReadOptions options) {
    String name = String.valueOf(file.getFileName());
    return guarded(name, () -> readRows(file, name, FileFormat.of(file, name), options));
  }

  /** What reads a file. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }

  /** Turns whatever a reader may throw because of a file's content into a {@link DataException}. */
  static <T> T guarded(String name, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw DataException.ofFile(name, "a readable file", String.valueOf(e)).causedBy(e);
    } catch (TensorFileException e) {
      throw DataException.of(e);
    } catch (OutOfMemoryError e) {
      throw DataException.ofFile(
              name,
              "a file that fits in the heap of "
                  + (Runtime.getRuntime().maxMemory() >> 20)
                  + " MiB",
              "one that does not (allow more with -Xmx, if the file is sound)")
          .causedBy(e);
    }
  }

  /** Reads a file of a known format. */
  static LoggedRows readRows(Path file, String name, FileFormat format, ReadOptions options)
      throws IOException {
    return switch (format) {
      case MINARI -> MinariFolder.of(file).read(options);
      case D4RL -> {
        Source source = source(file, name);
        yield Hdf5File.read(file, name, root -> D4rlLayout.read(source, root, options));
      }
      case NPZ -> {
        try (Npz npz = Npz.open(file)) {
          yield D4rlLayout.read(source(file, name), new NpzArrays(name, npz), options);
        }
      }
      case CSV ->
          D4rlLayout.read(
              source(file, name),
              CsvArrays.read(file, name, options.columns(), options.withExtras()),
              options);
    };
  }

  private static Source source(Path file, String name) throws IOException {
    return new Source(name, Sha256.ofFile(file), false);
  }
}
