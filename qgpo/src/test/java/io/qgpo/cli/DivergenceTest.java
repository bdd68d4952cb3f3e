package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.run.Checkpoints;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.DivergedException;
import io.qgpo.run.RunException;
import io.qgpo.run.TrainingRun;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    return rewards(1e30, more);
  }

  private String[] rewards(double scale, String... more) throws IOException {
    Path csv = folder.resolve("rewards.csv");
    StringBuilder text = new StringBuilder("s0,a0,reward,terminal\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%s,%s,%s\n".formatted(i % 7, i % 2 - .5, i % 3 * scale, i % 10 == 9));
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
                "The training has diverged: by step 6 the critic loss became Infinity; the"
                    + " checkpoint of step 200 is from before that, when all losses were within"
                    + " their limits; start anew with a smaller critic.learningRate or, where "),
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

  /** Losses become lines every 100 steps, and a save may come between two. */
  @Test
  void nothingIsSavedBetweenTwoLinesEither() {
    QgpoConfig settings =
        Presets.config("demo")
            .with(
                Map.of(
                    "score.width", 16,
                    "behaviour.steps", 200,
                    "behaviour.batchSize", 16,
                    "behaviour.learningRate", 1,
                    "behaviour.clipNorm", 0));
    AtomicInteger steps = new AtomicInteger();
    Backend backend = Backends.choose("scalar", 1).backend();
    try (TrainingRun training =
        TrainingRun.create(
            run,
            settings,
            new DataOrigin.PointMaze(200, 0),
            Optional.empty(),
            backend,
            () -> steps.incrementAndGet() > 50,
            _ -> {})) {
      String message = assertThrows(DivergedException.class, training::train).getMessage();
      assertTrue(
          message.startsWith("The training has diverged: by step 50 the behaviour loss became "),
          message);
      assertTrue(message.contains("; nothing had been saved yet; "), message);
    }
    assertEquals(OptionalLong.empty(), Checkpoints.newestStep(run.resolve("checkpoints")));
  }

  @Test
  void whereEveryNumberIsFiniteThatIsSaid() {
    Cli.Outcome outcome =
        Cli.run(
            TinyRun.arguments(
                run,
                "--set=behaviour.learningRate=1",
                "--set=behaviour.clipNorm=0",
                "--set=behaviour.steps=3000",
                "--detect-nan"));
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    String last = outcome.err().lines().toList().getLast();
    assertTrue(
        last.startsWith(
            "qgpo: No operation gave a number that is not finite: by step 100 the behaviour loss"),
        outcome.err());
    assertTrue(last.endsWith("; start anew with a smaller behaviour.learningRate."), outcome.err());
    assertFalse(outcome.err().contains("--detect-nan"), "what was just done: " + outcome.err());
    assertFalse(Files.exists(run.resolve("checkpoints/step-001000.safetensors")));
  }

  /** Q of a critic that has learnt nothing is not 0. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "0.99"})
  void withoutRewardsNothingDiverges(String discount) throws IOException {
    Cli.Outcome outcome =
        Cli.run(rewards(0, "--set=data.rewardScaling=none", "--set=critic.discount=" + discount));
    assertEquals(Main.OK, outcome.code(), outcome.err());
  }

  @Test
  void norWithSmallOnes() throws IOException {
    Cli.Outcome outcome = Cli.run(rewards(1e-6, "--set=data.rewardScaling=none"));
    assertEquals(Main.OK, outcome.code(), outcome.err());
  }

  /** In steps of 1, far more than rewards from 0 to 2e-3 can ever give: it grows exponentially. */
  @Test
  void valuesBeyondAllRewardsAreDivergence() throws IOException {
    Cli.Outcome outcome =
        Cli.run(
            rewards(
                1e-3,
                "--set=data.rewardScaling=none",
                "--set=critic.learningRate=1",
                "--set=critic.steps=100"));
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("the critic"), outcome.err());
    assertTrue(
        outcome.err().contains("start anew with a smaller critic.learningRate"), outcome.err());
  }

  @Test
  void aGpuLooksAtNoNumber() {
    Backend gpu =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (_, method, _) -> method.getName().equals("name") ? "cuda" : null);
    RunException refused =
        assertThrows(
            RunException.class,
            () -> TrainingRun.searchNotFinite(run, gpu, () -> false, message -> {}));
    assertEquals(
        "Looking at every number needs a backend on the CPU, found cuda; go on with --backend"
            + " simd.",
        refused.getMessage());
  }
}
