package io.qgpo.env;

/** An environment that can be drawn: what {@code evaluate --gif} asks of it. */
public interface Drawable extends Environment {
  /** Seconds that a step stands for: decides how fast the film runs. */
  double stepSeconds();

  /**
   * Someone to draw one episode, asked for when it has just been reset. It shows this environment
   * as it is at the time, and may keep what it has seen, such as a trail.
   */
  Drawing drawing();
}
