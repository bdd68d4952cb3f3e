package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Randomly damaged data sets, weights, checkpoints and files of a run: each is read, or refused
 * with exit code 2 and one sentence, in 5 s of processor time and 1 GiB of memory. {@code
 * -Dfuzz.count=100000} says how many, {@code -Dfuzz.from=0} where to begin.
 */
class DamagedFilesTest {
  private static final int COUNT = Integer.getInteger("fuzz.count", 2000);
  private static final int FROM = Integer.getInteger("fuzz.from", 0);

  /** When a case counts as hanging: far more than the processor time it may take. */
  private static final long HANGING_SECONDS = 120;

  private static final long ONE_GIBIBYTE = 1 << 20; // KiB

  /** Kept if the test fails: the file that it failed on is there. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void eachIsReadOrRefused() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx640m",
                "-XX:MaxDirectMemorySize=64m",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DamagedFiles.class.getName(),
                folder.toString(),
                Integer.toString(FROM),
                Integer.toString(Math.addExact(FROM, COUNT))));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    AtomicLong lastLine = new AtomicLong(System.nanoTime());
    Thread watch = Thread.ofVirtual().start(() -> watch(process, lastLine));
    String last = "nothing";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
        lastLine.set(System.nanoTime());
      }
    } finally {
      process.destroyForcibly();
    }
    watch.join();
    assertEquals(0, process.waitFor(), "it ended at: " + last);
    Matcher summary =
        Pattern.compile("refused (\\d+) of (\\d+), slowest .* s, memory (\\d+)").matcher(last);
    assertTrue(summary.matches(), last);
    assertTrue(Integer.parseInt(summary.group(1)) > COUNT / 4, "damage is noticed: " + last);
    assertTrue(Long.parseLong(summary.group(3)) < ONE_GIBIBYTE, "KiB of memory: " + last);
    System.out.println(last);
  }

  private static void watch(Process process, AtomicLong lastLine) {
    try {
      while (!process.waitFor(1, TimeUnit.SECONDS)) {
        if (System.nanoTime() - lastLine.get() > TimeUnit.SECONDS.toNanos(HANGING_SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
