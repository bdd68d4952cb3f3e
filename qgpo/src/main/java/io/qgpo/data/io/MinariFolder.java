package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.Sha256;
import io.qgpo.data.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Minari data set: a folder with {@code data/main_data.hdf5} and, from Minari 0.5 on, {@code
 * data/metadata.json}.
 *
 * @param data the inner folder, {@code data}
 * @param name what to call the set in errors
 */
record MinariFolder(Path data, String name) {
  static final String MAIN_FILE = "main_data.hdf5";
  static final String METADATA_FILE = "metadata.json";
  static final String DATA_FOLDER = "data";

  /** The environment variable that says where Minari keeps its data sets. */
  private static final String ROOT_VARIABLE = "MINARI_DATASETS_PATH";

  /** The data set of a path: its folder, the folder {@code data} in it, or the main file. */
  static MinariFolder of(Path path) {
    Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    Path inner = folder.resolve(DATA_FOLDER);
    if (Files.isDirectory(inner)) {
      return new MinariFolder(inner, String.valueOf(folder.getFileName()));
    }
    return new MinariFolder(folder, String.valueOf(folder.getFileName()));
  }

  /** The folder under which Minari keeps data sets by their identifiers. */
  static Path root() {
    String said = System.getenv(ROOT_VARIABLE);
    return said == null || said.isBlank()
        ? Path.of(System.getProperty("user.home"), ".minari", "datasets")
        : Path.of(said);
  }

  Path mainFile() {
    return data.resolve(MAIN_FILE);
  }

  Path metadataFile() {
    return data.resolve(METADATA_FILE);
  }

  /**
   * Reads all episodes.
   *
   * @throws DataException for whatever breaks the layout
   */
  LoggedRows read(ReadOptions options) throws IOException {
    boolean described = Files.exists(metadataFile());
    MinariMetadata metadata =
        described ? MinariMetadata.read(metadataFile(), name) : MinariMetadata.NONE;
    if (!Files.isRegularFile(mainFile())) {
      throw DataException.ofFile(
          name, "a Minari folder with " + DATA_FOLDER + "/" + MAIN_FILE, "a folder without it");
    }
    Source source = new Source(name, Sha256.ofFile(mainFile()), false);
    return Hdf5File.read(
        mainFile(),
        name,
        root -> {
          MinariMetadata known = described ? metadata : MinariMetadata.ofAttributes(root);
          return new MinariEpisodes(source, known, options).read(root);
        });
  }
}
