package io.qgpo.env.maze2d;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A maze of unit cells: '#' wall, 'G' the goal, anything else free. Cell (i, j) is character j of
 * line i, and its name as a point: D4RL's x counts lines, y characters. Free space of a cell, as
 * far as the ball's centre could go were the ball a point, is [i - 0.7, i + 0.3] by [j - 0.7, j +
 * 0.3], because the ball's position is measured from (1.2, 1.2) and the cell's box is around (i +
 * 1, j + 1).
 */
final class Grid {
  /**
   * A free cell.
   *
   * @param i line
   * @param j character in it
   */
  record Cell(int i, int j) {}

  /** Where position 0 is, in the coordinates in which cell (i, j) is around (i + 1, j + 1). */
  static final double ORIGIN = 1.2;

  /** Half the edge of a cell. */
  static final double HALF = 0.5;

  private static final int[][] MOVES = {{0, -1}, {0, 1}, {-1, 0}, {1, 0}};

  private final List<String> lines;
  private final List<Cell> free = new ArrayList<>();
  private Cell goal;

  /**
   * @param lines the drawing, all of one length, walls all round
   */
  Grid(String... lines) {
    this.lines = List.of(lines);
    for (int i = 0; i < lines.length; i++) {
      for (int j = 0; j < lines[i].length(); j++) {
        if (!isWall(i, j)) {
          Cell cell = new Cell(i, j);
          free.add(cell);
          goal = lines[i].charAt(j) == 'G' ? cell : goal;
        }
      }
    }
  }

  /** Whether there is a wall; outside of the drawing there is none. */
  boolean isWall(int i, int j) {
    boolean inside = i >= 0 && i < lines.size() && j >= 0 && j < lines.getFirst().length();
    return inside && lines.get(i).charAt(j) == '#';
  }

  /** All cells without a wall, line by line. */
  List<Cell> free() {
    return free;
  }

  /** The goal of the evaluation. */
  Cell goal() {
    return goal;
  }

  /** The line or character of the cell that holds a coordinate. */
  static int index(double position) {
    return (int) Math.floor(cells(position));
  }

  /** A coordinate in cells from the edge of the drawing: 2.5 is the middle of cell 2. */
  static double cells(double position) {
    return position + ORIGIN - HALF;
  }

  /** The drawing. */
  List<String> lines() {
    return lines;
  }

  /**
   * The cells after {@code from} on a shortest way, the last of which is {@code to}; {@code to}
   * alone if both are the same. Of several ways always the same one.
   *
   * @throws IllegalArgumentException if there is no way
   */
  List<Cell> way(Cell from, Cell to) {
    int[][] distance = distances(to);
    if (isWall(from.i, from.j) || distance[from.i][from.j] < 0) {
      throw new IllegalArgumentException("maze2d: found no way from " + from + " to " + to);
    }
    List<Cell> way = new ArrayList<>();
    Cell cell = from;
    while (!cell.equals(to)) {
      cell = closer(cell, distance);
      way.add(cell);
    }
    return way.isEmpty() ? List.of(to) : way;
  }

  private static Cell closer(Cell cell, int[][] distance) {
    int next = distance[cell.i][cell.j] - 1;
    for (int[] move : MOVES) {
      Cell neighbour = new Cell(cell.i + move[0], cell.j + move[1]);
      if (distance[neighbour.i][neighbour.j] == next) {
        return neighbour;
      }
    }
    throw new AssertionError("a cell at distance n > 0 has a neighbour at distance n - 1");
  }

  /** Steps from each cell to this one; -1 for walls and where there is no way. */
  private int[][] distances(Cell to) {
    int[][] distance = new int[lines.size()][lines.getFirst().length()];
    for (int[] line : distance) {
      Arrays.fill(line, -1);
    }
    distance[to.i][to.j] = 0;
    List<Cell> front = List.of(to);
    for (int d = 1; !front.isEmpty(); d++) {
      List<Cell> next = new ArrayList<>();
      for (Cell cell : front) {
        for (int[] move : MOVES) {
          Cell neighbour = new Cell(cell.i + move[0], cell.j + move[1]);
          if (!isWall(neighbour.i, neighbour.j) && distance[neighbour.i][neighbour.j] < 0) {
            distance[neighbour.i][neighbour.j] = d;
            next.add(neighbour);
          }
        }
      }
      front = next;
    }
    return distance;
  }
}
