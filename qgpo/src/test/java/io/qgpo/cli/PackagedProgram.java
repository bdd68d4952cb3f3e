package io.qgpo.cli;

import static io.qgpo.SameArrays.assertSameArrays;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.run.tensorboard.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The jar as a user starts it, training some seconds with a checkpoint each second. */
final class PackagedProgram {
  private static final String JAR = System.getProperty("qgpo.jar");

  /** Long enough to be killed in each stage, with evaluations on the way. */
  private static final List<String> SETTINGS =
      List.of(
          "checkpoint.everySeconds=1",
          "score.width=64",
          "behaviour.steps=600",
          "behaviour.batchSize=128",
          "behaviour.emaDecay=0.99", // else the average is that of the first steps, and Q diverges
          "support.candidates=4",
          "support.evaluations=5",
          "support.batchRows=4096",
          "critic.steps=300",
          "critic.hidden=64",
          "energy.steps=400",
          "energy.hidden=64",
          "evaluation.everySteps=200",
          "evaluation.episodes=2",
          "evaluation.guidanceScales=0,1",
          "evaluation.cloningSteps=3");

  private PackagedProgram() {}

  /** Arguments that begin a training. */
  static List<String> train(Path run) {
    List<String> arguments = new ArrayList<>(List.of("train", "--out=" + run));
    SETTINGS.forEach(setting -> arguments.add("--set=" + setting));
    return arguments;
  }

  /** Arguments that begin a training, or go on with one. */
  static List<String> trainOrResume(Path run) {
    return Files.exists(run.resolve("config.json"))
        ? List.of("train", "--resume=" + run)
        : train(run);
  }

  /** The command line of this. */
  static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR));
    command.addAll(arguments);
    return command;
  }

  /** Starts it, with both outputs in a file. */
  static Process start(List<String> arguments, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    builder.environment().remove("QGPO_JAVA_HOME");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Runs it to its end. */
  static void run(List<String> arguments, Path log) throws Exception {
    int code = start(arguments, log).waitFor();
    assertEquals(Main.OK, code, () -> text(log));
  }

  static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The newest checkpoint. */
  static Path lastCheckpoint(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("step-"))
          .sorted()
          .reduce((_, last) -> last)
          .orElseThrow();
    }
  }

  /** Weights, moments, random streams, metrics and events: bit by bit. */
  static void assertSame(Path expected, Path found) throws IOException {
    assertEquals(lastCheckpoint(expected).getFileName(), lastCheckpoint(found).getFileName());
    assertSameArrays(lastCheckpoint(expected), lastCheckpoint(found));
    assertEquals(
        Files.readString(expected.resolve("metrics.jsonl")),
        Files.readString(found.resolve("metrics.jsonl")));
    assertEquals(events(expected), events(found));
    assertEquals(
        Files.readString(expected.resolve("evaluation.json")),
        Files.readString(found.resolve("evaluation.json")));
  }

  private static List<String> events(Path run) throws IOException {
    return Events.read(run.resolve("events.out.tfevents.qgpo"));
  }

  /** What a shell starts in the background ignores SIGINT, and so would all that it starts. */
  static Process startHearingSignals(List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(command(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
