package io.qgpo.cli;

import com.sun.management.OperatingSystemMXBean;
import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.io.D4rlMetadata;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Feeds damaged data sets to {@code dataset info} and to the readers, in a JVM of its own with
 * little memory. Case i depends on i alone. Prints a line for each case, and ends with the first
 * failure.
 */
final class DamagedFiles {
  /** A file takes milliseconds; processor time, as the machine may be busy with other things. */
  private static final double MOST_SECONDS = 5;

  private final Path folder;
  private final List<Sound> sounds = new ArrayList<>();
  private int refused;
  private double slowest;

  /**
   * A sound data set.
   *
   * @param name of the file to damage, in the folder of the data set where that is Minari's
   */
  private record Sound(String name, byte[] bytes, boolean minari) {
    boolean hasExtension(String extension) {
      return name.endsWith(extension);
    }
  }

  private DamagedFiles(Path folder) throws IOException {
    this.folder = folder;
    for (String name :
        List.of("enum_gzip.hdf5", "column_chunks.hdf5", "float64.hdf5", "with_policy.hdf5")) {
      sounds.add(new Sound(name, Files.readAllBytes(fixture(name)), false));
    }
    String policy = fixture("with_policy.hdf5").toString();
    for (String name : List.of("made.hdf5", "made.npz", "made.csv")) {
      Path made = folder.resolve(name);
      convert(policy, made.toString());
      sounds.add(new Sound(name, Files.readAllBytes(made), false));
    }
    for (String set : List.of("minari", "minari_old")) {
      Path data = Files.createDirectories(folder.resolve(set).resolve("data"));
      for (String name : List.of("main_data.hdf5", "metadata.json")) {
        Path from = fixture(set).resolve("data").resolve(name);
        if (Files.exists(from)) {
          byte[] bytes = Files.readAllBytes(from);
          Files.write(data.resolve(name), bytes);
          sounds.add(new Sound(set + "/data/" + name, bytes, true));
        }
      }
    }
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

  /** Arguments: an empty folder, the first case, the case after the last. */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    DamagedFiles files = new DamagedFiles(Path.of(args[0]));
    int from = Integer.parseInt(args[1]);
    int to = Integer.parseInt(args[2]);
    for (int i = from; i < to; i++) {
      out.println(i);
      String fault = files.run(i);
      if (fault != null) {
        out.println("case " + i + ": " + fault);
        System.exit(1);
      }
    }
    out.printf(
        Locale.ROOT,
        "refused %d of %d, slowest %.2f s, memory %d%n",
        files.refused,
        to - from,
        files.slowest,
        memory());
  }

  /** The most memory that this process has had, in KiB; 0 where the system does not say. */
  private static long memory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** Runs a case; returns what is wrong, or null. */
  private String run(int number) throws IOException {
    SplittableRandom random = new SplittableRandom(number);
    Sound sound = sounds.get(random.nextInt(sounds.size()));
    Path file = folder.resolve(sound.name());
    Files.write(file, damaged(sound, random));
    Path set = sound.minari() ? file.getParent().getParent() : file;
    String fault = read(set);
    if (fault == null) {
      Files.write(file, sound.bytes());
      return null;
    }
    return sound.name() + ", kept in " + file + ": " + fault;
  }

  private static byte[] damaged(Sound sound, SplittableRandom random) throws IOException {
    boolean text = sound.hasExtension(".csv") || sound.hasExtension(".json");
    boolean deep = random.nextBoolean();
    if (sound.hasExtension(".npz") && deep) {
      return damagedEntry(sound.bytes(), random);
    }
    byte[] bytes = Damage.of(sound.bytes(), text, random);
    if (sound.hasExtension(".hdf5") && deep) {
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

  private String read(Path set) {
    var printed = new ByteArrayOutputStream();
    PrintStream before = System.err;
    long start = processorNanos();
    String fault;
    try {
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      fault = command(set);
      fault = fault == null ? reader(set) : fault;
    } catch (Throwable e) {
      fault = "threw " + e;
    } finally {
      System.setErr(before);
    }
    double seconds = (processorNanos() - start) / 1e9;
    slowest = Math.max(slowest, seconds);
    if (fault == null && seconds > MOST_SECONDS) {
      fault = "took %.1f s".formatted(seconds);
    }
    if (fault == null && printed.size() > 0) {
      fault = "printed " + printed.toString(StandardCharsets.UTF_8);
    }
    return fault;
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** What a user sees: exit code 0, or 2 with one sentence. */
  private String command(Path set) {
    Cli.Outcome outcome = Cli.run("dataset", "info", set.toString());
    if (outcome.code() == Main.OK) {
      return outcome.err().isEmpty() ? null : "read, but said " + outcome.err();
    }
    refused++;
    boolean sentence =
        outcome.err().matches("qgpo: [^\\p{Cc}]+[.!?]" + System.lineSeparator())
            && outcome.err().length() < 1100
            && outcome.out().isEmpty();
    return outcome.code() == Main.USAGE_ERROR && sentence
        ? null
        : "code " + outcome.code() + ", said " + outcome.out() + outcome.err();
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
