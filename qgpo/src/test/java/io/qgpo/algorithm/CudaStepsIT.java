package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.CudaBackend;
import io.qgpo.cuda.Emulator;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps of the published sizes as graphs. The emulator takes the kernels without running them:
 * batches of 4096 would take it minutes.
 */
class CudaStepsIT {
  @TempDir Path folder;

  @Test
  void eachStepIsAGraphOfFewNodes() {
    Emulator emulator = Emulator.install();
    emulator.idle(true);
    try (CudaBackend backend = new CudaBackend()) {
      DeviceData data = Bandit.data(backend);
      QgpoConfig config = Presets.config("paper");
      Qgpo qgpo = new Qgpo(config, data);
      int columns = config.support().candidates() * data.actionDim();
      long used = 0;
      try (MappedFloats support =
          MappedFloats.create(folder.resolve("support"), data.stateCount(), columns, 1)) {
        support.append(new float[data.stateCount() * columns], 0, data.stateCount());
        support.commit();
        qgpo.useSupport(support);
        for (int i = 0; i < 4; i++) {
          qgpo.behaviourStep();
          qgpo.guidanceStep();
          used = i == 1 ? backend.usedBytes() : used;
        }
      }
      assertEquals(used, backend.usedBytes(), "a replayed step takes no memory");
      assertNodes(backend, "behaviour", 192);
      assertNodes(backend, "critic", 82);
      assertNodes(backend, "energy", 76);
    } finally {
      emulator.idle(false);
    }
  }

  private static void assertNodes(CudaBackend backend, String step, int most) {
    long nodes = backend.nodes(step);
    assertTrue(nodes > 0 && nodes <= most, step + ": " + nodes + " nodes");
  }
}
