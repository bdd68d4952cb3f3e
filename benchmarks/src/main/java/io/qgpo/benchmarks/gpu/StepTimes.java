package io.qgpo.benchmarks.gpu;

import io.qgpo.benchmarks.QgpoSteps;
import io.qgpo.benchmarks.Workload;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.util.Arrays;

/**
 * Times our whole steps on a device: {@code StepTimes BACKEND SECONDS}. As {@code torch_steps.py}
 * does it: medians of 7 rounds, each of many steps that nobody waits for in between.
 *
 * <p>With {@code -Dqgpo.cuda.tf32=true} the products are TF32, with {@code -Dqgpo.cuda.cublas=true}
 * cuBLAS computes the large ones.
 */
public final class StepTimes {
  private static final int ROUNDS = 7;

  /** A step is recorded the second time, and some more times let the host's code be compiled. */
  private static final int WARM_UP = 10;

  private static final int LEAST_CALLS = 5;

  private StepTimes() {}

  /** Prints a line for each step. */
  public static void main(String[] args) throws Exception {
    Backend backend = Backends.choose(args[0], 1).backend();
    double seconds = Double.parseDouble(args[1]);
    System.out.println(backend.description());
    for (Workload workload :
        new Workload[] {
          Workload.BEHAVIOUR, Workload.GUIDANCE, Workload.SAMPLE_1, Workload.SAMPLE_4096
        }) {
      System.out.println(time(workload, backend, seconds).line());
    }
    if (backend instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  /**
   * Times a workload.
   *
   * @param seconds of all rounds
   */
  static Figure time(Workload workload, Backend backend, double seconds) {
    try (QgpoSteps steps = new QgpoSteps(workload, backend)) {
      for (int i = 0; i < WARM_UP; i++) {
        steps.start();
      }
      backend.synchronize();
      double once = millis(steps, backend, 1);
      int calls = (int) Math.max(LEAST_CALLS, seconds * 1e3 / ROUNDS / once);
      double[] rounds = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        rounds[i] = millis(steps, backend, calls);
      }
      Arrays.sort(rounds);
      return new Figure(
          step(workload),
          Boolean.getBoolean("qgpo.cuda.tf32") ? "TF32" : "fp32",
          Boolean.getBoolean("qgpo.cuda.cublas") ? Figure.OURS_BY_CUBLAS : Figure.OURS,
          rounds[ROUNDS / 2],
          rounds[0],
          rounds[ROUNDS - 1]);
    }
  }

  private static double millis(QgpoSteps steps, Backend backend, int calls) {
    long begin = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      steps.start();
    }
    backend.synchronize();
    return (System.nanoTime() - begin) / 1e6 / calls;
  }

  private static String step(Workload workload) {
    return switch (workload) {
      case BEHAVIOUR -> Figure.BEHAVIOUR;
      case GUIDANCE -> Figure.GUIDANCE;
      case SAMPLE_1 -> Figure.SAMPLE_1;
      case SAMPLE_4096 -> Figure.SAMPLE_4096;
      default -> throw new IllegalArgumentException("no figure of " + workload + " is kept");
    };
  }
}
