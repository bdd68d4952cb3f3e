package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The jar checks a kernel in CUDA C++ on the emulator that it builds itself. */
// Classes of tests run two at a time, and one builds the emulator.
@ResourceLock("emulator")
class KernelCheckIT {
  private static final Path NAIVE = Path.of("..", "docs", "kernels", "1_naive.cu");

  @TempDir Path folder;

  private String check(Path kernel, int code) throws IOException, InterruptedException {
    Emulator.library(); // skips the test without g++
    Path log = folder.resolve("log");
    Process process =
        PackagedProgram.start(
            List.of("kernel", "check", kernel.toString(), "--op=linear_silu", "--emulator"), log);
    int ended = process.waitFor();
    String text = Files.readString(log);
    assertEquals(code, ended, text);
    return text;
  }

  @Test
  void aRightKernelPasses() throws Exception {
    String text = check(NAIVE, Main.OK);
    assertTrue(text.contains("1_naive.cu as linear_silu: "), text);
    assertTrue(text.contains("on the emulator"), text);
    assertTrue(text.contains("linear_silu is right"), text);
  }

  @Test
  void aWrongKernelIsFound() throws Exception {
    String right = Files.readString(NAIVE);
    String wrong = right.replace("bias[", "2.0f * bias[");
    assertTrue(!wrong.equals(right));
    Path file = Files.writeString(folder.resolve("wrong.cu"), wrong);
    String text = check(file, Main.INTERNAL_ERROR);
    assertTrue(text.contains("linear_silu"), text);
    assertTrue(!text.contains("is right"), text);
  }
}
