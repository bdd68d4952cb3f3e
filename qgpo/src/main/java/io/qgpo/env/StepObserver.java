package io.qgpo.env;

/** Watches the episodes of a {@link VectorEnvironments}. */
@FunctionalInterface
public interface StepObserver {
  /**
   * An environment has taken a step.
   *
   * @param episode its number
   * @param before the observation that was acted on; overwritten by the next step
   * @param step what the step led to
   */
  void stepped(int episode, float[] before, Environment.Step step);
}
