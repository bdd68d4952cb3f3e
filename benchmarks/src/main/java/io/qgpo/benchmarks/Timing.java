package io.qgpo.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * What one process measured of one case.
 *
 * @param name of the case
 * @param library who computed, with version and device
 * @param calls how many were timed
 * @param medianMs median time of a call, in ms
 * @param p10Ms tenth percentile
 * @param p90Ms ninetieth percentile
 * @param minMs the fastest call
 * @param otherWork share of all processors that went to others meanwhile, 0 to 1
 * @param before a number that was computed before the timed calls: the loss of a step, a result
 * @param after the same number after them, which shows that every library did the same work
 * @param flop floating-point operations of matrix products in one call; 0 if not counted
 * @param bytes that one call reads and writes at least; 0 if not counted
 */
public record Timing(
    String name,
    String library,
    int calls,
    double medianMs,
    double p10Ms,
    double p90Ms,
    double minMs,
    double otherWork,
    double before,
    double after,
    double flop,
    double bytes) {
  /** What the line with a result begins with; everything else a process prints is chatter. */
  static final String PREFIX = "TIMING ";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Fewer calls than this have no percentiles. */
  private static final int LEAST_CALLS = 10;

  private static final int MOST_CALLS = 100_000;

  /**
   * Calls to warm up with, unless they take too long: a loop that a step runs once, 768 times round
   * for the noise of 4,096 actions, is compiled for good after 40,000 rounds.
   */
  private static final int WARM_CALLS = 80;

  /** Shortest warm-up: the compiler works beside the calls. */
  private static final double LEAST_SECONDS = 1;

  /** Longest warm-up, in multiples of the timed seconds. */
  private static final int LONGEST_WARM_UP = 5;

  /**
   * Calls until compiled code and pools are steady, then times calls one by one.
   *
   * @param seconds of the timed calls; warming up takes half of it, but at least a second and 80
   *     calls, these unless they take five times as long
   * @param call one call, completed when it returns
   * @param result a number that tells what was computed
   * @param flop of one call, if the caller counted them
   * @param bytes of one call, the same
   */
  public static Timing measure(
      String name,
      String library,
      double seconds,
      Runnable call,
      DoubleSupplier result,
      double flop,
      double bytes) {
    warmUp(seconds, call);
    double before = result.getAsDouble();
    OtherWork others = new OtherWork();
    double[] ms = times(seconds, call);
    double otherWork = others.share();
    double after = result.getAsDouble();
    Arrays.sort(ms);
    return new Timing(
        name,
        library,
        ms.length,
        median(ms),
        ms[ms.length / 10],
        ms[ms.length * 9 / 10],
        ms[0],
        otherWork,
        before,
        after,
        flop,
        bytes);
  }

  private static void warmUp(double seconds, Runnable call) {
    long start = System.nanoTime();
    double passed = 0;
    double least = Math.max(LEAST_SECONDS, seconds / 2);
    for (int calls = 0;
        passed < least || (calls < WARM_CALLS && passed < LONGEST_WARM_UP * seconds);
        calls++) {
      call.run();
      passed = (System.nanoTime() - start) / 1e9;
    }
  }

  private static double[] times(double seconds, Runnable call) {
    double[] ms = new double[MOST_CALLS];
    long start = System.nanoTime();
    int calls = 0;
    long now = start;
    while (calls < LEAST_CALLS || (calls < MOST_CALLS && now - start < seconds * 1e9)) {
      long before = now;
      call.run();
      now = System.nanoTime();
      ms[calls++] = (now - before) / 1e6;
    }
    return Arrays.copyOf(ms, calls);
  }

  /** The median of values in any order, which stay in it. */
  static double medianOf(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return median(sorted);
  }

  /** The median of sorted values. */
  static double median(double[] sorted) {
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** Prints the line that {@link #parse} reads. */
  public void print() {
    try {
      System.out.println(PREFIX + JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a line that {@link #print} wrote.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static Timing parse(String line) {
    try {
      return JSON.readValue(line.substring(PREFIX.length()), Timing.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the result of a timing: " + line, e);
    }
  }
}
