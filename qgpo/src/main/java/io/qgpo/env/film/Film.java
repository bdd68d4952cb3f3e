package io.qgpo.env.film;

import io.qgpo.env.Drawable;
import io.qgpo.env.Drawing;
import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentException;
import io.qgpo.env.StepObserver;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * Films the first of the episodes that it watches, in real time: a frame for the start, one for
 * every few steps, and one for the end, which stays for a second. The same episode gives the same
 * bytes. Not thread-safe.
 */
public final class Film implements StepObserver {
  /** Frames between start and end at most: those of our environments take less than 3 MB. */
  static final int MOST_FRAMES = 1000;

  /** Seconds between frames at least: more than 33 a second look no smoother. */
  private static final double LEAST_SECONDS = 0.03;

  /** Seconds between frames at most, for environments whose steps are long. */
  private static final double MOST_SECONDS = 0.5;

  /** How long the last frame stays, in hundredths of a second. */
  private static final int END = 100;

  /** Below this, what a quotient is above a whole number is rounding. */
  private static final double ROUNDING = 1e-9;

  private final AnimatedGif gif = new AnimatedGif();
  private Drawing drawing;

  /** Steps between frames. */
  private int stride;

  /** Seconds between frames. */
  private double seconds;

  private int steps;
  private int frames;
  private boolean over;
  private BufferedImage latest;

  /**
   * @throws EnvironmentException if it is the first episode and the environment is not {@link
   *     Drawable}, or its steps do not take a positive time
   */
  @Override
  public void started(int episode, Environment environment) {
    if (episode != 0 || drawing != null) {
      return;
    }
    Drawable drawable = drawable(environment);
    double forSmoothness = LEAST_SECONDS / drawable.stepSeconds();
    double forSize = (double) drawable.maxSteps() / MOST_FRAMES;
    stride = (int) Math.ceil(Math.max(1, Math.max(forSmoothness, forSize)) - ROUNDING);
    seconds = Math.min(MOST_SECONDS, stride * drawable.stepSeconds());
    drawing = drawable.drawing();
    latest = picture();
  }

  private static Drawable drawable(Environment environment) {
    String name = environment.getClass().getName();
    if (!(environment instanceof Drawable drawable)) {
      throw new EnvironmentException(
          "film: %s cannot be drawn unless it implements %s"
              .formatted(name, Drawable.class.getName()));
    }
    if (!(drawable.stepSeconds() > 0)) {
      throw new EnvironmentException(
          "film: expected steps of %s to take more than 0 seconds, found %s"
              .formatted(name, drawable.stepSeconds()));
    }
    return drawable;
  }

  @Override
  public void stepped(int episode, float[] before, Environment.Step step) {
    if (episode != 0 || over) {
      return;
    }
    steps++;
    over = step.done();
    if (steps % stride == 0 || over) {
      frames++;
      gif.add(latest, centiseconds(frames) - centiseconds(frames - 1));
      latest = picture();
    }
  }

  /** When a frame begins. Rounded here, and not frame by frame, rounding does not add up. */
  private int centiseconds(int frame) {
    return (int) Math.round(100 * seconds * frame);
  }

  private BufferedImage picture() {
    var picture = new BufferedImage(drawing.width(), drawing.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    drawing.draw(graphics);
    graphics.dispose();
    return picture;
  }

  /**
   * The film of an episode that is over, as the content of a GIF file that starts over when it
   * ends. To be called once.
   */
  public byte[] toGif() {
    gif.add(latest, END);
    return gif.toBytes();
  }
}
