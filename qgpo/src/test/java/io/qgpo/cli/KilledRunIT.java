package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end before their time, and go on as if nothing had been. */
class KilledRunIT {
  /** {@code -Dkill.count=200} is the campaign. */
  private static final int KILLS = Integer.getInteger("kill.count", 6);

  /**
   * The longest life of a process that is killed: some end in each stage, some before the first.
   */
  private static final int LONGEST_MILLIS = 3000;

  /** 128 and the number of the signal. */
  private static final int INTERRUPTED = 130;

  private static final int TERMINATED = 143;

  @TempDir static Path folder;
  private static Path neverStopped;

  @BeforeAll
  static void trainWithoutStop() throws Exception {
    neverStopped = folder.resolve("never-stopped");
    PackagedProgram.run(PackagedProgram.train(neverStopped), folder.resolve("never-stopped.log"));
  }

  @Test
  void killedAtRandomMoments() throws Exception {
    long seed = Long.getLong("kill.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    String hint = "-Dkill.seed=" + seed;
    int kills = 0;
    for (int number = 0; kills < KILLS; number++) {
      Path run = folder.resolve("killed" + number);
      Path log = folder.resolve("killed" + number + ".log");
      Process process = PackagedProgram.start(PackagedProgram.trainOrResume(run), log);
      while (!process.waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS)) {
        if (kills < KILLS) {
          kill(process);
          kills++;
          process = PackagedProgram.start(PackagedProgram.trainOrResume(run), log);
        }
      }
      assertEquals(Main.OK, process.exitValue(), () -> hint + ": " + PackagedProgram.text(log));
      PackagedProgram.assertSame(neverStopped, run);
    }
    System.out.println(kills + " kills, " + hint);
  }

  /** Launcher and child, as kill -9 does, the child first or last. */
  private static void kill(Process launcher) throws Exception {
    List<ProcessHandle> both =
        Stream.concat(launcher.toHandle().descendants(), Stream.of(launcher.toHandle())).toList();
    both.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : both) {
      process.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "kill sends the signals")
  void askedToEndItSavesAndSaysHowToGoOn() throws Exception {
    Path run = folder.resolve("asked");
    Path log = folder.resolve("asked.log");
    for (String signal : List.of("-INT", "-TERM")) {
      Process process =
          PackagedProgram.startHearingSignals(PackagedProgram.trainOrResume(run), log);
      while (process.isAlive() && !PackagedProgram.text(log).contains("steps/s")) {
        Thread.sleep(20);
      }
      int code = signal(signal, process);
      assertEquals(signal.equals("-INT") ? INTERRUPTED : TERMINATED, code);
      assertTrue(
          PackagedProgram.text(log)
              .contains("Stopped and saved. Go on with: qgpo train --resume " + run),
          () -> PackagedProgram.text(log));
    }
    PackagedProgram.run(PackagedProgram.trainOrResume(run), log);
    PackagedProgram.assertSame(neverStopped, run);
  }

  /** To the launcher and, as a terminal does with Ctrl-C, to its child. */
  private static int signal(String signal, Process launcher) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal, "" + launcher.pid()));
    if (signal.equals("-INT")) {
      launcher.descendants().forEach(child -> command.add("" + child.pid()));
    }
    new ProcessBuilder(command).start().waitFor();
    return launcher.waitFor();
  }

  /** Of so many episodes that it would take minutes. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "kill sends the signals")
  void anEvaluationDoesNotHoldItUp() throws Exception {
    Path run = folder.resolve("evaluated");
    Path log = folder.resolve("evaluated.log");
    List<String> train = PackagedProgram.train(run);
    train.add("--set=evaluation.episodes=100000");
    String goOn = "Stopped and saved. Go on with: qgpo train --resume " + run;

    Process process = PackagedProgram.startHearingSignals(train, log);
    await(process, run.resolve("metrics.jsonl"), "\"step\":200");
    assertEquals(TERMINATED, signal("-TERM", process));
    assertTrue(PackagedProgram.text(log).contains(goOn), () -> PackagedProgram.text(log));
    assertEquals(
        "step-000200.safetensors", PackagedProgram.lastCheckpoint(run).getFileName().toString());

    run = folder.resolve("evaluated-last");
    train = PackagedProgram.train(run);
    train.add("--set=evaluation.episodes=100000");
    train.add("--set=evaluation.everySteps=0");
    process = PackagedProgram.startHearingSignals(train, log);
    await(process, run.resolve("metrics.jsonl"), "\"distributions\"");
    assertEquals(TERMINATED, signal("-TERM", process));
    assertTrue(
        PackagedProgram.text(log).contains(goOn.replaceFirst("evaluated$", "evaluated-last")),
        () -> PackagedProgram.text(log));

    process = PackagedProgram.startHearingSignals(List.of("evaluate", "--run=" + run), log);
    await(process, log, "backend ");
    assertEquals(TERMINATED, signal("-TERM", process));
    assertTrue(
        PackagedProgram.text(log).contains("Stopped before the end of the evaluation."),
        () -> PackagedProgram.text(log));
    assertFalse(Files.exists(run.resolve("evaluation.json")));
  }

  /** Until a file contains something. */
  private static void await(Process process, Path file, String part) throws Exception {
    while (process.isAlive()
        && !(Files.exists(file) && PackagedProgram.text(file).contains(part))) {
      Thread.sleep(20);
    }
  }

  @Test
  void aFlippedBitCostsNoMoreThanTheStepsBetweenTwoCheckpoints() throws Exception {
    Path run = folder.resolve("flipped");
    Path log = folder.resolve("flipped.log");
    copy(neverStopped, run);
    Path last = PackagedProgram.lastCheckpoint(run);
    byte[] bytes = Files.readAllBytes(last);
    bytes[bytes.length / 2] ^= 16;
    Files.write(last, bytes);
    PackagedProgram.run(PackagedProgram.trainOrResume(run), log);
    String text = PackagedProgram.text(log);
    assertTrue(text.contains("Skipping an unusable checkpoint. " + last), text);
    assertTrue(text.contains("Resuming after "), text);
    PackagedProgram.assertSame(neverStopped, run);
  }

  @Test
  void aSecondProcessIsSentAway() throws Exception {
    Path run = folder.resolve("shared");
    Path log = folder.resolve("shared.log");
    Path secondLog = folder.resolve("second.log");
    Process first = PackagedProgram.start(PackagedProgram.train(run), log);
    while (first.isAlive() && !Files.exists(run.resolve("config.json"))) {
      Thread.sleep(20);
    }
    int code = PackagedProgram.start(List.of("train", "--resume=" + run), secondLog).waitFor();
    String text = PackagedProgram.text(secondLog);
    assertEquals(Main.USAGE_ERROR, code, text);
    assertTrue(text.contains("The run folder " + run + " is in use by process "), text);
    assertEquals(Main.OK, first.waitFor(), () -> PackagedProgram.text(log));
    PackagedProgram.assertSame(neverStopped, run);
  }

  /** A place where even an administrator may not write. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc")
  void aFolderThatCannotBeWrittenIsOneSentence() throws Exception {
    Path log = folder.resolve("unwritable.log");
    Path run = Path.of("/proc/qgpo-run");
    int code = PackagedProgram.start(PackagedProgram.train(run), log).waitFor();
    String text = PackagedProgram.text(log);
    assertEquals(Main.USAGE_ERROR, code, text);
    assertTrue(text.contains(run.toString()) && text.contains("create the run folder"), text);
    assertTrue(!text.contains("\tat "), text);
  }

  /** In a file system of a few MB of its own, full at first. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "a small file system is mounted")
  void aFullDiskEndsItInASentenceAndLosesNothing() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path run = disk.resolve("run");
    Path copy = folder.resolve("from-disk");
    Path log = folder.resolve("disk.log");
    String script =
        """
        set -e
        mount -t tmpfs -o size=12m tmpfs %s
        head -c 10500k /dev/zero > %s/filler
        %s && exit 9
        echo "exit code $?"
        rm %s/filler
        %s
        cp -r %s %s
        """
            .formatted(
                disk,
                disk,
                shell(PackagedProgram.train(run)),
                disk,
                "if [ -f %s/config.json ]; then %s; else %s; fi"
                    .formatted(
                        run,
                        shell(List.of("train", "--resume=" + run)),
                        shell(PackagedProgram.train(run))),
                run,
                copy);
    Assumptions.assumeTrue(canMount(), "no small file system can be mounted here");
    int code =
        new ProcessBuilder("unshare", "-Urm", "sh", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String text = PackagedProgram.text(log);
    assertEquals(0, code, text);
    assertTrue(text.contains("No space left on device"), text);
    assertTrue(text.contains("exit code " + Main.USAGE_ERROR), text);
    PackagedProgram.assertSame(neverStopped, copy);
  }

  private static boolean canMount() throws Exception {
    try {
      return new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/tmp")
              .redirectErrorStream(true)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String shell(List<String> arguments) {
    return "'" + String.join("' '", PackagedProgram.command(arguments)) + "'";
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
