package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.qgpo.ChildJvm;
import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.env.PointMazeData;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An update of the paper's networks at the paper's batches, and guided actions drawn for 256
 * states, allocate no array of data and few small objects, over all threads; a behaviour update no
 * array at all. Where ranges of rows go through all layers, each has handles of its own.
 *
 * <p>In a process of its own: coverage's probes make vector methods too large to inline, and what
 * is not inlined allocates; and a build's own threads allocate arrays all the time.
 */
class StepAllocationTest {
  /** What is counted, and the most bytes of handles, tape nodes and lambdas that it allocates. */
  enum Step {
    /** 21 kB. */
    BEHAVIOUR(24 * 1024),
    /** Of critics and energy: 86 kB, most of it handles of the targets' 86 ranges of rows. */
    GUIDANCE(96 * 1024),
    /** Actions for 256 states, in 3 ranges of rows by 15 evaluations: 22 kB for each of 45. */
    SAMPLING(1100 * 1024);

    private final long mostBytes;

    Step(long mostBytes) {
      this.mostBytes = mostBytes;
    }
  }

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

    private static final QgpoConfig PAPER = Presets.config("paper");

    private Steps() {}

    /** {@code STEP FOLDER}; ends with exit code 0 if the limits hold, else says what was found. */
    public static void main(String[] args) throws IOException {
      Step step = Step.valueOf(args[0]);
      Backend backend = Backends.choose("auto", 2).backend();
      var data =
          DeviceData.of(
              backend,
              PointMazeData.generate(5000, 0).transitions(),
              ActionBounds.unit(2),
              new RewardScaling.Transform(RewardScaling.NONE, 1, 0));
      try (MappedFloats support = support(Path.of(args[1]), data)) {
        Runnable counted =
            switch (step) {
              case BEHAVIOUR -> {
                // Small steps warm the same kernels in a fraction of the time.
                warmUp(
                    new Qgpo(PAPER.with(Map.of("behaviour.batchSize", 256)), data)::behaviourStep);
                yield new Qgpo(PAPER, data)::behaviourStep;
              }
              case GUIDANCE -> {
                Qgpo qgpo = new Qgpo(PAPER, data);
                qgpo.useSupport(support);
                warmUp(qgpo::guidanceStep);
                yield qgpo::guidanceStep;
              }
              case SAMPLING -> {
                warmUp(sampling(backend, 16));
                yield sampling(backend, 256);
              }
            };
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
          if (withinLimits(counted, step)) {
            return;
          }
        }
      }
      System.exit(1);
    }

    private static MappedFloats support(Path folder, DeviceData data) throws IOException {
      int candidates = PAPER.support().candidates();
      MappedFloats support =
          MappedFloats.create(folder.resolve("support"), data.stateCount(), candidates, 2);
      support.append(new float[data.stateCount() * candidates * 2], 0, data.stateCount());
      support.commit();
      return support;
    }

    private static Runnable sampling(Backend backend, int states) {
      DiffusionPolicy policy = new PolicyNetworks(backend, PAPER, 4, 2).policy();
      Rng rng = new Rng(backend, 1, "sampling");
      Tensor s = rng.normal(DType.FLOAT32, Shape.of(states, 4));
      return () -> {
        try (Scope _ = Scope.open("sampling")) {
          policy.sample(s, 1, 1, rng);
        }
      };
    }

    private static void warmUp(Runnable step) {
      for (int i = 0; i < WARM_UP_STEPS; i++) {
        step.run();
      }
    }

    private static boolean withinLimits(Runnable counted, Step step) {
      HeapSnapshot before = HeapSnapshot.take();
      long bytes = MEMORY.getTotalThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        counted.run();
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
      if (step == Step.GUIDANCE) {
        arrays.remove("[Lio.qgpo.tensor.Tensor;"); // of packed weights
      } else if (step == Step.SAMPLING) {
        arrays.keySet().retainAll(Set.of("[F"));
      }
      System.out.println(bytes + " bytes a step; arrays in " + STEPS + " steps: " + arrays);
      return bytes <= step.mostBytes && arrays.isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void allocatesNoArrayAndFewSmallObjects(Step step, @TempDir Path folder) {
    List<String> options =
        new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    options.removeIf(option -> option.startsWith("-javaagent"));
    // Compiling after a tenth of the usual number of calls saves a minute of warming up.
    options.add("-XX:CompileThresholdScaling=0.1");
    ChildJvm.Outcome outcome = ChildJvm.run(Steps.class, options, step.name(), folder.toString());
    assertEquals(0, outcome.code(), outcome.output());
  }
}
