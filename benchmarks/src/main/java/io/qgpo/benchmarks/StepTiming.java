package io.qgpo.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * What one process measured: the times of single steps, after warm-up, and the losses at both ends,
 * which show that every library did the same work.
 *
 * @param library who made the steps, with version and device
 * @param steps how many were timed
 * @param medianMs median time of a step, in ms
 * @param p10Ms tenth percentile
 * @param p90Ms ninetieth percentile
 * @param minMs the fastest step
 * @param otherWork share of all processors that went to others meanwhile, 0 to 1
 * @param warmupLoss mean loss of the warm-up steps
 * @param loss mean loss of the timed steps
 */
public record StepTiming(
    String library,
    int steps,
    double medianMs,
    double p10Ms,
    double p90Ms,
    double minMs,
    double otherWork,
    double warmupLoss,
    double loss) {
  /** What the line with the result begins with; everything else a process prints is chatter. */
  static final String RESULT_PREFIX = "STEP-TIMING ";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Makes the workload's warm-up steps and then times its steps one by one.
   *
   * @param step one step, completed when it returns
   * @param takeLoss the mean loss since it was last called
   */
  public static StepTiming measure(
      String library, Workload workload, Runnable step, DoubleSupplier takeLoss) {
    for (int i = 0; i < workload.warmupSteps(); i++) {
      step.run();
    }
    double warmupLoss = takeLoss.getAsDouble();
    OtherWork others = new OtherWork();
    double[] ms = new double[workload.timedSteps()];
    for (int i = 0; i < ms.length; i++) {
      long start = System.nanoTime();
      step.run();
      ms[i] = (System.nanoTime() - start) / 1e6;
    }
    double otherWork = others.share();
    double loss = takeLoss.getAsDouble();
    Arrays.sort(ms);
    return new StepTiming(
        library,
        ms.length,
        median(ms),
        ms[ms.length / 10],
        ms[ms.length * 9 / 10],
        ms[0],
        otherWork,
        warmupLoss,
        loss);
  }

  /** The median of sorted values. */
  static double median(double[] sorted) {
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** Prints the line that {@link #parse} reads. */
  public void print() {
    try {
      System.out.println(RESULT_PREFIX + JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a line that {@link #print} wrote.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static StepTiming parse(String line) {
    try {
      return JSON.readValue(line.substring(RESULT_PREFIX.length()), StepTiming.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the result of a step timing: " + line, e);
    }
  }
}
