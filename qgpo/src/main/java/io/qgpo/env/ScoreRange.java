package io.qgpo.env;

/**
 * The returns that D4RL's scores are measured by.
 *
 * @param random return of a random policy: score 0
 * @param expert return of an expert: score 100
 */
public record ScoreRange(double random, double expert) {
  /** The score of a return: 100 (return - random) / (expert - random). */
  public double score(double totalReward) {
    return 100 * (totalReward - random) / (expert - random);
  }
}
