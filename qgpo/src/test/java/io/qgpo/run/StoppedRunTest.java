package io.qgpo.run;

import static io.qgpo.SameArrays.assertSameArrays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.Presets;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedRunTest {
  @TempDir Path folder;
  private final List<String> messages = new ArrayList<>();
  private final Backend backend = Backends.choose("scalar", 1).backend();

  private TrainingRun create(Path run, BooleanSupplier stop) {
    return create(run, Optional.empty(), stop);
  }

  private TrainingRun create(
      Path run, Optional<EnvironmentName> environment, BooleanSupplier stop) {
    return TrainingRun.create(
        run,
        Presets.config("demo")
            .with(
                Map.ofEntries(
                    Map.entry("score.width", 16),
                    Map.entry("behaviour.steps", 2),
                    Map.entry("behaviour.batchSize", 8),
                    Map.entry("support.candidates", 2),
                    Map.entry("support.evaluations", 1),
                    Map.entry("critic.steps", 2),
                    Map.entry("critic.hidden", 8),
                    Map.entry("energy.steps", 2),
                    Map.entry("energy.hidden", 8),
                    Map.entry("sampler.evaluations", 2),
                    Map.entry("evaluation.everySteps", 1),
                    Map.entry("evaluation.episodes", 2),
                    Map.entry("evaluation.guidanceScales", List.of(0.0, 1.0)))),
        new DataOrigin.PointMaze(200, 0),
        environment,
        backend,
        stop,
        messages::add);
  }

  private static String metrics(Path run) {
    try {
      return Files.readString(RunDirectory.metricsIn(run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Between the line of the support actions and the first step of the next stage. */
  @Test
  void noLineComesTwice() {
    Path straight = folder.resolve("straight");
    try (TrainingRun run = create(straight, () -> false)) {
      assertTrue(run.train());
    }
    Path stopped = folder.resolve("stopped");
    try (TrainingRun run = create(stopped, () -> metrics(stopped).contains(Stages.SUPPORT))) {
      assertFalse(run.train());
    }
    try (TrainingRun run = TrainingRun.resume(stopped, backend, () -> false, message -> {})) {
      assertTrue(run.train());
    }
    assertEquals(metrics(straight), metrics(stopped));
  }

  private void resume(Path run) {
    try (TrainingRun again = TrainingRun.resume(run, backend, () -> false, messages::add)) {
      assertTrue(again.train());
    }
  }

  private static Path trained(Path run, TrainingRun training) {
    try (training) {
      assertTrue(training.train());
    }
    return run;
  }

  private static void assertSame(Path expected, Path found) throws IOException {
    assertEquals(metrics(expected), metrics(found));
    for (String name : List.of("step-000004.safetensors", "best.safetensors")) {
      Path file = expected.resolve("checkpoints").resolve(name);
      if (Files.exists(file)) {
        assertSameArrays(file, found.resolve("checkpoints").resolve(name));
      }
    }
  }

  /** Between two steps, two blocks of support actions, or two steps of an evaluation on the way. */
  @Test
  void stoppedWhereverItAsksItEndsWithTheSameBits() throws IOException {
    Optional<EnvironmentName> maze = Optional.of(EnvironmentName.of("pointmaze"));
    AtomicInteger asked = new AtomicInteger();
    Path straight = folder.resolve("straight");
    trained(straight, create(straight, maze, () -> asked.incrementAndGet() < 0));
    int all = asked.get();
    assertTrue(all > 100, "also in evaluations: " + all);
    int stopped = 0;
    for (int at = 1; at <= all; at += 1 + all / 25) {
      int last = at;
      asked.set(0);
      Path run = folder.resolve("stopped" + at);
      try (TrainingRun first = create(run, maze, () -> asked.incrementAndGet() >= last)) {
        assertFalse(first.train());
      }
      try (TrainingRun again = TrainingRun.resume(run, backend, () -> true, messages::add)) {
        again.train(); // asked again at once
      }
      resume(run);
      assertSame(straight, run);
      stopped++;
    }
    assertTrue(stopped > 20);
  }

  /** A process that was killed after the last step's checkpoint and before this line. */
  @Test
  void aResumedRunWritesTheDistributionsThatItLacks() throws IOException {
    Path straight = folder.resolve("straight");
    trained(straight, create(straight, () -> false));
    Path killed = folder.resolve("killed");
    trained(killed, create(killed, () -> false));
    String lines = metrics(killed);
    var checkpoints = new Checkpoints(RunDirectory.checkpointsIn(killed), 2, messages::add);
    Checkpoint last = checkpoints.latest().orElseThrow();
    last.state().put("metricsBytes", lines.indexOf("{\"stage\":\"" + Stages.DISTRIBUTIONS));
    checkpoints.save(last.step(), last.state(), last.arrays().values());
    resume(killed);
    assertSame(straight, killed);
    resume(killed);
    assertSame(straight, killed);
  }

  @Test
  void damagedSupportActionsAreDrawnAgain() throws IOException {
    Path straight = folder.resolve("straight");
    trained(straight, create(straight, () -> false));
    Path damaged = folder.resolve("damaged");
    AtomicInteger asked = new AtomicInteger();
    try (TrainingRun run =
        create(
            damaged,
            () -> metrics(damaged).contains(Stages.SUPPORT) && asked.incrementAndGet() > 1)) {
      assertFalse(run.train());
    }
    Path support = damaged.resolve("support.bin");
    byte[] content = Files.readAllBytes(support);
    byte[] flipped = content.clone();
    flipped[flipped.length - 5] ^= 1;
    Files.write(support, flipped);
    resume(damaged);
    assertSame(straight, damaged);
    assertArrayEquals(content, Files.readAllBytes(support));
    assertTrue(
        messages.stream()
            .anyMatch(
                message ->
                    message.startsWith("Drawing all support actions again, to the same bits. ")),
        () -> messages.toString());
  }
}
