package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --threads} bounds whatever works in the process: it is set once for each process. */
class ThreadsIT {
  @TempDir static Path folder;

  @BeforeAll
  static void train() {
    TinyRun.train(folder.resolve("run"));
  }

  @Test
  void oneThreadStepsTheEnvironments() throws Exception {
    assertEquals(Set.of("main"), steppedBy(1));
  }

  @Test
  void moreThreadsShareThem() throws Exception {
    Set<String> threads = steppedBy(3);
    assertTrue(threads.size() > 1 && threads.size() <= 3, threads.toString());
  }

  /** Names of the threads that stepped 64 environments. */
  private static Set<String> steppedBy(int threads) throws IOException, InterruptedException {
    Path out = folder.resolve("out" + threads);
    Process process =
        PackagedProgram.start(
            List.of(
                "evaluate",
                "--run=" + folder.resolve("run"),
                "--backend=scalar",
                "--scales=0",
                "--episodes=64",
                "--env=class:" + SlowEnvironment.class.getName(),
                "--env-classpath=" + TinyRun.classes(),
                "--threads=" + threads),
            out);
    int code = process.waitFor();
    String text = Files.readString(out);
    assertEquals(Main.OK, code, text);
    return text.lines()
        .filter(line -> line.startsWith(SlowEnvironment.STEPPED))
        .map(line -> line.substring(SlowEnvironment.STEPPED.length()))
        .collect(Collectors.toSet());
  }
}
