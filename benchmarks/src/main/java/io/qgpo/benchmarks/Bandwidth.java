package io.qgpo.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast the machine's threads read and copy memory, measured: the roof of what computes little
 * on each number. In GB/s (10^9 bytes), over all threads together.
 *
 * @param secondLevel reading {@value #SECOND_LEVEL_BYTES} bytes a thread again and again
 * @param thirdLevel reading {@value #THIRD_LEVEL_BYTES} bytes a thread again and again
 * @param copy copying {@value #THIRD_LEVEL_BYTES} bytes a thread again and again, what is read and
 *     what is written both counted
 */
public record Bandwidth(double secondLevel, double thirdLevel, double copy) {
  /** More than a first-level cache has, and less than a second-level one. */
  static final int SECOND_LEVEL_BYTES = 256 * 1024;

  /** More than a second-level cache has; of two threads what a third-level one of 32 MB holds. */
  static final int THIRD_LEVEL_BYTES = 6 * 1024 * 1024;

  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;

  /** Milliseconds of a measurement; in the first ones the loop is not compiled yet. */
  private static final int MILLIS = 150;

  /** As in the peak of multiply-adds, what nine of ten windows stay below. */
  private static final double QUANTILE = 0.9;

  /** Measures all three, in half a second. */
  static Bandwidth measure(int threads) {
    return new Bandwidth(
        overThreads(threads, () -> reading(SECOND_LEVEL_BYTES)),
        overThreads(threads, () -> reading(THIRD_LEVEL_BYTES)),
        overThreads(threads, Bandwidth::copying));
  }

  /** The median of each over several measurements. */
  static Bandwidth medians(List<Bandwidth> measured) {
    return new Bandwidth(
        median(measured, Bandwidth::secondLevel),
        median(measured, Bandwidth::thirdLevel),
        median(measured, Bandwidth::copy));
  }

  private static double median(List<Bandwidth> measured, ToDoubleFunction<Bandwidth> figure) {
    return Timing.medianOf(measured.stream().mapToDouble(figure).toArray());
  }

  /** In a line, as text for people. */
  String words() {
    return "memory: %.0f GB/s reading %d KB a thread, %.0f reading %d MB, %.0f copying that"
        .formatted(
            secondLevel,
            SECOND_LEVEL_BYTES / 1024,
            thirdLevel,
            THIRD_LEVEL_BYTES / 1024 / 1024,
            copy);
  }

  private static double overThreads(int threads, DoubleSupplier measurement) {
    double[] gbs = new double[threads];
    Thread[] running =
        IntStream.range(0, threads)
            .mapToObj(i -> Thread.ofPlatform().start(() -> gbs[i] = measurement.getAsDouble()))
            .toArray(Thread[]::new);
    for (Thread thread : running) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException("bandwidth: interrupted", e);
      }
    }
    return Arrays.stream(gbs).sum();
  }

  private static double reading(int bytes) {
    int[] values = new int[bytes / Integer.BYTES];
    Arrays.fill(values, 1);
    return windows(
        bytes,
        _ -> {
          int sum = sum(values);
          if (sum != values.length) { // never so: it keeps the loop from being optimised away
            throw new IllegalStateException("bandwidth: wrong sum " + sum);
          }
          return sum;
        });
  }

  /** In several chains, since one would wait for its additions; all lengths here are multiples. */
  private static int sum(int[] values) {
    IntVector sum0 = IntVector.zero(SPECIES);
    IntVector sum1 = sum0;
    IntVector sum2 = sum0;
    IntVector sum3 = sum0;
    int step = SPECIES.length();
    for (int i = 0; i < values.length; i += 4 * step) {
      sum0 = sum0.add(IntVector.fromArray(SPECIES, values, i));
      sum1 = sum1.add(IntVector.fromArray(SPECIES, values, i + step));
      sum2 = sum2.add(IntVector.fromArray(SPECIES, values, i + 2 * step));
      sum3 = sum3.add(IntVector.fromArray(SPECIES, values, i + 3 * step));
    }
    return sum0.add(sum1).add(sum2).add(sum3).reduceLanes(VectorOperators.ADD);
  }

  private static double copying() {
    int[] from = new int[THIRD_LEVEL_BYTES / Integer.BYTES];
    int[] to = new int[from.length];
    return windows(
        2 * THIRD_LEVEL_BYTES,
        i -> {
          from[0] = i;
          System.arraycopy(from, 0, to, 0, from.length);
          return to[0];
        });
  }

  private static double windows(int bytes, IntUnaryOperator pass) {
    double[] gbs =
        new double[MILLIS * 1000]; // no longer than it takes, if a pass takes less than 1 us
    int count = 0;
    long start = System.nanoTime();
    long now = start;
    while (now - start < MILLIS * 1_000_000L && count < gbs.length) {
      long before = now;
      pass.applyAsInt(count);
      now = System.nanoTime();
      gbs[count++] = bytes / (double) (now - before);
    }
    Arrays.sort(gbs, 0, count);
    return gbs[(int) (count * QUANTILE)];
  }
}
