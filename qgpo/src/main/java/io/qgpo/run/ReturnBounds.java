package io.qgpo.run;

import io.qgpo.data.Transitions;

/**
 * Between which the return of every policy lies, as far as the data's rewards tell: no step that
 * goes on earns more or less than the extremes of those that went on, and at most one ends the
 * episode.
 *
 * @param smallest at most 0
 * @param largest at least 0
 */
record ReturnBounds(double smallest, double largest) {

  /**
   * The bounds of some data.
   *
   * @param rewards of the transitions, scaled
   * @param discount of a step; with 1, rewards add up over an episode and not for ever
   * @param longestEpisode steps after which an episode ends at the latest
   */
  static ReturnBounds of(
      Transitions transitions, float[] rewards, double discount, int longestEpisode) {
    double low = 0;
    double high = 0;
    double lowestEnd = 0;
    double highestEnd = 0;
    for (int i = 0; i < rewards.length; i++) {
      if (transitions.terminal(i)) {
        lowestEnd = Math.min(lowestEnd, rewards[i]);
        highestEnd = Math.max(highestEnd, rewards[i]);
      } else {
        low = Math.min(low, rewards[i]);
        high = Math.max(high, rewards[i]);
      }
    }
    double horizon = discount < 1 ? 1 / (1 - discount) : longestEpisode;
    return new ReturnBounds(horizon * low + lowestEnd, horizon * high + highestEnd);
  }

  /** From the smallest to the largest. */
  double width() {
    return largest - smallest;
  }
}
