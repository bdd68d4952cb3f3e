package io.qgpo.cuda;

import java.util.Arrays;

/**
 * Times launches by events on the stream around a replayed graph of many, so that the host's time
 * for a launch is not in it. Each figure is the median of rounds.
 */
final class LaunchTimer {
  static final int ROUNDS = 7;

  private final CudaDriver driver;

  LaunchTimer(CudaDriver driver) {
    this.driver = driver;
  }

  /** Of one launch, in a graph of so many. */
  double microseconds(Runnable launch, int count) {
    launch.run();
    driver.synchronize();
    try (CudaGraph graph = driver.record(() -> repeat(count, launch))) {
      graph.replay();
      double[] times = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        times[round] = driver.milliseconds(graph::replay) * 1e3 / count;
      }
      return median(times);
    }
  }

  static void repeat(int count, Runnable body) {
    for (int i = 0; i < count; i++) {
      body.run();
    }
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
