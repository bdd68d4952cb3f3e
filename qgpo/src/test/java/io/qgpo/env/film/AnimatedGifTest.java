package io.qgpo.env.film;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnimatedGifTest {
  private static final int WIDTH = 23;
  private static final int HEIGHT = 17;

  /** Rectangles of any size change, down to a single pixel and to none. */
  @Test
  void everyFrameIsSeenAsItWasAdded() throws IOException {
    var random = new SplittableRandom(1);
    var picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var gif = new AnimatedGif();
    List<int[]> added = new ArrayList<>();
    for (int frame = 0; frame < 200; frame++) {
      gif.add(picture, frame);
      added.add(colors(picture));
      int left = random.nextInt(WIDTH);
      int top = random.nextInt(HEIGHT);
      int right = frame % 10 == 0 ? left : random.nextInt(left, WIDTH);
      int bottom = frame % 10 == 0 ? top : random.nextInt(top, HEIGHT);
      for (int x = left; x < right; x++) {
        for (int y = top; y < bottom; y++) {
          picture.setRGB(x, y, 51 * (random.nextInt(6) + 256 * random.nextInt(6)));
        }
      }
    }
    Playback playback = Playback.of(gif.toBytes());
    assertEquals(added.size(), playback.frames().size());
    for (int frame = 0; frame < added.size(); frame++) {
      assertEquals(frame, playback.centiseconds().get(frame));
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        int x = i % WIDTH;
        int y = i / WIDTH;
        int expected = added.get(frame)[i] & 0xFFFFFF;
        assertEquals(expected, playback.color(frame, x, y), frame + ": " + x + ", " + y);
      }
    }
  }

  private static int[] colors(BufferedImage picture) {
    return picture.getRGB(0, 0, WIDTH, HEIGHT, null, 0, WIDTH);
  }

  /** Half-way between two levels is 25.5 from both. */
  @Test
  void colorsAreRoundedToTheNearestLevel() throws IOException {
    var picture = new BufferedImage(256, 1, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 256; x++) {
      picture.setRGB(x, 0, x << 16 | (255 - x) << 8 | x);
    }
    var gif = new AnimatedGif();
    gif.add(picture, 1);
    Playback playback = Playback.of(gif.toBytes());
    for (int x = 0; x < 256; x++) {
      int level = (int) Math.round(x / 51.0);
      int color = 51 * level << 16 | 51 * (5 - level) << 8 | 51 * level;
      assertEquals(color, playback.color(0, x, 0), "level " + x);
    }
  }
}
