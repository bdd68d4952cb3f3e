package io.qgpo.exact;

/**
 * A deterministic Markov decision process with few states and actions, and the fixed point of
 * in-support softmax Q-learning on it (Lu et al. 2023): Q(s, a) = r(s, a) + discount sum_i
 * softmax(betaQ Q(s', .))_i Q(s', a_i), where the sum runs over the support actions of the next
 * state s', an action that the behaviour takes more often standing there more often.
 */
public final class SoftmaxMdp {
  /** In place of a next state: the episode ends. */
  public static final int END = -1;

  /** Of Q between two sweeps, relative to the largest Q. */
  private static final double CONVERGED = 1e-14;

  private static final int MOST_SWEEPS = 100_000;

  private final int[][] next;
  private final double[][] rewards;
  private final int[][] support;
  private final double discount;
  private final double betaQ;

  /**
   * A process.
   *
   * @param next state by action: the next state, or {@link #END}
   * @param rewards state by action
   * @param support state by place: the actions that stand for the behaviour, any number of times
   * @param discount from 0 to below 1
   * @param betaQ inverse temperature of the softmax, 0 or more
   */
  public SoftmaxMdp(
      int[][] next, double[][] rewards, int[][] support, double discount, double betaQ) {
    if (!(discount >= 0 && discount < 1)) {
      throw new IllegalArgumentException(
          "SoftmaxMdp: expected a discount from 0 to below 1, found " + discount);
    }
    this.next = next;
    this.rewards = rewards;
    this.support = support;
    this.discount = discount;
    this.betaQ = betaQ;
  }

  /** States. */
  public int states() {
    return next.length;
  }

  /** The state after an action, or {@link #END}. */
  public int next(int state, int action) {
    return next[state][action];
  }

  /** What an action pays. */
  public double reward(int state, int action) {
    return rewards[state][action];
  }

  /** The support actions of a state. */
  public int[] support(int state) {
    return support[state].clone();
  }

  /**
   * Q at the fixed point, by sweeps over all states.
   *
   * @return state by action, of all actions, whether the behaviour takes them or not
   * @throws IllegalStateException if the sweeps do not converge: the softmax is no contraction at
   *     every temperature
   */
  public double[][] solve() {
    double[][] q = new double[states()][];
    for (int s = 0; s < q.length; s++) {
      q[s] = new double[next[s].length];
    }
    double change = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      change = 0;
      for (int s = 0; s < q.length; s++) {
        for (int a = 0; a < q[s].length; a++) {
          double value = next[s][a] == END ? 0 : value(q[next[s][a]], support[next[s][a]]);
          double updated = rewards[s][a] + discount * value;
          change = Math.max(change, Math.abs(updated - q[s][a]));
          largest = Math.max(largest, Math.abs(updated));
          q[s][a] = updated;
        }
      }
      if (change <= CONVERGED * largest) {
        return q;
      }
    }
    throw new IllegalStateException(
        "SoftmaxMdp: expected convergence in %d sweeps, found Q still changing by %s; lower betaQ"
            .formatted(MOST_SWEEPS, change));
  }

  private double value(double[] q, int[] actions) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int a : actions) {
      largest = Math.max(largest, q[a]);
    }
    double sum = 0;
    double weighted = 0;
    for (int a : actions) {
      double weight = Math.exp(betaQ * (q[a] - largest));
      sum += weight;
      weighted += weight * q[a];
    }
    return weighted / sum;
  }
}
