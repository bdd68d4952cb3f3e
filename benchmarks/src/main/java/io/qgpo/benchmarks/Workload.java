package io.qgpo.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** What is timed, in QGPO's published sizes on Hopper's dimensions: the same for every library. */
public enum Workload {
  /** One update of the behaviour network, width 512: 39.8 GFLOP. */
  BEHAVIOUR(4096, 10, 30),
  /** One update of the twin critics, then one of the energy network: 9.9 GFLOP. */
  GUIDANCE(256, 20, 60),
  /**
   * A guided action for one state: 15 evaluations of both networks and of the energy's gradient.
   */
  SAMPLE_1(1, 2000, 1000),
  /** The same for 16 states, as a server gathers them. */
  SAMPLE_16(16, 400, 300),
  /** The same for 256 states. */
  SAMPLE_256(256, 40, 60),
  /** The same for 4,096 states, as support actions are drawn. */
  SAMPLE_4096(4096, 4, 10);

  /** Numbers in a state. */
  public static final int STATE_DIM = 11;

  /** Numbers in an action. */
  public static final int ACTION_DIM = 3;

  /** Support actions per state. */
  public static final int CANDIDATES = 16;

  /** Transitions in the synthetic data set that batches are drawn from. */
  public static final int TRANSITIONS = 50_000;

  private final int batch;
  private final int warmupSteps;
  private final int timedSteps;

  Workload(int batch, int warmupSteps, int timedSteps) {
    this.batch = batch;
    this.warmupSteps = warmupSteps;
    this.timedSteps = timedSteps;
  }

  /** Transitions, or states, in a batch. */
  public int batch() {
    return batch;
  }

  /** Steps until compiled code and pools are steady. */
  public int warmupSteps() {
    return warmupSteps;
  }

  /** Steps timed in one process. */
  public int timedSteps() {
    return timedSteps;
  }

  /** {@link #label}, so that help and errors show what is to be typed. */
  @Override
  public String toString() {
    return label();
  }

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A workload by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Workload of(String label) {
    for (Workload workload : values()) {
      if (workload.label().equals(label)) {
        return workload;
      }
    }
    throw new IllegalArgumentException(
        "workload '" + label + "' does not exist; choose of " + Arrays.toString(values()));
  }
}
