package io.qgpo.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Whole pieces of QGPO's work in its published sizes on Hopper's dimensions, in every library. */
public enum Workload {
  /** One update of the behaviour network, width 512. */
  BEHAVIOUR(4096, true),
  /** One update of the twin critics, then one of the energy network. */
  GUIDANCE(256, true),
  /**
   * A guided action for one state: 15 evaluations of both networks and of the energy's gradient.
   */
  SAMPLE_1(1, true),
  /** The same for 16 states, as a server gathers them. */
  SAMPLE_16(16, true),
  /** The same for 256 states. */
  SAMPLE_256(256, true),
  /** The same for 4,096 states. */
  SAMPLE_4096(4096, true),
  /** An action of the behaviour for one state: 15 evaluations of its network. */
  UNGUIDED_1(1, false),
  /** The same for 16 states. */
  UNGUIDED_16(16, false),
  /** The same for 256 states. */
  UNGUIDED_256(256, false),
  /** The same for 4,096 states, as support actions are drawn. */
  UNGUIDED_4096(4096, false);

  /** Numbers in a state. */
  public static final int STATE_DIM = 11;

  /** Numbers in an action. */
  public static final int ACTION_DIM = 3;

  /** Support actions per state. */
  public static final int CANDIDATES = 16;

  /** Transitions in the synthetic data set that batches are drawn from. */
  public static final int TRANSITIONS = 50_000;

  private final int batch;
  private final boolean guided;

  Workload(int batch, boolean guided) {
    this.batch = batch;
    this.guided = guided;
  }

  /** Transitions, or states, in a batch. */
  public int batch() {
    return batch;
  }

  /** Whether it draws actions, rather than training. */
  public boolean isSampling() {
    return this != BEHAVIOUR && this != GUIDANCE;
  }

  /** The guidance scale that actions are drawn with: 1, or 0 for the behaviour. */
  public double guidanceScale() {
    return guided ? 1 : 0;
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
