package io.qgpo.env;

import java.util.List;

/**
 * A maze of square cells drawn with characters: '#' wall, 'o' pit, 'S' start, 'G' goal, anything
 * else free. Coordinates: x to the right, y up, the origin in the middle of the drawing.
 */
final class Maze {
  private final List<String> rows;
  private final double cell;
  private final double width;
  private final double height;

  /**
   * @param cell edge of a cell
   * @param rows the drawing, top row first, all of one length
   */
  Maze(double cell, List<String> rows) {
    this.rows = rows;
    this.cell = cell;
    width = cell * rows.getFirst().length();
    height = cell * rows.size();
  }

  /** The character at a point; wall outside the drawing. */
  char at(double x, double y) {
    int column = column(x);
    int row = row(y);
    boolean inside =
        row >= 0 && row < rows.size() && column >= 0 && column < rows.getFirst().length();
    return inside ? rows.get(row).charAt(column) : '#';
  }

  boolean isWall(double x, double y) {
    return at(x, y) == '#';
  }

  /** Column of the cell that holds x. */
  int column(double x) {
    return (int) Math.floor(columns(x));
  }

  /** x in columns: the reverse of {@link #x}. */
  double columns(double x) {
    return (x + width / 2) / cell;
  }

  /** Row, from the top, of the cell that holds y. */
  int row(double y) {
    return (int) Math.floor(rowsDown(y));
  }

  /** y in rows from the top: the reverse of {@link #y}. */
  double rowsDown(double y) {
    return (height / 2 - y) / cell;
  }

  /** x of a point given in columns: 2.5 is the middle of column 2. */
  double x(double columns) {
    return columns * cell - width / 2;
  }

  /** y of a point given in rows from the top: 2.5 is the middle of row 2. */
  double y(double rowsDown) {
    return height / 2 - rowsDown * cell;
  }

  /** The drawing, top row first. */
  List<String> rows() {
    return rows;
  }

  int columnCount() {
    return rows.getFirst().length();
  }

  int rowCount() {
    return rows.size();
  }

  /** Edge of a cell. */
  double cell() {
    return cell;
  }
}
