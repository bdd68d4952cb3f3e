package io.qgpo.env;

/**
 * The returns that D4RL's scores are measured by.
 *
 * @param random return of a random policy: score 0
 * @param expert return of an expert: score 100
 */
public record ScoreRange(double random, double expert) {
  /**
   * Where an episode earns 1 if it succeeds and 0 if not: the score is the rate of success in %.
   */
  public static final ScoreRange SUCCESS_RATE = new ScoreRange(0, 1);

  /** The score of a return: 100 (return - random) / (expert - random). */
  public double score(double totalReward) {
    return 100 * (totalReward - random) / (expert - random);
  }

  /** Whether mean returns are rates of success. */
  public boolean isSuccessRate() {
    return equals(SUCCESS_RATE);
  }
}
