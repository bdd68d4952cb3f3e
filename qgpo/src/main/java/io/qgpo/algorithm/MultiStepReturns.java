package io.qgpo.algorithm;

import io.qgpo.data.RewardScaling;
import io.qgpo.data.Transitions;

/**
 * What the critic's target is made of for every transition i: the discounted sum of the next
 * rewards of its episode, R_i = sum_{j<k} discount^j r_{i+j}, and the state s_{i+k} whose value
 * stands for the rest. k is the number of steps asked for, or fewer where the recorded episode ends
 * before.
 *
 * <p>With one step this is the paper's target (Lu et al. 2023, in-support softmax Q-learning). With
 * more, what a late reward or a fall is worth reaches earlier states k times as fast, at the price
 * that the first k steps are those of the recorded behaviour, not of the policy that is evaluated
 * (uncorrected n-step returns, Hessel et al. 2018, section 3).
 */
final class MultiStepReturns {
  private final float[] rewards;
  private final float[] continues;
  private final int[] nextIndex;

  private MultiStepReturns(float[] rewards, float[] continues, int[] nextIndex) {
    this.rewards = rewards;
    this.continues = continues;
    this.nextIndex = nextIndex;
  }

  /**
   * Of all transitions. One follows another in an episode if it starts where the other ends.
   *
   * @param steps k, at least 1
   */
  static MultiStepReturns of(
      Transitions transitions, RewardScaling.Transform scaling, int steps, double discount) {
    int n = transitions.size();
    float[] scaled = scaling.apply(transitions);
    float[] rewards = new float[n];
    float[] continues = new float[n];
    int[] nextIndex = new int[n];
    for (int i = 0; i < n; i++) {
      double sum = scaled[i];
      double factor = 1;
      int last = i;
      while (last - i + 1 < steps && isFollowed(transitions, last)) {
        last++;
        factor *= discount;
        sum += factor * scaled[last];
      }
      rewards[i] = (float) sum;
      continues[i] = transitions.terminal(last) ? 0 : (float) factor;
      nextIndex[i] = transitions.nextIndex(last);
    }
    return new MultiStepReturns(rewards, continues, nextIndex);
  }

  private static boolean isFollowed(Transitions transitions, int i) {
    return !transitions.terminal(i)
        && i + 1 < transitions.size()
        && transitions.stateIndex(i + 1) == transitions.nextIndex(i);
  }

  /** R_i, [n]. */
  float[] rewards() {
    return rewards;
  }

  /**
   * discount^(k - 1), or 0 where the episode ended for good, [n]: the target is R_i + discount
   * continues_i V(s_{i+k}).
   */
  float[] continues() {
    return continues;
  }

  /** Table row of s_{i+k}, [n]. */
  int[] nextIndex() {
    return nextIndex;
  }
}
