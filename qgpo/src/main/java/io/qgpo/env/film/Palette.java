package io.qgpo.env.film;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;

/**
 * The cube of 6 x 6 x 6 colours whose red, green and blue are multiples of 51. One palette for all
 * frames, and no dithering: areas stay flat, which GIF compresses well.
 */
final class Palette {
  private static final int LEVELS = 6;
  private static final int DISTANCE = 255 / (LEVELS - 1);
  private static final IndexColorModel COLORS = colors();

  private Palette() {}

  private static IndexColorModel colors() {
    int count = LEVELS * LEVELS * LEVELS;
    byte[] red = new byte[count];
    byte[] green = new byte[count];
    byte[] blue = new byte[count];
    for (int i = 0; i < count; i++) {
      red[i] = (byte) (DISTANCE * (i / (LEVELS * LEVELS)));
      green[i] = (byte) (DISTANCE * (i / LEVELS % LEVELS));
      blue[i] = (byte) (DISTANCE * (i % LEVELS));
    }
    return new IndexColorModel(8, count, red, green, blue);
  }

  /** An empty picture. */
  static BufferedImage picture(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, COLORS);
  }

  /** A picture in the nearest colours. */
  static BufferedImage apply(BufferedImage picture) {
    int width = picture.getWidth();
    BufferedImage indexed = picture(width, picture.getHeight());
    int[] line = new int[width];
    for (int y = 0; y < picture.getHeight(); y++) {
      picture.getRGB(0, y, width, 1, line, 0, width);
      for (int x = 0; x < width; x++) {
        line[x] = index(line[x]);
      }
      indexed.getRaster().setSamples(0, y, width, 1, 0, line);
    }
    return indexed;
  }

  private static int index(int rgb) {
    return (level(rgb >> 16) * LEVELS + level(rgb >> 8)) * LEVELS + level(rgb);
  }

  /** The nearest level of the lowest eight bits. */
  private static int level(int value) {
    return ((value & 255) + DISTANCE / 2) / DISTANCE;
  }
}
