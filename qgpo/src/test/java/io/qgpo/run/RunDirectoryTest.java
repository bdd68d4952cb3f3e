package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.TensorFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path temporary;

  private static ObjectNode config() {
    return JsonFiles.object().put("seed", 7);
  }

  private static String refusal(Runnable action) {
    return assertThrows(RunException.class, action::run).getMessage();
  }

  @Test
  void createsFoldersAndConfiguration() {
    Path folder = temporary.resolve("a/b");
    try (var run = RunDirectory.create(folder, config())) {
      assertEquals(folder, run.folder());
      assertEquals(config(), JsonFiles.read(folder.resolve("config.json")));
      assertTrue(Files.isDirectory(folder.resolve("checkpoints")));
      assertEquals(folder.resolve("checkpoints"), run.checkpoints());
      assertEquals(folder.resolve("metrics.jsonl"), run.metrics());
      assertEquals(folder.resolve("support.bin"), run.support());
    }
  }

  /** A half of an import must not be taken for a run that has just begun. */
  @Test
  void whatFailsToBeMadeIsNoRun() {
    assertThrows(
        ArithmeticException.class,
        () ->
            RunDirectory.create(
                temporary,
                config(),
                _ -> {
                  throw new ArithmeticException();
                }));
    assertFalse(RunDirectory.isRun(temporary));
    RunDirectory.create(temporary, config()).close(); // and the lock was given back
  }

  @Test
  void aRunIsNotOverwritten() {
    RunDirectory.create(temporary, config()).close();
    String message = refusal(() -> RunDirectory.create(temporary, config()));
    assertEquals(
        "The folder " + temporary + " already holds a run: resume it, or choose another folder.",
        message);
    RunDirectory.resume(temporary).close(); // the refusal gave the lock back
  }

  @Test
  void onlyARunIsResumed() throws IOException {
    assertTrue(refusal(() -> RunDirectory.resume(temporary)).contains("holds no run to resume"));
    assertTrue(
        refusal(() -> RunDirectory.resume(temporary.resolve("x"))).contains("no run to resume"));
    assertFalse(Files.exists(temporary.resolve(".lock")));
  }

  @Test
  void resumingTidiesWhatAKilledProcessLeft() throws IOException {
    RunDirectory.create(temporary, config()).close();
    Path half = Files.writeString(temporary.resolve("checkpoints/.writing-1.tmp"), "half");
    Path other = Files.writeString(temporary.resolve(".writing-2.tmp"), "half");
    RunDirectory.resume(temporary).close();
    assertFalse(Files.exists(half));
    assertFalse(Files.exists(other));
  }

  @Test
  void oneProcessUsesItOnce() {
    try (var run = RunDirectory.create(temporary, config())) {
      assertTrue(
          refusal(() -> RunDirectory.resume(run.folder())).contains("is in use by this process: "));
    }
    RunDirectory.resume(temporary).close();
  }

  /** Holds a run until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (var _ = RunDirectory.resume(Path.of(args[0]))) {
        System.out.println("locked");
        System.in.read();
      }
    }
  }

  private ProcessBuilder holder() {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Holder.class.getName(),
        temporary.toString());
  }

  /** Closing a second channel on the lock's file would end the lock. */
  @Test
  void askingForItInTheSameProcessDoesNotEndTheLock() throws Exception {
    try (var run = RunDirectory.create(temporary, config())) {
      assertTrue(RunDirectory.isInUse(temporary));
      refusal(() -> RunDirectory.resume(run.folder()));
      Process second = holder().redirectErrorStream(true).start();
      String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.contains("is in use by process " + ProcessHandle.current().pid()), said);
    }
    assertFalse(RunDirectory.isInUse(temporary));
    assertFalse(RunDirectory.isInUse(temporary.resolve("none")));
  }

  @Test
  void aSecondProcessIsToldWhoUsesIt() throws Exception {
    RunDirectory.create(temporary, config()).close();
    Process holder = holder().redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = holder.inputReader()) {
      assertEquals("locked", out.readLine());
      assertEquals(
          "The run folder "
              + temporary
              + " is in use by process "
              + holder.pid()
              + ": wait until it has ended, or choose another folder.",
          refusal(() -> RunDirectory.resume(temporary)));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    RunDirectory.resume(temporary).close(); // a killed process holds no lock
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path plain = Files.writeString(temporary.resolve("plain"), "");
    String message =
        assertThrows(
                TensorFileException.class,
                () -> RunDirectory.create(plain.resolve("run"), config()))
            .getMessage();
    assertTrue(message.startsWith("Could not create the run folder " + plain), message);
  }
}
