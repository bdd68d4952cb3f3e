package io.qgpo.env.locomotion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SideViewTest {
  private static final int WIDTH = 440;
  private static final int ABOVE_GROUND = 190;

  private static BufferedImage picture(String body, double... qpos) {
    var view = new SideView(SkeletonReader.read(Mjcf.template(body)), () -> qpos);
    var picture = new BufferedImage(view.width(), view.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    view.draw(graphics);
    graphics.dispose();
    return picture;
  }

  private static int[] rows(BufferedImage picture, int from, int to) {
    return picture.getRGB(0, from, WIDTH, to - from, null, 0, WIDTH);
  }

  /** The view is 4 m wide; tiles of half a metre take turns, so that a metre changes nothing. */
  @Test
  void theGroundMovesAndTheBodyStays() {
    BufferedImage start = picture("hopper", 0, 1.25, 0, 0, 0, 0);
    BufferedImage tile = picture("hopper", 0.5, 1.25, 0, 0, 0, 0);
    BufferedImage metre = picture("hopper", -1, 1.25, 0, 0, 0, 0);
    assertArrayEquals(rows(start, 0, ABOVE_GROUND), rows(tile, 0, ABOVE_GROUND));
    assertFalse(Arrays.equals(rows(start, 205, 220), rows(tile, 205, 220)));
    assertArrayEquals(rows(start, 0, 220), rows(metre, 0, 220));
    assertEquals(0xCCCCCC, start.getRGB(WIDTH / 2 + 20, 210) & 0xFFFFFF);
    assertEquals(0x999999, tile.getRGB(WIDTH / 2 + 20, 210) & 0xFFFFFF);
  }

  /** The torso's middle is at 1.25 m: 22 pixels of ground and 137.5 more from below. */
  @Test
  void partsHaveTheirColors() {
    BufferedImage upright = picture("walker2d", 7, 1.25, 0, 0, 0, 0, 0, 0, 0);
    assertEquals(0x003366, upright.getRGB(WIDTH / 2, 60) & 0xFFFFFF);
    assertEquals(0x336699, upright.getRGB(WIDTH / 2, 107) & 0xFFFFFF);
    assertEquals(0xFF9933, upright.getRGB(WIDTH / 2 + 11, 187) & 0xFFFFFF);
    BufferedImage striding = picture("walker2d", 7, 1.25, 0, 0, 0, 0, -0.5, 0, 0);
    assertEquals(0x336699, striding.getRGB(WIDTH / 2, 107) & 0xFFFFFF);
    int x = (int) Math.round(WIDTH / 2.0 - 110 * 0.225 * Math.sin(0.5));
    int y = (int) Math.round(220 - 22 - 110 * (1.05 - 0.225 * Math.cos(0.5)));
    assertEquals(0x999999, striding.getRGB(x, y) & 0xFFFFFF, "the left thigh, swung backwards");
  }
}
