package io.qgpo.run;

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
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedRunTest {
  @TempDir Path folder;
  private final Backend backend = Backends.choose("scalar", 1).backend();

  private TrainingRun create(Path run, BooleanSupplier stop) {
    return TrainingRun.create(
        run,
        Presets.config("demo")
            .with(
                Map.of(
                    "score.width", 16,
                    "behaviour.steps", 2,
                    "behaviour.batchSize", 8,
                    "support.candidates", 2,
                    "support.evaluations", 1,
                    "critic.steps", 2,
                    "critic.hidden", 8,
                    "energy.steps", 2,
                    "energy.hidden", 8)),
        new DataOrigin.PointMaze(200, 0),
        Optional.empty(),
        backend,
        stop,
        message -> {});
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
}
