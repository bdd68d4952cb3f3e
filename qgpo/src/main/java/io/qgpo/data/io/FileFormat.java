package io.qgpo.data.io;

import io.qgpo.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of data sets. */
public enum FileFormat {
  /** One HDF5 file in D4RL's layout. */
  D4RL(".hdf5", ".h5"),
  /** A folder {@code data} with {@code main_data.hdf5}, a group an episode. */
  MINARI,
  /** numpy's zip of arrays, with D4RL's keys. */
  NPZ(".npz"),
  /** Text: a line of column names, then a line for each row. */
  CSV(".csv");

  /** First bytes of a zip with entries, and of an empty one. */
  private static final byte[][] ZIP = {{'P', 'K', 3, 4}, {'P', 'K', 5, 6}};

  private final List<String> extensions;

  FileFormat(String... extensions) {
    this.extensions = List.of(extensions);
  }

  /** The name used on the command line: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format whose files end as this name does. */
  public static Optional<FileFormat> ofName(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.extensions.stream().anyMatch(name::endsWith))
        .findFirst();
  }

  /**
   * The format of an existing file or folder: by its content, and where that says nothing, by its
   * name.
   *
   * @throws DataException if there is no file, or its format is unknown
   */
  static FileFormat of(Path file, String name) throws IOException {
    if (Files.isDirectory(file) || file.endsWith(MinariFolder.MAIN_FILE)) {
      return MINARI;
    }
    if (!Files.exists(file)) {
      throw DataException.ofFile(
          name, "a file or folder of data", "none at " + file.toAbsolutePath());
    }
    if (!Files.isRegularFile(file)) {
      throw DataException.ofFile(name, "a file or a folder", "something else");
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(8);
    }
    if (Hdf5File.isSignature(head)) {
      return D4RL;
    }
    for (byte[] zip : ZIP) {
      if (head.length >= zip.length && Arrays.equals(head, 0, zip.length, zip, 0, zip.length)) {
        return NPZ;
      }
    }
    return ofName(file)
        .orElseThrow(
            () ->
                DataException.ofFile(
                    name,
                    "an HDF5 or npz file, a Minari folder, or a file that ends in .csv",
                    head.length == 0 ? "an empty file" : "other content"));
  }
}
