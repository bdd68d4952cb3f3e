package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that go wrong. */
class DivergenceTest {
  @TempDir Path folder;
  private Path run;

  @BeforeEach
  void nameRun() {
    run = folder.resolve("run");
  }

  /** Rewards whose squares are beyond float32. */
  private String[] endlessRewards(String... more) throws IOException {
    Path csv = folder.resolve("rewards.csv");
    StringBuilder text = new StringBuilder("s0,a0,reward,terminal\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%s,%s,%s\n".formatted(i % 7, i % 2 - .5, i % 3 * 1e30, i % 10 == 9));
    }
    Files.writeString(csv, text);
    String[] arguments = TinyRun.arguments(run, more);
    return Stream.of(arguments)
        .map(argument -> argument.startsWith("--data=") ? "--data=" + csv : argument)
        .toArray(String[]::new);
  }

  private List<String> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void endsBeforeACheckpointTakesItIn() throws IOException {
    Cli.Outcome outcome = Cli.run(endlessRewards("--set=data.rewardScaling=none"));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(
        outcome
            .err()
            .contains(
                "The training has diverged: by step 6 the critic loss became Infinity; what "),
        outcome.err());
    assertEquals(List.of("step-000200.safetensors"), checkpoints());
    Cli.Outcome evaluated =
        Cli.run(
            "sample", "--backend=scalar", "--run=" + run, "--guidance=0", "--states=" + states());
    assertEquals(Main.OK, evaluated.code(), evaluated.err());
  }

  private Path states() throws IOException {
    return Files.writeString(folder.resolve("states.csv"), "3\n");
  }

  @Test
  void namesTheFirstOperation() throws IOException {
    Cli.Outcome outcome = Cli.run(endlessRewards("--set=data.rewardScaling=none", "--detect-nan"));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    String err = outcome.err();
    assertTrue(
        err.contains("not finite arises after 200 behaviour steps and 0 of critic and energy: "),
        err);
    assertTrue(err.contains(" gave Infinity at row 0, column 0 of "), err);
    assertTrue(err.contains("by Loss.meanSquaredError"), err);
    assertFalse(err.contains("\tat "), err);
  }

  @Test
  void namesItLaterToo() throws IOException {
    Cli.run(endlessRewards("--set=data.rewardScaling=none"));
    Cli.Outcome outcome = Cli.run("train", "--backend=scalar", "--resume=" + run, "--detect-nan");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("by Loss.meanSquaredError"), outcome.err());
  }

  @Test
  void aLossBeyondAllSenseIsDivergence() {
    Cli.Outcome outcome =
        Cli.run(
            TinyRun.arguments(run, "--set=behaviour.learningRate=1", "--set=behaviour.clipNorm=0"));
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("the behaviour loss became "), outcome.err());
    assertTrue(outcome.err().contains(", beyond 200"), outcome.err());
  }
}
