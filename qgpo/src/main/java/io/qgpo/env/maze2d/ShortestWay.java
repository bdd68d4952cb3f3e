package io.qgpo.env.maze2d;

import io.qgpo.env.Policy;
import java.util.List;

/**
 * The way to the goal, by hand: towards the farthest cell of a shortest way that the ball could
 * roll to straight on, by the force with which {@link WaypointController} heads for the next one.
 * It knows the maze; a yardstick for learnt policies. Scores: 159, 184 and 234.
 */
final class ShortestWay implements Policy {
  /** From a cell's name to the middle of its free space. */
  private static final double MIDDLE = Grid.ORIGIN - 1;

  /**
   * Nearer to a wall than this the ball could not roll past; less than its radius, as it may lean.
   */
  private static final double CLEARANCE = 0.09;

  /** Distance between points tested along a line. */
  private static final double SIGHT_STEP = 0.05;

  private final Grid grid;

  ShortestWay(Grid grid) {
    this.grid = grid;
  }

  @Override
  public void act(float[] observations, int count, float[] actions) {
    for (int row = 0; row < count; row++) {
      double x = observations[4 * row];
      double y = observations[4 * row + 1];
      double[] point = farthest(x, y);
      actions[2 * row] = component(point[0] - x, observations[4 * row + 2]);
      actions[2 * row + 1] = component(point[1] - y, observations[4 * row + 3]);
    }
  }

  private static float component(double distance, double velocity) {
    return (float) Math.clamp(WaypointController.force(distance, velocity), -1, 1);
  }

  private double[] farthest(double x, double y) {
    Grid.Cell goal = grid.goal();
    List<Grid.Cell> way = grid.way(new Grid.Cell(Grid.index(x), Grid.index(y)), goal);
    for (int k = way.size() - 1; k > 0; k--) {
      double[] point = point(way.get(k));
      if (isClear(x, y, point)) {
        return point;
      }
    }
    return point(way.getFirst());
  }

  private double[] point(Grid.Cell cell) {
    double shift = cell.equals(grid.goal()) ? 0 : MIDDLE;
    return new double[] {cell.i() - shift, cell.j() - shift};
  }

  private boolean isClear(double x, double y, double[] point) {
    double dx = point[0] - x;
    double dy = point[1] - y;
    int tests = 1 + (int) (Math.sqrt(dx * dx + dy * dy) / SIGHT_STEP);
    for (int k = 0; k <= tests; k++) {
      double px = x + dx * k / tests;
      double py = y + dy * k / tests;
      for (int corner = 0; corner < 4; corner++) {
        double cornerX = px + ((corner & 1) == 0 ? CLEARANCE : -CLEARANCE);
        double cornerY = py + ((corner & 2) == 0 ? CLEARANCE : -CLEARANCE);
        if (grid.isWall(Grid.index(cornerX), Grid.index(cornerY))) {
          return false;
        }
      }
    }
    return true;
  }
}
