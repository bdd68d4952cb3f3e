package io.qgpo.env;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws episodes in the point maze as SVG, one panel for each policy: walls, pits, goal, and the
 * paths, orange where they ended in a pit. Readable on a light and on a dark page.
 */
public final class MazePicture {
  /** Pixels per cell. */
  private static final int SCALE = 16;

  private static final int GAP = 16;
  private static final int TITLE = 22;

  private final List<Panel> panels = new ArrayList<>();

  /** The next panel to the right; it draws the episodes that it is shown. */
  public StepObserver panel(String title) {
    Panel panel = new Panel(title);
    panels.add(panel);
    return panel;
  }

  /** One policy's episodes. */
  private static final class Panel implements StepObserver {
    private final String title;
    private final List<StringBuilder> paths = new ArrayList<>();
    private final List<Boolean> fell = new ArrayList<>();

    Panel(String title) {
      this.title = title;
    }

    @Override
    public void stepped(int episode, float[] before, Environment.Step step) {
      while (paths.size() <= episode) {
        paths.add(new StringBuilder());
        fell.add(false);
      }
      StringBuilder path = paths.get(episode);
      if (path.isEmpty()) {
        path.append('M').append(point(before));
      }
      path.append('L').append(point(step.observation()));
      boolean inPit = PointMaze.MAZE.at(step.observation()[0], step.observation()[1]) == 'o';
      fell.set(episode, step.terminated() && inPit);
    }

    private static String point(float[] observation) {
      return String.format(
          Locale.ROOT,
          "%.1f %.1f",
          SCALE * PointMaze.MAZE.columns(observation[0]),
          SCALE * PointMaze.MAZE.rowsDown(observation[1]));
    }
  }

  /** The picture as a document. */
  public String toSvg() {
    Maze maze = PointMaze.MAZE;
    int side = SCALE * maze.columnCount();
    int width = panels.size() * (side + GAP) - GAP;
    int height = TITLE + SCALE * maze.rowCount();
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
        <style>
        text { font: 14px sans-serif; fill: #555 }
        .wall { fill: #9aa0a6 } .pit { fill: #f3c6a5 } .goal { fill: #b7dfb9 }
        .floor { fill: #fff } path { fill: none; stroke-width: 1; stroke-opacity: .55 }
        .alive { stroke: #1a6fb5 } .fell { stroke: #d9590f }
        @media (prefers-color-scheme: dark) { text { fill: #ccc } }
        </style>
        """
            .formatted(width, height, width, height));
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      svg.append(
          "<text x=\"%d\" y=\"15\">%s</text>%n<g transform=\"translate(%d %d)\">%n"
              .formatted(i * (side + GAP), panel.title, i * (side + GAP), TITLE));
      appendCells(svg, maze);
      for (int episode = 0; episode < panel.paths.size(); episode++) {
        svg.append(
            "<path class=\"%s\" d=\"%s\"/>%n"
                .formatted(panel.fell.get(episode) ? "fell" : "alive", panel.paths.get(episode)));
      }
      svg.append("</g>\n");
    }
    return svg.append("</svg>\n").toString().replace("\r\n", "\n");
  }

  private static void appendCells(StringBuilder svg, Maze maze) {
    svg.append(
        "<rect class=\"floor\" width=\"%d\" height=\"%d\"/>%n"
            .formatted(SCALE * maze.columnCount(), SCALE * maze.rowCount()));
    for (int row = 0; row < maze.rowCount(); row++) {
      for (int column = 0; column < maze.columnCount(); column++) {
        String kind =
            switch (maze.at(maze.x(column + 0.5), maze.y(row + 0.5))) {
              case '#' -> "wall";
              case 'o' -> "pit";
              case 'G' -> "goal";
              default -> "";
            };
        if (!kind.isEmpty()) {
          svg.append(
              "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n"
                  .formatted(kind, SCALE * column, SCALE * row, SCALE, SCALE));
        }
      }
    }
  }
}
