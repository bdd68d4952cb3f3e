package io.qgpo.env;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.function.Supplier;

/**
 * A maze from above, with what moves in it and the way that it came. All in cells: x to the right,
 * y down, (0, 0) the upper left corner of the first cell.
 */
public final class MazeDrawing implements Drawing {
  /** Of what moves, where it is not made of several parts. */
  public static final Color MOVER = new Color(0x003399);

  /** Of goals. */
  public static final Color GOAL = new Color(0x99CC99);

  private static final Color WALL = new Color(0x999999);
  private static final Color PIT = new Color(0xFFCC99);
  private static final Color TRAIL = new Color(0x6699CC);

  /** Pixels that the longer side has at most. */
  private static final int LONGEST_SIDE = 400;

  /** Pixels that the edge of a cell has at most. */
  private static final int LARGEST_CELL = 48;

  /** Thickness of the trail in pixels. */
  private static final float TRAIL_WIDTH = 1.5f;

  private final List<String> lines;
  private final int cell;
  private final Capsule goal;
  private final Supplier<List<Capsule>> mover;
  private final Path2D trail = new Path2D.Double();

  /**
   * @param lines the maze, all of one length: '#' wall, 'o' pit, anything else free
   * @param goal where to
   * @param mover what moves, as it is when asked; the trail follows its first part's first end
   */
  public MazeDrawing(List<String> lines, Capsule goal, Supplier<List<Capsule>> mover) {
    this.lines = List.copyOf(lines);
    this.goal = goal;
    this.mover = mover;
    int most = Math.max(lines.size(), lines.getFirst().length());
    cell = Math.clamp(LONGEST_SIDE / most, 1, LARGEST_CELL);
  }

  @Override
  public int width() {
    return cell * lines.getFirst().length();
  }

  @Override
  public int height() {
    return cell * lines.size();
  }

  @Override
  public void draw(Graphics2D graphics) {
    graphics.scale(cell, cell);
    drawCells(graphics, 'o', PIT);
    goal.draw(graphics);
    drawCells(graphics, '#', WALL);
    List<Capsule> parts = mover.get();
    follow(parts.getFirst());
    graphics.setColor(TRAIL);
    graphics.setStroke(
        new BasicStroke(TRAIL_WIDTH / cell, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(trail);
    parts.forEach(part -> part.draw(graphics));
  }

  private void drawCells(Graphics2D graphics, char kind, Color color) {
    graphics.setColor(color);
    for (int row = 0; row < lines.size(); row++) {
      for (int column = 0; column < lines.get(row).length(); column++) {
        if (lines.get(row).charAt(column) == kind) {
          graphics.fill(new Rectangle2D.Double(column, row, 1, 1));
        }
      }
    }
  }

  private void follow(Capsule part) {
    if (trail.getCurrentPoint() == null) {
      trail.moveTo(part.x1(), part.y1());
    } else {
      trail.lineTo(part.x1(), part.y1());
    }
  }
}
