package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.cpu.ScalarBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether what is said to fit does: CudaMemoryIT. */
class FittingBatchTest {
  private final DeviceData data = Bandit.data(new ScalarBackend());
  private final QgpoConfig paper = Presets.config("paper");

  private static String setting(FittingBatch stage) {
    return switch (stage) {
      case BEHAVIOUR -> "behaviour.batchSize";
      case SUPPORT -> "support.batchRows";
      case GUIDANCE -> "critic.batchSize";
    };
  }

  /** With the true backend, each would take gigabytes and minutes. */
  @ParameterizedTest
  @EnumSource
  void theLargestPowerOfTwoThatLeavesAnEighth(FittingBatch stage) {
    QgpoConfig config = paper.with(setting(stage), 1 << 17);
    long kept = stage.kept(config, data, Long.MAX_VALUE);
    assertEquals(stage == FittingBatch.GUIDANCE, kept > 0, "support actions stay on the device");
    long needed = stage.needs(config.with(setting(stage), 1 << 14), data) + kept;
    long room = needed / 7 * 8 + 64;
    String message = stage.explain(full(room), config, data).getMessage();
    assertTrue(
        message.endsWith(setting(stage) + "=131072 does not fit, about 16384 would"), message);
    String less = stage.explain(full(room - 1024), config, data).getMessage();
    assertTrue(less.endsWith("about 8192 would"), less);
  }

  private static DeviceMemoryException full(long available) {
    return new DeviceMemoryException("cuMemAlloc", 8, available / 3, available - available / 3);
  }

  /** What fits in theory did not, for whatever reason: something smaller is what is left. */
  @Test
  void aBatchThatDoesNotFitIsNeverAdvised() {
    QgpoConfig config = paper.with("behaviour.batchSize", 4096);
    String message = FittingBatch.BEHAVIOUR.explain(full(1L << 40), config, data).getMessage();
    assertTrue(
        message.endsWith("behaviour.batchSize=4096 does not fit, about 2048 would"), message);
  }

  @Test
  void whereNoneFitsThatIsSaid() {
    for (int batch : new int[] {1, 2, 4096}) {
      QgpoConfig config = paper.with("behaviour.batchSize", batch);
      String message = FittingBatch.BEHAVIOUR.explain(full(1 << 20), config, data).getMessage();
      // 4 bytes each: 301 states of two numbers, five columns of 300.
      assertTrue(message.contains("nor does any other beside 8408 bytes of data"), message);
    }
  }
}
