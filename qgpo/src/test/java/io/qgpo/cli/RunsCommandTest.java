package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.JsonFiles;
import io.qgpo.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
      assertEquals(
          List.of("return at 1: mean and standard error over episodes, at guidance 1"),
          lines.subList(5, lines.size()));
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
  void theErrorIsThatOfTheMean() throws IOException {
    Path run = folder.resolve("a");
    assertEquals(Main.OK, Cli.run(TinyRun.mazeArguments(run)).code());
    Files.writeString(
        run.resolve("evaluation.json"),
        """
        {"env": "pointmaze", "episodes": 16, "results": [
          {"guidance": 1, "return_mean": 10, "return_sd": 4}]}
        """);
    assertTrue(runs().get(1).endsWith(" trained 10.0 +- 1.000"), runs().get(1));
  }

  /** Each was an error of the whole list, or of the memory. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"beta\" : [0-9.]+ | \"beta\" : -1 | setting 'energy.beta': expected",
        "\"discount\" : [0-9.]+, | | setting 'critic.discount' is missing",
        "\"stateDim\" : 4 | \"stateDim\" : -4 | key 'stateDim': expected a whole number from 1",
        "\"stateDim\" : 4 | \"stateDim\" : 2000000000 | key 'stateDim'",
        "\"rewardScaling\" : \"none\" | \"rewardScaling\" : \"x\" | RewardScaling",
      })
  void aDamagedRunIsARowAmongOthers(String part, String instead, String message)
      throws IOException {
    Path run = folder.resolve("b");
    assertEquals(Main.OK, Cli.run(TinyRun.mazeArguments(run)).code());
    Path damaged = Files.createDirectory(folder.resolve("a"));
    String config = Files.readString(run.resolve("config.json"));
    String changed = config.replaceFirst(part, instead == null ? "" : instead);
    assertNotEquals(config, changed);
    // without the states' transform, which older runs do not have
    Files.writeString(
        damaged.resolve("config.json"),
        changed.replaceAll("(?s)\"state(Center|Scale)\" : \\[.*?\\],", ""));
    List<String> lines = runs();
    assertTrue(lines.get(1).startsWith("a - - damaged: "), lines.get(1));
    assertTrue(lines.get(1).contains(message), lines.get(1));
    assertTrue(lines.get(2).startsWith("b pointmaze 0 trained"), lines.get(2));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no control characters in names of files")
  void noNameReachesTheTerminalAsACommand() throws IOException {
    Path run = Files.createDirectory(folder.resolve("a\n\u001b[2Jb"));
    Files.writeString(run.resolve("config.json"), "{");
    List<String> lines = runs();
    assertTrue(lines.get(1).startsWith("a??[2Jb - - damaged: "), lines.get(1));
    String error = Cli.run("runs", run + "c").err();
    assertTrue(error.matches("qgpo: .*\\?\\[2Jbc\\.\\R"), error);
  }

  @Test
  void noneIsSaid() {
    assertEquals(List.of("No runs in " + folder), runs());
    Cli.Outcome outcome = Cli.run("runs", folder.resolve("x").toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("expected a folder of runs"), outcome.err());
  }
}
