package io.qgpo.env;

import java.util.ArrayList;
import java.util.List;

/**
 * A way through one half of the point maze, as points to head for one after the other.
 *
 * @param points x and y of each point
 */
record Route(List<double[]> points) {

  /**
   * The ways from the start to the gate. Short and long leave the start as mirror images, so that
   * their mean action points straight at the pit.
   */
  static final Route FIRST_SHORT = of(3.2, 5.2, 6.3, 5.2, 7.5, 7.5);

  static final Route FIRST_LONG = of(3.2, 9.8, 4.3, 12.6, 6.5, 12.6, 6.5, 8.8, 7.5, 7.5);
  static final Route FIRST_PIT = of(3.5, 7.5);

  /** The ways from the gate to the goal, turned by 180 degrees: here the short way is below. */
  static final Route SECOND_SHORT = of(9.2, 9.8, 12.3, 9.8, 13.5, 7.5);

  static final Route SECOND_LONG = of(9.2, 5.2, 9.4, 2.4, 11.6, 2.4, 13.5, 7.5);
  static final Route SECOND_PIT = of(9.5, 7.5);

  /** A route given in columns and rows of the drawing. */
  private static Route of(double... columnsAndRows) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < columnsAndRows.length; i += 2) {
      double x = PointMaze.MAZE.x(columnsAndRows[i]);
      double y = PointMaze.MAZE.y(columnsAndRows[i + 1]);
      points.add(new double[] {x, y});
    }
    return new Route(List.copyOf(points));
  }

  /** This route and then another. */
  Route then(Route next) {
    List<double[]> all = new ArrayList<>(points);
    all.addAll(next.points);
    return new Route(List.copyOf(all));
  }
}
