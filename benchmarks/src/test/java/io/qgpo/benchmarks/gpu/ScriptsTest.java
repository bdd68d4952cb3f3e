package io.qgpo.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.benchmarks.gpu.LimitedProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts refuse; and that all is there that they name. */
class ScriptsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  private Ended run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("run").toString()));
    command.addAll(List.of(arguments));
    return LimitedProcess.run(
        command, folder, Map.of(), folder.resolve("log"), Duration.ofSeconds(60));
  }

  private static void assertRefused(Ended ended, String why) {
    assertEquals(2, ended.exit(), ended.lines().toString());
    assertEquals(1, ended.lines().size(), ended.lines().toString());
    assertTrue(ended.lines().getFirst().contains(why), ended.lines().toString());
  }

  @Test
  void misuseGivesOneSentence() {
    assertRefused(run("gpu-check"), "gpu-check runs in the bundle");
    assertRefused(run("gpu-pack", "one", "two"), "expected at most one argument");
    assertRefused(run("gpu-pack", "--help"), "found: --help");
    assertRefused(run("gpu-pack", "absent/file.tar.xz"), "the folder absent does not exist");
  }

  @Test
  void whatThePartsStartIsThere() {
    for (String file :
        List.of(
            "qgpo/src/test/java/io/qgpo/algorithm/CudaStepsIT.java",
            "qgpo/src/test/java/io/qgpo/algorithm/CudaMemoryIT.java",
            "qgpo/src/test/java/io/qgpo/cli/CudaTrainingIT.java",
            "qgpo/src/test/java/io/qgpo/cli/CudaDoctorIT.java",
            "benchmarks/peers/torch_steps.py",
            "tools/gpu-pack")) {
      assertTrue(Files.exists(ROOT.resolve(file)), file);
    }
    for (String program : List.of("io.qgpo.cuda.KernelCheck", "io.qgpo.cuda.KernelBench")) {
      assertDoesNotThrow(() -> Class.forName(program).getMethod("main", String[].class));
    }
  }
}
