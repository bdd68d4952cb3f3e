package io.qgpo.env.film;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Drawable;
import io.qgpo.env.Drawing;
import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentException;
import io.qgpo.env.Policy;
import io.qgpo.env.VectorEnvironments;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FilmTest {
  private static final Policy NOTHING = (observations, count, actions) -> {};

  /** A square of 10 pixels that moves 2 to the right with each step. */
  private static class Slider implements Drawable {
    private final double seconds;
    private final int length;
    private int steps;

    /**
     * @param seconds a step takes
     * @param length steps of an episode
     */
    Slider(double seconds, int length) {
      this.seconds = seconds;
      this.length = length;
    }

    @Override
    public double stepSeconds() {
      return seconds;
    }

    @Override
    public Drawing drawing() {
      return graphics -> {
        graphics.setColor(new Color(255, 60, 0));
        graphics.fillRect(2 * steps, 20, 10, 10);
      };
    }

    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public int actionSize() {
      return 1;
    }

    @Override
    public int maxSteps() {
      return length;
    }

    @Override
    public ActionBounds actionBounds() {
      return ActionBounds.unit(1);
    }

    @Override
    public float[] reset(long seed) {
      steps = 0;
      return new float[1];
    }

    @Override
    public Step step(float[] action) {
      steps++;
      return new Step(new float[1], 0, false, steps == length);
    }
  }

  private static Film film(Supplier<? extends Environment> factory) {
    var film = new Film();
    try (var environments = new VectorEnvironments("slider", factory, 2)) {
      environments.run(NOTHING, 1, film);
    }
    return film;
  }

  private static Playback playback(double seconds, int length) throws IOException {
    return Playback.of(film(() -> new Slider(seconds, length)).toGif());
  }

  @Test
  void framesShowTheStepsAtTheirTime() throws IOException {
    Playback playback = playback(0.1, 3);
    assertEquals(List.of(10, 10, 10, 100), playback.centiseconds());
    assertEquals("NETSCAPE2.0 [1, 0, 0]", playback.repeats());
    for (int frame = 0; frame < 4; frame++) {
      assertEquals(400, playback.frames().get(frame).getWidth());
      assertEquals(300, playback.frames().get(frame).getHeight());
      assertEquals(0xFFFFFF, playback.color(frame, 399, 299));
      for (int x = 0; x < 40; x++) {
        boolean inSquare = x >= 2 * frame && x < 2 * frame + 10;
        int expected = inSquare ? 0xFF3300 : 0xFFFFFF;
        assertEquals(expected, playback.color(frame, x, 25), frame + ", " + x);
      }
    }
  }

  /** 8 ms a step: every fourth, 3.2 hundredths apart; an end between two frames is shown. */
  @Test
  void shortStepsAreThinned() throws IOException {
    Playback playback = playback(0.008, 22);
    assertEquals(List.of(3, 3, 4, 3, 3, 3, 100), playback.centiseconds());
    assertEquals(0xFF3300, playback.color(5, 2 * 20, 25));
    assertEquals(0xFF3300, playback.color(6, 2 * 22 + 9, 25));
  }

  /** Five hundredths a step are fine, but 3000 frames are not: every third. */
  @Test
  void longEpisodesAreThinned() throws IOException {
    Playback playback = playback(0.05, 3000);
    assertEquals(1 + Film.MOST_FRAMES, playback.frames().size());
    List<Integer> expected = new ArrayList<>(Collections.nCopies(Film.MOST_FRAMES, 15));
    expected.add(100);
    assertEquals(expected, playback.centiseconds());
  }

  @Test
  void longStepsAreShownFaster() throws IOException {
    assertEquals(List.of(50, 50, 100), playback(86400, 2).centiseconds());
  }

  /** Whoever watches several policies films the first. */
  @Test
  void laterEpisodesAreNotFilmed() {
    Film once = film(() -> new Slider(0.1, 3));
    Film twice = new Film();
    for (int length = 3; length < 5; length++) {
      int steps = length;
      new VectorEnvironments("slider", () -> new Slider(0.1, steps), 1).run(NOTHING, 1, twice);
    }
    assertArrayEquals(once.toGif(), twice.toGif());
  }

  @Test
  void whatCannotBeFilmedIsRefused() {
    var unreal =
        assertThrows(EnvironmentException.class, () -> film(() -> new Slider(Double.NaN, 3)));
    assertEquals(
        "film: expected steps of io.qgpo.env.film.FilmTest$Slider to take more than 0 seconds,"
            + " found NaN",
        unreal.getMessage());
    var invisible = assertThrows(EnvironmentException.class, () -> film(Invisible::new));
    assertEquals(
        "film: io.qgpo.env.film.FilmTest$Invisible cannot be drawn unless it implements"
            + " io.qgpo.env.Drawable",
        invisible.getMessage());
  }

  /** A slider that does not say how it is drawn. */
  private static final class Invisible implements Environment {
    private final Slider slider = new Slider(0.1, 3);

    @Override
    public int observationSize() {
      return slider.observationSize();
    }

    @Override
    public int actionSize() {
      return slider.actionSize();
    }

    @Override
    public int maxSteps() {
      return slider.maxSteps();
    }

    @Override
    public ActionBounds actionBounds() {
      return slider.actionBounds();
    }

    @Override
    public float[] reset(long seed) {
      return slider.reset(seed);
    }

    @Override
    public Step step(float[] action) {
      return slider.step(action);
    }
  }
}
