package io.qgpo.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.benchmarks.gpu.LimitedProcess.Ended;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitedProcessTest {
  @TempDir Path folder;

  private Ended shell(String program, Duration limit) {
    return LimitedProcess.run(
        List.of("/bin/sh", "-c", program),
        folder,
        Map.of("PLANTED", "yes"),
        folder.resolve("log"),
        limit);
  }

  @Test
  void whatItPrintedAndHowItEnded() {
    Ended ended = shell("echo one; echo $PLANTED >&2; exit 3", Duration.ofSeconds(20));
    assertEquals(3, ended.exit());
    assertEquals(List.of("one", "yes"), ended.lines());
    assertFalse(ended.ranOutOfTime());
    assertEquals("one", ended.last("n", "none"));
    assertEquals("none", ended.last("absent", "none"));
  }

  @Test
  void withItsTimeAllThatItStartedEnds() throws InterruptedException {
    Ended ended =
        shell("sleep 600 & echo $!; wait", Duration.ofMillis(500)); // the shell's own child
    assertTrue(ended.ranOutOfTime());
    assertTrue(ended.seconds() < 60, "took " + ended.seconds());
    long child = Long.parseLong(ended.lines().getFirst());
    boolean alive = true;
    for (int i = 0; i < 100 && alive; i++) {
      alive = ProcessHandle.of(child).filter(ProcessHandle::isAlive).isPresent();
      Thread.sleep(20);
    }
    assertFalse(alive, "the child goes on");
  }

  @Test
  void whatIsNotThereCannotBeStarted() {
    assertThrows(
        UncheckedIOException.class,
        () ->
            LimitedProcess.run(
                List.of("/absent"), folder, Map.of(), folder.resolve("log"), Duration.ZERO));
    assertNull(LimitedProcess.find("absent-program", List.of(folder)));
    assertNotNull(LimitedProcess.find("sh", List.of()));
  }
}
