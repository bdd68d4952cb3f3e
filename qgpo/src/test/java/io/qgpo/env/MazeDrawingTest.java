package io.qgpo.env;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MazeDrawingTest {
  private static final Color RED = Color.RED;
  private static final int CELL = 48;

  private final List<Capsule> mover = new ArrayList<>();
  private final MazeDrawing drawing =
      new MazeDrawing(
          List.of("#####", "#..o#", "#####"),
          Capsule.disc(2.5, 1.5, 0.25, MazeDrawing.GOAL),
          () -> mover);

  private BufferedImage picture() {
    var picture = new BufferedImage(drawing.width(), drawing.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    drawing.draw(graphics);
    graphics.dispose();
    return picture;
  }

  private static int color(BufferedImage picture, double column, double row) {
    return picture.getRGB((int) (CELL * column), (int) (CELL * row)) & 0xFFFFFF;
  }

  @Test
  void showsWallsPitsGoalAndMover() {
    mover.add(Capsule.disc(1.25, 1.5, 0.1, RED));
    mover.add(new Capsule(1.25, 1.5, 1.25, 1.2, 0.05, Color.BLUE));
    BufferedImage picture = picture();
    assertEquals(5 * CELL, picture.getWidth());
    assertEquals(3 * CELL, picture.getHeight());
    assertEquals(0x999999, color(picture, 0.5, 0.5));
    assertEquals(0xFFFFFF, color(picture, 1.6, 1.1));
    assertEquals(0xFFCC99, color(picture, 3.5, 1.5));
    assertEquals(0x99CC99, color(picture, 2.7, 1.5));
    assertEquals(0xFFFFFF, color(picture, 2.8, 1.5));
    assertEquals(0xFF0000, color(picture, 1.32, 1.5));
    assertEquals(0x0000FF, color(picture, 1.25, 1.2));
  }

  @Test
  void theTrailFollows() {
    mover.add(Capsule.disc(1.2, 1.8, 0.1, RED));
    assertEquals(0xFFFFFF, color(picture(), 1.5, 1.8));
    mover.set(0, Capsule.disc(1.8, 1.8, 0.1, RED));
    BufferedImage second = picture();
    assertEquals(0x6699CC, color(second, 1.5, 1.8));
    assertEquals(0x6699CC, color(second, 1.2, 1.8));
    assertEquals(0xFF0000, color(second, 1.8, 1.8));
  }

  @Test
  void largeMazesHaveSmallCells() {
    var large = new MazeDrawing(List.of("#".repeat(100)), Capsule.disc(0, 0, 1, RED), () -> mover);
    assertEquals(400, large.width());
    assertEquals(4, large.height());
  }
}
