package io.qgpo.env.antmaze;

import io.qgpo.env.Capsule;
import java.util.List;

/**
 * A maze of square blocks: '#' wall, 'R' where the ant starts, 'G' where its goal is, anything else
 * free. Coordinates in metres: x along a line, y from line to line, the middle of 'R' at (0, 0).
 */
final class Blocks {
  /** Edge of a block; D4RL's maze_size_scaling. */
  static final double EDGE = 4;

  /** Height of walls over the edge of a block; D4RL's maze_height. */
  private static final double RELATIVE_HEIGHT = 0.5;

  /**
   * The middle of a block.
   *
   * @param x in metres
   * @param y in metres
   */
  record Middle(double x, double y) {}

  private final List<String> lines;

  /**
   * @param lines the drawing, with one 'R' and one 'G'
   */
  Blocks(String... lines) {
    this.lines = List.of(lines);
  }

  /** Where the goal's block is. */
  Middle goal() {
    return middle('G');
  }

  /** The walls as boxes, in MJCF. */
  String mjcf() {
    double halfHeight = EDGE * RELATIVE_HEIGHT / 2;
    StringBuilder boxes = new StringBuilder();
    int[] origin = find('R');
    for (int line = 0; line < lines.size(); line++) {
      for (int column = 0; column < lines.get(line).length(); column++) {
        if (lines.get(line).charAt(column) == '#') {
          boxes.append(
              "<geom class=\"ground\" type=\"box\" pos=\"%s %s %s\" size=\"%s %s %s\"/>\n"
                  .formatted(
                      EDGE * (column - origin[1]),
                      EDGE * (line - origin[0]),
                      halfHeight,
                      EDGE / 2,
                      EDGE / 2,
                      halfHeight));
        }
      }
    }
    return boxes.toString();
  }

  /** The drawing with y up, as seen from above: the last line is the first. */
  List<String> linesFromAbove() {
    return lines.reversed();
  }

  /** What is drawn in metres, in blocks from the upper left of {@link #linesFromAbove}. */
  Capsule fromAbove(Capsule metres) {
    int[] origin = find('R');
    double left = -EDGE * (origin[1] + 0.5);
    double top = EDGE * (lines.size() - origin[0] - 0.5);
    return new Capsule(
        (metres.x1() - left) / EDGE,
        (top - metres.y1()) / EDGE,
        (metres.x2() - left) / EDGE,
        (top - metres.y2()) / EDGE,
        metres.radius() / EDGE,
        metres.color());
  }

  private Middle middle(char mark) {
    int[] origin = find('R');
    int[] place = find(mark);
    return new Middle(EDGE * (place[1] - origin[1]), EDGE * (place[0] - origin[0]));
  }

  /** Line and column of the block with this mark. */
  private int[] find(char mark) {
    for (int line = 0; line < lines.size(); line++) {
      int column = lines.get(line).indexOf(mark);
      if (column >= 0) {
        return new int[] {line, column};
      }
    }
    throw new IllegalArgumentException("maze: expected a block '" + mark + "', found none");
  }
}
