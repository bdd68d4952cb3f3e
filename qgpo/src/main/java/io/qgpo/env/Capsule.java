package io.qgpo.env;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;

/**
 * What bodies are drawn with: a line with round ends, in any unit of length. A disc where both ends
 * are the same.
 *
 * @param x1 one end
 * @param y1 one end
 * @param x2 the other end
 * @param y2 the other end
 * @param radius half the thickness
 * @param color of all of it
 */
public record Capsule(double x1, double y1, double x2, double y2, double radius, Color color) {
  /** A disc. */
  public static Capsule disc(double x, double y, double radius, Color color) {
    return new Capsule(x, y, x, y, radius, color);
  }

  /** Distance of the ends. */
  public double length() {
    return Math.hypot(x2 - x1, y2 - y1);
  }

  /** Draws it in the coordinates that the graphics has. */
  public void draw(Graphics2D graphics) {
    graphics.setColor(color);
    if (length() == 0) {
      graphics.fill(new Ellipse2D.Double(x1 - radius, y1 - radius, 2 * radius, 2 * radius));
    } else {
      graphics.setStroke(
          new BasicStroke((float) (2 * radius), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      graphics.draw(new Line2D.Double(x1, y1, x2, y2));
    }
  }
}
