package io.qgpo.tensor.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The float32 multiply-add peak of this machine, measured: a loop of multiply-adds on registers
 * alone.
 */
final class Roofline {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

  /** Independent chains: more than two units of a latency of 4 or 5 cycles can keep busy. */
  private static final int CHAINS = 12;

  private static final int STEPS = 10_000;

  /** Windows of a fraction of a millisecond; the first ones run before the loop is compiled. */
  private static final int WINDOWS = 1_000;

  private Roofline() {}

  /**
   * What nine of ten windows of a fraction of a millisecond stay below, in GFLOP/s over all threads
   * together: the best ones are moments of a higher clock that no work keeps up.
   *
   * @param threads threads that run at once
   */
  static double peakGflops(int threads) {
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
    double[] gflops = new double[WINDOWS];
    float[] result = new float[SPECIES.length()];
    for (int w = 0; w < WINDOWS; w++) {
      long start = System.nanoTime();
      multiplyAdds(STEPS, result);
      double nanos = System.nanoTime() - start;
      gflops[w] = 2.0 * CHAINS * SPECIES.length() * STEPS / nanos;
    }
    // Never true: each chain converges to 2. It keeps the loop from being optimised away.
    if (!(result[0] <= 3 * CHAINS)) {
      throw new IllegalStateException("roofline: value out of range " + result[0]);
    }
    Arrays.sort(gflops);
    return gflops[WINDOWS * 9 / 10];
  }

  /** x = x / 2 + 1 over and over in each chain; named locals, for the reason in GemmTile6. */
  private static void multiplyAdds(int steps, float[] result) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector x0 = FloatVector.broadcast(SPECIES, result[0]);
    FloatVector x1 = x0.add(0.1f);
    FloatVector x2 = x0.add(0.2f);
    FloatVector x3 = x0.add(0.3f);
    FloatVector x4 = x0.add(0.4f);
    FloatVector x5 = x0.add(0.5f);
    FloatVector x6 = x0.add(0.6f);
    FloatVector x7 = x0.add(0.7f);
    FloatVector x8 = x0.add(0.8f);
    FloatVector x9 = x0.add(0.9f);
    FloatVector x10 = x0.add(1.0f);
    FloatVector x11 = x0.add(1.1f);
    for (int i = 0; i < steps; i++) {
      x0 = x0.fma(half, one);
      x1 = x1.fma(half, one);
      x2 = x2.fma(half, one);
      x3 = x3.fma(half, one);
      x4 = x4.fma(half, one);
      x5 = x5.fma(half, one);
      x6 = x6.fma(half, one);
      x7 = x7.fma(half, one);
      x8 = x8.fma(half, one);
      x9 = x9.fma(half, one);
      x10 = x10.fma(half, one);
      x11 = x11.fma(half, one);
    }
    x0.add(x1)
        .add(x2)
        .add(x3)
        .add(x4)
        .add(x5)
        .add(x6)
        .add(x7)
        .add(x8)
        .add(x9)
        .add(x10)
        .add(x11)
        .div(CHAINS)
        .intoArray(result, 0);
  }
}
