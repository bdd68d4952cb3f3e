package io.qgpo.env.film;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.env.Environment;
import io.qgpo.env.catalog.Environments;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built-in environments, moved by chance. */
class EnvironmentsOnFilmTest {
  /** Of a film; a tenth of what a long one has. */
  private static final int FRAMES = Film.MOST_FRAMES / 10;

  private static final int BYTES = (3 << 20) / 10;

  /** A film of this many steps, or of fewer if an episode ends before. */
  private static byte[] film(String name, int steps) {
    var random = new SplittableRandom(3);
    var film = new Film();
    try (Environment environment = Environments.find(name, List.of()).factory().get()) {
      float[] before = environment.reset(3);
      film.started(0, environment);
      boolean done = false;
      for (int i = 0; i < steps && !done; i++) {
        float[] action = new float[environment.actionSize()];
        for (int k = 0; k < action.length; k++) {
          action[k] = (float) random.nextDouble(-1, 1);
        }
        Environment.Step step = environment.step(action);
        film.stepped(0, before, step);
        done = step.done();
      }
    }
    return film.toGif();
  }

  private static void assertFilmed(String name, int stepsAFrame, int centiseconds)
      throws IOException {
    byte[] gif = film(name, FRAMES * stepsAFrame);
    assertArrayEquals(gif, film(name, FRAMES * stepsAFrame), "same seed, same bytes");
    assertTrue(gif.length < BYTES, "bytes: " + gif.length);
    Playback playback = Playback.of(gif);
    int frames = playback.frames().size();
    assertTrue(frames > 3 && frames <= 1 + FRAMES, "frames: " + frames);
    assertEquals(centiseconds, playback.centiseconds().getFirst());
    for (int i = 1; i < 4; i++) {
      assertFalse(same(playback.frames().get(i - 1), playback.frames().get(i)), "frame " + i);
    }
  }

  private static boolean same(BufferedImage one, BufferedImage other) {
    int[] first = ((DataBufferInt) one.getRaster().getDataBuffer()).getData();
    int[] second = ((DataBufferInt) other.getRaster().getDataBuffer()).getData();
    return Arrays.equals(first, second);
  }

  /** Steps of 8 ms, of 50 and of 100. */
  @ParameterizedTest
  @CsvSource({
    "hopper, 4, 3",
    "walker2d, 4, 3",
    "hopper-v5-d4rl, 4, 3",
    "halfcheetah, 1, 5",
    "antmaze-umaze, 1, 10",
    "antmaze-large-play, 1, 10"
  })
  void bodies(String name, int stepsAFrame, int centiseconds) throws IOException {
    RequiredMujoco.library();
    assertFilmed(name, stepsAFrame, centiseconds);
  }

  /** Steps of 10 ms; the point maze's of half a second. */
  @ParameterizedTest
  @CsvSource({"maze2d-umaze, 3, 3", "maze2d-large, 3, 3", "pointmaze, 1, 50"})
  void mazes(String name, int stepsAFrame, int centiseconds) throws IOException {
    assertFilmed(name, stepsAFrame, centiseconds);
  }
}
