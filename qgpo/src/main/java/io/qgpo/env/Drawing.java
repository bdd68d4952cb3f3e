package io.qgpo.env;

import java.awt.Graphics2D;

/**
 * Draws one episode of an environment, frame by frame. Not thread-safe.
 *
 * <p>Films have few colours: red, green and blue are each rounded to a multiple of 51.
 */
@FunctionalInterface
public interface Drawing {
  /** Pixels from left to right; the same for all frames. */
  default int width() {
    return 400;
  }

  /** Pixels from top to bottom; the same for all frames. */
  default int height() {
    return 300;
  }

  /**
   * Draws the environment as it is now.
   *
   * @param graphics a white area of {@link #width} by {@link #height}, antialiased, the origin at
   *     the upper left; may be left in any state
   */
  void draw(Graphics2D graphics);
}
