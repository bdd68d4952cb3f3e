package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.qgpo.ChildJvm;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.env.PointMazeData;
import io.qgpo.tensor.Backends;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * An update of the paper's behaviour network at the paper's batch of 4096 allocates no array and at
 * most 24 KB of small objects, over all threads.
 *
 * <p>In a process of its own: coverage's probes make vector methods too large to inline, and what
 * is not inlined allocates; and a build's own threads allocate arrays all the time.
 */
class BehaviourStepAllocationTest {
  /** Handles, tape nodes and lambdas come to 21 kB. */
  private static final long MOST_BYTES = 24 * 1024;

  /**
   * Counts what steps allocate. Whatever else happens, such as the compiler's being late, adds to
   * the counts: so one measurement within the limits proves them, and others are repeated.
   */
  static final class Steps {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Of each class a snapshot makes up to 9 arrays, the steps at least one each or none. */
    private static final int STEPS = 20;

    /** Vectors are objects until the compiler, in threads of its own, has come round to them. */
    private static final int WARM_UP_STEPS = 500;

    private static final int ATTEMPTS = 20;

    private Steps() {}

    /** Ends with exit code 0 if the limits hold, else says what was found. */
    public static void main(String[] args) {
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
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (withinLimits(qgpo)) {
          return;
        }
      }
      System.exit(1);
    }

    private static boolean withinLimits(Qgpo qgpo) {
      HeapSnapshot before = HeapSnapshot.take();
      long bytes = MEMORY.getTotalThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        qgpo.behaviourStep();
      }
      bytes = (MEMORY.getTotalThreadAllocatedBytes() - bytes) / STEPS;
      HeapSnapshot after = HeapSnapshot.take();
      if (!before.isComparableTo(after)) {
        System.out.println("a garbage collection came in between");
        return false;
      }
      Map<String, Long> arrays = new TreeMap<>(after.arrays());
      before.arrays().forEach((name, count) -> arrays.merge(name, -count, Long::sum));
      arrays.values().removeIf(count -> count < STEPS);
      System.out.println(bytes + " bytes a step; arrays in " + STEPS + " steps: " + arrays);
      return bytes <= MOST_BYTES && arrays.isEmpty();
    }
  }

  @Test
  void aStepAllocatesNoArrayAndFewSmallObjects() {
    List<String> options =
        new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    options.removeIf(option -> option.startsWith("-javaagent"));
    // Compiling after a tenth of the usual number of calls saves a minute of warming up.
    options.add("-XX:CompileThresholdScaling=0.1");
    ChildJvm.Outcome outcome = ChildJvm.run(Steps.class, options);
    assertEquals(0, outcome.code(), outcome.output());
  }
}
