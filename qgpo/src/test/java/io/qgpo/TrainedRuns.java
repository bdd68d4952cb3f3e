package io.qgpo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.autograd.nn.Module;
import io.qgpo.run.DataOrigin;
import io.qgpo.run.RunWeights;
import io.qgpo.run.TrainingRun;
import io.qgpo.tensor.Backends;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Short trainings on the point maze: a second, and most of the actions within their bounds. */
public final class TrainedRuns {
  private TrainedRuns() {}

  /** Trains in this folder, with these settings changed, as key=value. */
  public static void train(Path folder, String... settings) {
    Map<String, Object> values =
        new HashMap<>(
            Map.of(
                "score.width", 32,
                "score.embedding", 8,
                "behaviour.steps", 600,
                "behaviour.batchSize", 64,
                "behaviour.learningRate", 0.003,
                "behaviour.emaDecay", 0,
                "critic.steps", 50,
                "critic.hidden", 16,
                "energy.hidden", 16,
                "energy.steps", 100));
    values.put("energy.layers", 4);
    for (String setting : settings) {
      String[] keyAndValue = setting.split("=");
      values.put(keyAndValue[0], keyAndValue[1]);
    }
    QgpoConfig config = Presets.config("demo").with(values);
    try (TrainingRun run =
        TrainingRun.create(
            folder,
            config,
            new DataOrigin.PointMaze(2000, 0),
            Optional.empty(),
            Backends.choose(cpu(), 1).backend(),
            () -> false,
            System.err::println)) {
      assertTrue(run.train());
    }
  }

  /** Never a GPU: it may be the emulator of another test in this JVM, which computes nothing. */
  private static String cpu() {
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return vectors ? "simd" : "scalar";
  }

  /** Copies a network's weights out of a checkpoint. */
  public static void fill(Module network, RunWeights run, String prefix) {
    network
        .state()
        .forEach(
            (name, tensor) ->
                tensor.backend().write(run.arrays().get(prefix + name).floats(), 0, tensor));
  }
}
