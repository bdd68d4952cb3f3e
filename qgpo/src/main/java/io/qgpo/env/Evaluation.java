package io.qgpo.env;

import io.qgpo.data.Summary;

/** How a policy fared in some episodes. Immutable. */
public final class Evaluation {
  private final double[] returns;
  private final int[] lengths;
  private final boolean[] terminated;

  /**
   * The arrays are copied, one entry per episode in all of them.
   *
   * @param returns undiscounted sums of rewards
   * @param lengths steps
   * @param terminated whether the environment, not the step limit, ended it
   */
  public Evaluation(double[] returns, int[] lengths, boolean[] terminated) {
    if (lengths.length != returns.length || terminated.length != returns.length) {
      throw new IllegalArgumentException(
          "evaluation: expected three arrays of one length, found %d, %d and %d"
              .formatted(returns.length, lengths.length, terminated.length));
    }
    this.returns = returns.clone();
    this.lengths = lengths.clone();
    this.terminated = terminated.clone();
  }

  /** Number of episodes. */
  public int episodes() {
    return returns.length;
  }

  /** Undiscounted sum of the rewards of one episode. */
  public double totalReward(int episode) {
    return returns[episode];
  }

  /** Steps of one episode. */
  public int length(int episode) {
    return lengths[episode];
  }

  /** Whether the environment, not the step limit, ended this episode. */
  public boolean terminated(int episode) {
    return terminated[episode];
  }

  /** Mean, standard deviation, standard error and range of the returns. */
  public Summary returns() {
    return Summary.of(returns);
  }

  /** The same of the lengths. */
  public Summary lengths() {
    return Summary.of(lengths.length, i -> lengths[i]);
  }
}
