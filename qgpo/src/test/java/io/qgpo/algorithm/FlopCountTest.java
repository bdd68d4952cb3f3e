package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.cpu.ObservedBackend;
import io.qgpo.tensor.cpu.ScalarBackend;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the matrix products that a training really computes. */
class FlopCountTest {
  /** Of layers whose share is larger in networks as small as these. */
  private static final double TOLERANCE = 0.1;

  @TempDir Path folder;
  private double flop;
  private final Backend backend = ObservedBackend.of(new ScalarBackend(), this::count);

  private void count(String primitive, Object[] arguments, long nanos) {
    flop += ObservedBackend.productFlop(primitive, arguments);
  }

  private double of(Runnable work) {
    flop = 0;
    work.run();
    return flop;
  }

  private static void assertNear(double measured, double expected) {
    assertEquals(1, expected / measured, TOLERANCE);
  }

  @ParameterizedTest
  @EnumSource(EnergyLoss.class)
  void countsWhatIsComputed(EnergyLoss loss) {
    QgpoConfig config =
        Bandit.config(Map.of("score.width", 128, "critic.hidden", 128, "energy.hidden", 128))
            .with(Map.of("energy.loss", loss.name().toLowerCase(Locale.ROOT)))
            .with(Map.of("critic.steps", 1, "energy.steps", 2, "critic.batchSize", 32));
    DeviceData data = Bandit.data(backend);
    Qgpo qgpo = new Qgpo(config, data);
    FlopCount count = qgpo.flop();
    assertNear(of(qgpo::behaviourStep), count.behaviourStep());
    MappedFloats[] support = new MappedFloats[1];
    assertNear(
        of(() -> support[0] = Bandit.support(qgpo, data, folder.resolve("support"))),
        count.supportState() * data.stateCount());
    try (MappedFloats rows = support[0]) {
      qgpo.useSupport(rows);
      assertNear(of(qgpo::guidanceStep), count.criticStep() + count.energyStep());
      assertNear(of(qgpo::guidanceStep), count.energyStep());
    }
  }

  @Test
  void thePapersStepIsAsLargeAsPublished() {
    // benchmarks/RESULTS.md: 39.8 GFLOP a behaviour step on hopper's dimensions, by the profile.
    QgpoConfig config = Presets.config("paper");
    var rng = new Rng(new ScalarBackend(), 0, "weights");
    FlopCount count =
        FlopCount.of(
            config,
            Qgpo.newScoreNet(config, 11, 3, rng),
            Qgpo.newTwinQ(config, 11, 3, rng),
            Qgpo.newEnergyNet(config, 11, 3, rng));
    assertEquals(39.8e9, count.behaviourStep(), 0.02 * 39.8e9);
    assertEquals(9.9e9, count.criticStep() + count.energyStep(), 0.05 * 9.9e9);
  }
}
