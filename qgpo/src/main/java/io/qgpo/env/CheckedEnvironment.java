package io.qgpo.env;

import java.util.function.Supplier;

/**
 * Keeps an environment to its word: whatever it throws, and whatever it returns that it must not,
 * becomes an {@link EnvironmentException} that says where.
 */
final class CheckedEnvironment {
  private final String name;
  private final Environment environment;
  private final int width;
  private int episode;
  private int steps;

  /**
   * @param name what it is called, for messages
   */
  CheckedEnvironment(String name, Environment environment) {
    this.name = name;
    this.environment = environment;
    width = environment.observationSize();
  }

  /** What is checked; to be looked at only. */
  Environment unchecked() {
    return environment;
  }

  int observationSize() {
    return width;
  }

  int actionSize() {
    return environment.actionSize();
  }

  boolean isSlow() {
    return environment.isSlow();
  }

  /**
   * Begins an episode.
   *
   * @param number of the episode, for messages
   * @return [observationSize]
   */
  float[] reset(int number, long seed) {
    episode = number;
    steps = 0;
    return sound(guarded(() -> environment.reset(seed)));
  }

  /** Takes a step. */
  Environment.Step step(float[] action) {
    steps++;
    Environment.Step step = guarded(() -> environment.step(action));
    if (step == null) {
      throw fault("a step", "null", null);
    }
    sound(step.observation());
    if (!Double.isFinite(step.reward())) {
      throw fault("a finite reward", step.reward() + "", null);
    }
    return step;
  }

  void close() {
    environment.close();
  }

  private <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (EnvironmentException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw fault("an observation", e.toString(), e);
    }
  }

  private float[] sound(float[] observation) {
    if (observation == null || observation.length != width) {
      throw fault(
          "an observation of %d numbers".formatted(width),
          observation == null ? "null" : observation.length + " numbers",
          null);
    }
    for (int i = 0; i < width; i++) {
      if (!Float.isFinite(observation[i])) {
        throw fault(
            "an observation of finite numbers",
            "%s in place %d".formatted(observation[i], i),
            null);
      }
    }
    return observation;
  }

  private EnvironmentException fault(String expected, String found, Throwable cause) {
    return new EnvironmentException(
        "Environment %s, episode %d, %s: expected %s, found %s; mend the environment."
            .formatted(name, episode, steps == 0 ? "reset" : "step " + steps, expected, found),
        cause);
  }
}
