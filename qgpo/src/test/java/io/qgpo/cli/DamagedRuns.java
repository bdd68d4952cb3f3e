package io.qgpo.cli;

import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.SafeTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The files of a tiny run, and its weights as they are exported. */
final class DamagedRuns {
  private static final String METADATA = "qgpo.run";

  /**
   * How many runs with a damaged file are drawn, which takes a hundred times as long as reading.
   */
  private static final int DRAWN_OF = 16;

  private final Path folder;
  private final Path run;
  private final Path states;

  private DamagedRuns(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve("run"));
    run = this.folder.resolve("trained");
    states = Files.writeString(this.folder.resolve("states.csv"), "0,0\n0.5,-0.5\n");
    require(TinyRun.mazeArguments(run));
  }

  /** Sound ones, in a folder of which the last part is new. */
  static List<SoundFile> in(Path folder) throws IOException {
    var runs = new DamagedRuns(folder);
    return List.of(
        runs.weights(),
        runs.describedWeights(),
        runs.checkpoint(),
        runs.config(),
        runs.metrics(),
        runs.timings(),
        runs.evaluation());
  }

  private static void require(String... arguments) {
    Cli.Outcome outcome = Cli.run(arguments);
    if (outcome.code() != Main.OK) {
      throw new IllegalStateException(outcome.err());
    }
  }

  /** A folder with copies of some files of the run: the fewer, the sooner it is read. */
  private Path copy(String name, String... files) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name).resolve("run"));
    for (String file : files) {
      Path target = copy.resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(run.resolve(file), target);
    }
    return copy;
  }

  private SoundFile weights() throws IOException {
    Path file = exported("weights.safetensors");
    return new SoundFile(
        file,
        Files.readAllBytes(file),
        (sound, random) ->
            random.nextBoolean() ? damagedHeader(sound, random) : Damage.of(sound, false, random),
        (commands, random) -> imported(commands, file));
  }

  /** A sound file with a damaged description of the run. */
  private SoundFile describedWeights() throws IOException {
    Path file = exported("described.safetensors");
    SafeTensors content = SafeTensors.read(file);
    String described = content.metadata().get(METADATA);
    List<NamedArray> arrays = List.copyOf(content.arrays().values());
    return new SoundFile(
        file,
        Files.readAllBytes(file),
        (sound, random) -> {
          SafeTensors.write(
              file, arrays, Map.of(METADATA, DamagedJson.text(damagedObject(described, random))));
          return Files.readAllBytes(file);
        },
        (commands, random) -> imported(commands, file));
  }

  private Path exported(String name) {
    Path file = folder.resolve(name);
    require("export", "--run=" + run, "--format=safetensors", "--out=" + file);
    return file;
  }

  /** What was imported acts. */
  private String imported(CommandCheck commands, Path file) throws IOException {
    Path made = folder.resolve("imported");
    delete(made);
    String fault = commands.run("import", file.toString(), "--out=" + made);
    return fault == null && Files.exists(made) ? sampled(commands, made) : fault;
  }

  private String sampled(CommandCheck commands, Path from) {
    return commands.run("sample", "--backend=scalar", "--run=" + from, "--states=" + states);
  }

  private static void delete(Path made) throws IOException {
    if (Files.exists(made)) {
      try (Stream<Path> all = Files.walk(made)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private SoundFile checkpoint() throws IOException {
    Path newest;
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      newest = all.filter(path -> path.toString().contains("step-")).sorted().toList().getLast();
    }
    String name = "checkpoints/" + newest.getFileName();
    Path copy = copy("checkpoint", "config.json", name);
    Path out = folder.resolve("checkpoint.onnx");
    return new SoundFile(
        copy.resolve(name),
        Files.readAllBytes(newest),
        (sound, random) -> {
          byte[] damaged =
              random.nextBoolean() ? damagedHeader(sound, random) : Damage.of(sound, false, random);
          return random.nextInt(4) == 0 ? damaged : sealed(damaged);
        },
        (commands, random) ->
            random.nextBoolean()
                ? sampled(commands, copy)
                : commands.run("export", "--run=" + copy, "--format=onnx", "--out=" + out));
  }

  /** With the checksum of what it holds, which is its end. */
  private static byte[] sealed(byte[] checkpoint) {
    int end = checkpoint.length - Integer.BYTES;
    if (end > 0) {
      var crc = new CRC32C();
      crc.update(checkpoint, 0, end);
      ByteBuffer.wrap(checkpoint).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) crc.getValue());
    }
    return checkpoint;
  }

  /** Another value in the header of a safetensors file, of which the length is right. */
  private static byte[] damagedHeader(byte[] sound, SplittableRandom random) throws IOException {
    int length = (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int data = Long.BYTES + length;
    String header = new String(sound, Long.BYTES, length, StandardCharsets.UTF_8);
    byte[] other = DamagedJson.of(header, random).getBytes(StandardCharsets.UTF_8);
    int padding = -other.length & (Long.BYTES - 1);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + other.length + padding + sound.length - data)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(other.length + padding).put(other);
    file.put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
    return file.put(sound, data, sound.length - data).array();
  }

  private SoundFile config() throws IOException {
    Path copy = copy("config", "config.json", "timings.json");
    return object(
        copy.resolve("config.json"),
        (commands, random) ->
            random.nextBoolean() ? listed(commands, copy) : drawn(commands, copy, "report"));
  }

  private SoundFile metrics() throws IOException {
    Path copy = copy("metrics", "config.json", "metrics.jsonl", "evaluation.json");
    Path file = copy.resolve("metrics.jsonl");
    return new SoundFile(
        file,
        Files.readAllBytes(file),
        (sound, random) ->
            random.nextInt(3) > 0
                ? DamagedJson.line(sound, random)
                : Damage.of(sound, true, random),
        (commands, random) ->
            switch (random.nextInt(DRAWN_OF)) {
              case 0 -> drawn(commands, copy, "report");
              case 1 -> drawn(commands, copy, "compare");
              default -> listed(commands, copy);
            });
  }

  private SoundFile timings() throws IOException {
    Path copy = copy("timings", "config.json", "timings.json");
    return object(
        copy.resolve("timings.json"), (commands, random) -> drawn(commands, copy, "report"));
  }

  private SoundFile evaluation() throws IOException {
    Path copy = copy("evaluation", "config.json", "evaluation.json");
    return object(
        copy.resolve("evaluation.json"),
        (commands, random) ->
            switch (random.nextInt(DRAWN_OF)) {
              case 0 -> drawn(commands, copy, "report");
              case 1 -> drawn(commands, copy, "compare");
              case 2, 3, 4 -> listed(commands, copy);
              default -> commands.run("compare", "a=" + copy, "b=" + copy);
            });
  }

  private static String listed(CommandCheck commands, Path copy) {
    return commands.run("runs", copy.getParent().toString());
  }

  private String drawn(CommandCheck commands, Path copy, String command) {
    return commands.run(command, copy.toString(), "--out=" + folder.resolve("page.html"));
  }

  private static SoundFile object(Path file, SoundFile.Reader reader) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new SoundFile(
        file, bytes, (sound, random) -> damagedObject(DamagedJson.text(sound), random), reader);
  }

  /** Another value or, in a third of all, other bytes. */
  private static byte[] damagedObject(String json, SplittableRandom random) throws IOException {
    return random.nextInt(3) > 0
        ? DamagedJson.of(json, random).getBytes(StandardCharsets.UTF_8)
        : Damage.of(json.getBytes(StandardCharsets.UTF_8), true, random);
  }
}
