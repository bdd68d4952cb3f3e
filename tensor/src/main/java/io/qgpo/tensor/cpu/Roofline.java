package io.qgpo.tensor.cpu;

/**
 * The float32 multiply-add peak of this machine, measured: a loop whose operands stay in the first
 * cache, with enough arithmetic per element that only the multipliers limit it. C2 vectorises it.
 */
public final class Roofline {
  /** 4 kB: well within any first-level cache. */
  private static final int ELEMENTS = 1024;

  private static final int FMAS_PER_ELEMENT = 8;
  private static final int SWEEPS = 2_000;
  private static final int WINDOWS = 1_000;

  private Roofline() {}

  /**
   * The best of several windows of a fraction of a millisecond, in GFLOP/s over all threads
   * together.
   *
   * @param threads threads that run at once
   */
  public static double peakGflops(int threads) {
    double[] perThread = new double[threads];
    Thread[] running = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int slot = i;
      running[i] = Thread.ofPlatform().start(() -> perThread[slot] = peakOfThread());
    }
    double sum = 0;
    for (int i = 0; i < threads; i++) {
      try {
        running[i].join();
      } catch (InterruptedException e) {
        throw new IllegalStateException("roofline: interrupted", e);
      }
      sum += perThread[i];
    }
    return sum;
  }

  private static double peakOfThread() {
    float[] values = new float[ELEMENTS];
    double best = 0;
    for (int w = 0; w < WINDOWS; w++) {
      long start = System.nanoTime();
      for (int s = 0; s < SWEEPS; s++) {
        sweep(values);
      }
      double nanos = System.nanoTime() - start;
      best = Math.max(best, 2.0 * FMAS_PER_ELEMENT * ELEMENTS * SWEEPS / nanos);
    }
    // Never true: the values converge to 2. It keeps the sweeps from being optimised away.
    if (values[0] > 3) {
      throw new IllegalStateException("roofline: value out of range " + values[0]);
    }
    return best;
  }

  private static void sweep(float[] values) {
    for (int i = 0; i < values.length; i++) {
      float x = values[i];
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      values[i] = x;
    }
  }
}
