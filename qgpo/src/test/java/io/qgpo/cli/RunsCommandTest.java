package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.JsonFiles;
import io.qgpo.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {
  @TempDir Path folder;

  private List<String> runs() {
    Cli.Outcome outcome = Cli.run("runs", folder.toString());
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.code());
    return outcome.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
  }

  @Test
  void saysHowFarEachHasComeAndWhatItEarns() throws IOException {
    Path trained = folder.resolve("a");
    assertEquals(Main.OK, Cli.run(TinyRun.mazeArguments(trained)).code());
    Path half = Files.createDirectory(folder.resolve("b"));
    Files.copy(trained.resolve("config.json"), half.resolve("config.json"));
    Files.writeString(
        half.resolve("metrics.jsonl"), "{\"stage\":\"behaviour\",\"step\":3,\"loss\":1}\n");
    Path begun = Files.createDirectory(folder.resolve("c"));
    Files.copy(trained.resolve("config.json"), begun.resolve("config.json"));
    Path damaged = Files.createDirectory(folder.resolve("d"));
    Files.writeString(damaged.resolve("config.json"), "{");
    Files.createDirectory(folder.resolve("no run"));

    try (RunDirectory open = RunDirectory.resume(half)) {
      List<String> lines = runs();
      assertEquals("run environment seed state return at 1", lines.getFirst());
      assertTrue(
          lines.get(1).matches("a pointmaze 0 trained -?[0-9.]+ \\+- [0-9.]+"), lines.get(1));
      assertEquals("b pointmaze 0 behaviour 50 %, running -", lines.get(2));
      assertEquals("c pointmaze 0 begun -", lines.get(3));
      assertTrue(lines.get(4).startsWith("d - - damaged: "), lines.get(4));
      assertEquals(5, lines.size());
      assertEquals(JsonFiles.read(half.resolve("config.json")), JsonFiles.read(open.config()));
    }
    assertEquals("b pointmaze 0 behaviour 50 % -", runs().get(2));
  }

  /** A process that was killed between the last line of the metrics and the last save. */
  @Test
  void aRunIsTrainedOnceItsLastStepIsSaved() throws IOException {
    Path run = folder.resolve("a");
    TinyRun.train(run);
    assertEquals("a - 0 trained -", runs().get(1));
    Path checkpoints = run.resolve("checkpoints");
    Files.move(
        checkpoints.resolve("step-000206.safetensors"),
        checkpoints.resolve("step-000205.safetensors"));
    assertEquals("a - 0 critic and energy 100 % -", runs().get(1));
  }

  @Test
  void noneIsSaid() {
    assertEquals(List.of("No runs in " + folder), runs());
    Cli.Outcome outcome = Cli.run("runs", folder.resolve("x").toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("expected a folder of runs"), outcome.err());
  }
}
