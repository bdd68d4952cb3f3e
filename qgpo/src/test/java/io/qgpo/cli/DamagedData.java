package io.qgpo.cli;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.io.D4rlMetadata;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Data sets of every format, read by {@code dataset info} and by the readers. */
final class DamagedData {
  private final Path folder;
  private final List<SoundFile> files = new ArrayList<>();

  private DamagedData(Path folder) {
    this.folder = folder;
  }

  /** Sound ones, copied into a folder. */
  static List<SoundFile> in(Path folder) throws IOException {
    var data = new DamagedData(folder);
    for (String name :
        List.of("enum_gzip.hdf5", "column_chunks.hdf5", "float64.hdf5", "with_policy.hdf5")) {
      data.add(name, Files.readAllBytes(fixture(name)));
    }
    String policy = fixture("with_policy.hdf5").toString();
    for (String name : List.of("made.hdf5", "made.npz", "made.csv")) {
      Path made = folder.resolve(name);
      convert(policy, made.toString());
      data.add(name, Files.readAllBytes(made));
    }
    for (String set : List.of("minari", "minari_old")) {
      Path inSet = Files.createDirectories(folder.resolve(set).resolve("data"));
      for (String name : List.of("main_data.hdf5", "metadata.json")) {
        Path from = fixture(set).resolve("data").resolve(name);
        if (Files.exists(from)) {
          byte[] bytes = Files.readAllBytes(from);
          Files.write(inSet.resolve(name), bytes);
          data.add(set, set + "/data/" + name, bytes);
        }
      }
    }
    return data.files;
  }

  private void add(String name, byte[] bytes) {
    add(name, name, bytes);
  }

  /**
   * Adds a file.
   *
   * @param set what is read: the file, or the folder that it is in
   */
  private void add(String set, String name, byte[] bytes) {
    Path path = folder.resolve(set);
    files.add(
        new SoundFile(
            folder.resolve(name),
            bytes,
            (sound, random) -> damaged(name, sound, random),
            (commands, random) -> {
              String fault = commands.run("dataset", "info", path.toString());
              return fault == null ? reader(path) : fault;
            }));
  }

  private static void convert(String from, String to) {
    Cli.Outcome outcome = Cli.run("dataset", "convert", from, to);
    if (outcome.code() != Main.OK) {
      throw new IllegalStateException(outcome.err());
    }
  }

  private static Path fixture(String name) {
    try {
      return Path.of(DamagedFiles.class.getResource("/io/qgpo/data/io/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] damaged(String name, byte[] sound, SplittableRandom random)
      throws IOException {
    boolean text = name.endsWith(".csv") || name.endsWith(".json");
    boolean deep = random.nextBoolean();
    if (name.endsWith(".npz") && deep) {
      return damagedEntry(sound, random);
    }
    byte[] bytes = Damage.of(sound, text, random);
    if (name.endsWith(".hdf5") && deep) {
      declareLength(bytes);
    }
    return bytes;
  }

  /** Damages one array in a zip that is otherwise sound. */
  private static byte[] damagedEntry(byte[] npz, SplittableRandom random) throws IOException {
    int victim = random.nextInt(8);
    var out = new ByteArrayOutputStream();
    try (var in = new ZipInputStream(new ByteArrayInputStream(npz));
        var zip = new ZipOutputStream(out)) {
      ZipEntry entry = in.getNextEntry();
      for (int i = 0; entry != null; i++, entry = in.getNextEntry()) {
        zip.putNextEntry(new ZipEntry(entry.getName()));
        byte[] bytes = in.readAllBytes();
        zip.write(i == victim ? Damage.of(bytes, random.nextBoolean(), random) : bytes);
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /** A file that says how long it is gets past the first check. */
  private static void declareLength(byte[] bytes) {
    int at = bytes.length > 8 && bytes[8] == 0 ? 40 : 28;
    if (bytes.length >= at + 8) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, bytes.length);
    }
  }

  /** What is behind it, with all that is optional: rows, or the documented exception. */
  private static String reader(Path set) {
    try {
      LoggedRows rows = DatasetFiles.readRows(set, ReadOptions.DEFAULT.keepingExtras());
      if (rows.size() < 2) {
        return "read " + rows.size() + " rows";
      }
    } catch (DataException e) {
      // As documented.
    }
    if (!Files.isDirectory(set)) {
      try {
        D4rlMetadata.read(set);
      } catch (DataException e) {
        return null;
      }
    }
    return null;
  }
}
