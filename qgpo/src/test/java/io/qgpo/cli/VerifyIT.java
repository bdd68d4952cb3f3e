package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class VerifyIT {
  @TempDir Path folder;

  /** Ctrl-C amid the checks: one sentence, and the exit code of a process that SIGINT ends. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "kill sends the signal")
  void interrupted() throws Exception {
    Path log = folder.resolve("log");
    Process process = PackagedProgram.startHearingSignals(List.of("verify"), log);
    while (process.isAlive() && !PackagedProgram.text(log).contains("passed  ")) {
      Thread.sleep(10);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertEquals(130, process.waitFor());
    String text = PackagedProgram.text(log);
    assertTrue(
        text.endsWith("Stopped before the end of the checks." + System.lineSeparator()), text);
  }
}
