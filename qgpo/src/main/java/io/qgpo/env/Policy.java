package io.qgpo.env;

/** Chooses actions for a batch of states. */
@FunctionalInterface
public interface Policy {
  /**
   * Writes one action per observation.
   *
   * @param observations [at least count * observationSize], row by row
   * @param count number of rows to act on
   * @param actions [at least count * actionSize], written row by row
   */
  void act(float[] observations, int count, float[] actions);
}
