package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.cpu.ObservedBackend;
import io.qgpo.tensor.cpu.ScalarBackend;
import io.qgpo.tensor.io.MappedFloats;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many primitives a training step calls on a CPU, whatever its sizes: one more is a sweep over
 * memory more (pack, which that backend does nothing for, apart). CudaStepsIT counts those of a
 * GPU, where several are one launch.
 */
class PrimitiveCallsTest {
  @TempDir Path folder;

  private int calls;
  private final Backend backend =
      ObservedBackend.of(
          new ScalarBackend(),
          (primitive, arguments, nanos) -> calls += primitive.equals("pack") ? 0 : 1);

  private int of(Runnable step) {
    step.run();
    calls = 0;
    step.run();
    return calls;
  }

  @Test
  void ofBehaviourAndOfCriticWithEnergy() {
    DeviceData data = Bandit.data(backend);
    Qgpo qgpo = new Qgpo(Bandit.config(Map.of("behaviour.emaDecay", 0)), data);
    assertEquals(117, of(qgpo::behaviourStep));
    try (MappedFloats support =
        MappedFloats.create(folder.resolve("support"), data.stateCount(), Bandit.CANDIDATES, 1)) {
      support.append(new float[data.stateCount() * Bandit.CANDIDATES], 0, data.stateCount());
      support.commit();
      qgpo.useSupport(support);
      assertEquals(122, of(qgpo::guidanceStep));
    }
  }
}
