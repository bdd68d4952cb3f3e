package io.qgpo.env;

/** Watches the episodes of a {@link VectorEnvironments}. */
@FunctionalInterface
public interface StepObserver {
  /**
   * An episode begins.
   *
   * @param episode its number
   * @param environment where it is played, just reset; in each call of {@link #stepped} for this
   *     episode it is in the state that the step led to. To be looked at only
   */
  default void started(int episode, Environment environment) {}

  /**
   * An environment has taken a step.
   *
   * @param episode its number
   * @param before the observation that was acted on; overwritten by the next step
   * @param step what the step led to
   */
  void stepped(int episode, float[] before, Environment.Step step);

  /** Watches nothing. */
  static StepObserver nobody() {
    return (episode, before, step) -> {};
  }

  /** Two who watch the same, this one first. */
  default StepObserver and(StepObserver other) {
    StepObserver first = this;
    return new StepObserver() {
      @Override
      public void started(int episode, Environment environment) {
        first.started(episode, environment);
        other.started(episode, environment);
      }

      @Override
      public void stepped(int episode, float[] before, Environment.Step step) {
        first.stepped(episode, before, step);
        other.stepped(episode, before, step);
      }
    };
  }
}
