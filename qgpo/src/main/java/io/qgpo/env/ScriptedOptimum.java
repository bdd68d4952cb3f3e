package io.qgpo.env;

/**
 * The best way through the point maze, by hand: full force towards the farthest way point that can
 * be seen, along the short way at both junctions. A yardstick for learnt policies; it knows the
 * maze.
 */
public final class ScriptedOptimum implements Policy {
  /** Way points in columns and rows of the drawing, around the corners with room to drift. */
  private static final double[][] WAY = {
    {2.8, 5.5}, {6.2, 5.5}, {6.5, 6.2}, {7.2, 6.9}, {8.6, 9.4}, {12.2, 9.4}, {13.5, 7.5}
  };

  /** Points tested along a line of sight; the longest is 6 cells. */
  private static final int SIGHT_POINTS = 200;

  private final Maze maze = PointMaze.MAZE;

  @Override
  public void act(float[] observations, int count, float[] actions) {
    for (int i = 0; i < count; i++) {
      double x = observations[4 * i];
      double y = observations[4 * i + 1];
      int target = WAY.length - 1;
      while (target > 0 && !sees(x, y, target)) {
        target--;
      }
      double dx = maze.x(WAY[target][0]) - x;
      double dy = maze.y(WAY[target][1]) - y;
      double distance = Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
      actions[2 * i] = (float) (dx / distance);
      actions[2 * i + 1] = (float) (dy / distance);
    }
  }

  private boolean sees(double x, double y, int target) {
    double dx = maze.x(WAY[target][0]) - x;
    double dy = maze.y(WAY[target][1]) - y;
    for (int k = 1; k <= SIGHT_POINTS; k++) {
      double part = (double) k / SIGHT_POINTS;
      char there = maze.at(x + part * dx, y + part * dy);
      if (there == '#' || there == 'o') {
        return false;
      }
    }
    return true;
  }
}
