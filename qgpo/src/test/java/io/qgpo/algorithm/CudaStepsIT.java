package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.CudaBackend;
import io.qgpo.cuda.Emulator;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Training steps as graphs, on the emulator. */
// Of a JVM there is one emulator, and classes of tests run two at a time.
@ResourceLock("emulator")
class CudaStepsIT {
  @TempDir Path folder;

  /** Steps that run, are recorded and are replayed: the same bits wherever a run was resumed. */
  @Test
  void resumedEqualsNeverStopped() {
    Emulator.install();
    QgpoConfig config =
        Bandit.config(
            Map.of("behaviour.learningRateSchedule", "cosine", "behaviour.clipNorm", 1.0));
    try (CudaBackend backend = new CudaBackend()) {
      DeviceData data = Bandit.data(backend);
      Qgpo whole = new Qgpo(config, data);
      for (int i = 0; i < 6; i++) {
        whole.behaviourStep();
      }
      assertTrue(backend.nodes("behaviour") > 0);
      Qgpo stopped = new Qgpo(config, data);
      for (int i = 0; i < 3; i++) {
        stopped.behaviourStep();
      }
      Qgpo resumed = new Qgpo(config, data);
      Map<String, Tensor> saved = stopped.state();
      resumed.state().forEach((name, tensor) -> backend.copy(saved.get(name), tensor));
      resumed.restoreCounters(stopped.behaviourDone(), stopped.guidanceDone());
      for (int i = 0; i < 3; i++) {
        resumed.behaviourStep();
      }
      Map<String, Tensor> expected = whole.state();
      resumed
          .state()
          .forEach((name, tensor) -> assertEquals(text(expected.get(name)), text(tensor), name));
    }
  }

  private static String text(Tensor tensor) {
    return tensor.dtype() == DType.INT32
        ? Arrays.toString(tensor.toIntArray())
        : Arrays.toString(tensor.toFloatArray());
  }

  /**
   * At the published sizes. The emulator takes the kernels without running them: batches of 4096
   * would take it minutes.
   */
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
