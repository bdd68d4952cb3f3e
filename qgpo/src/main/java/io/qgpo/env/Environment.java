package io.qgpo.env;

import io.qgpo.data.ActionBounds;

/**
 * A task with states, actions and rewards, one episode at a time. Not thread-safe. The same seed
 * and the same actions give the same episode, bit by bit.
 */
public interface Environment extends AutoCloseable {

  /**
   * What a step leads to.
   *
   * @param observation what is seen after it, [observationSize]; the caller's to keep
   * @param reward what it earned
   * @param terminated the episode is over for good: no reward would follow
   * @param truncated the step limit ended the episode; false if it is also terminated
   */
  record Step(float[] observation, double reward, boolean terminated, boolean truncated) {
    /** Whether the episode is over, for either reason. */
    public boolean done() {
      return terminated || truncated;
    }
  }

  /** Width of an observation. */
  int observationSize();

  /** Width of an action. */
  int actionSize();

  /** Steps after which an episode is truncated. */
  int maxSteps();

  /** The box that actions are clipped to. */
  ActionBounds actionBounds();

  /**
   * Starts an episode.
   *
   * @param seed decides all that is random in it
   * @return the first observation, [observationSize]; the caller's to keep
   */
  float[] reset(long seed);

  /**
   * Takes one step.
   *
   * @param action [actionSize]; clipped to the bounds
   * @throws IllegalArgumentException for a wrong length, NaN or Inf
   * @throws IllegalStateException if no episode is running
   */
  Step step(float[] action);

  /**
   * Whether a step takes so long (10 microseconds or more) that stepping several environments on
   * several threads pays. Those that say so must not share anything that a step changes.
   */
  default boolean isSlow() {
    return false;
  }

  /** Frees what the garbage collector cannot; the environment must not be used any more. */
  @Override
  default void close() {}
}
