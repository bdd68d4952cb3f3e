package io.qgpo.benchmarks;

import java.util.Locale;

/** What is timed, in QGPO's published sizes on Hopper's dimensions: the same for every library. */
public enum Workload {
  /** One update of the behaviour network, width 512: 39.8 GFLOP. */
  BEHAVIOUR(4096, 10, 30),
  /** One update of the twin critics, then one of the energy network: 9.9 GFLOP. */
  GUIDANCE(256, 20, 60);

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

  /** Transitions in a batch. */
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
    return name().toLowerCase(Locale.ROOT);
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
        "workload '" + label + "' does not exist; choose behaviour or guidance");
  }
}
