package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.env.PointMazeData;
import io.qgpo.tensor.Backends;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An update of the paper's behaviour network at the paper's batch of 4096 allocates at most 64 KB,
 * over all threads; its smallest array of tensor data, a column of the batch, would have 16 KB, and
 * those of its layers 2 to 8 MB.
 */
@Tag("allocation")
class BehaviourStepAllocationTest {
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long MOST = 64 * 1024;

  /** Vectors are objects until the compiler, in threads of its own, has come round to them. */
  private static final int WARM_UP_STEPS = 500;

  private static final int ATTEMPTS = 100;

  @Test
  void aStepAllocatesOnlySmallObjects() {
    var data =
        DeviceData.of(
            Backends.choose("auto", 2).backend(),
            PointMazeData.generate(5000, 0).transitions(),
            ActionBounds.unit(2),
            new RewardScaling.Transform(RewardScaling.NONE, 1, 0));
    QgpoConfig paper = Presets.config("paper");
    // Small steps warm the same kernels in a fraction of the time.
    Qgpo small = new Qgpo(paper.with(Map.of("behaviour.batchSize", 256)), data);
    for (int i = 0; i < WARM_UP_STEPS; i++) {
      small.behaviourStep();
    }
    Qgpo qgpo = new Qgpo(paper, data);
    long bytes = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS && bytes > MOST; attempt++) {
      long before = MEMORY.getTotalThreadAllocatedBytes();
      qgpo.behaviourStep();
      bytes = MEMORY.getTotalThreadAllocatedBytes() - before;
    }
    assertTrue(bytes <= MOST, "a behaviour step allocates " + bytes + " bytes");
  }
}
