package io.qgpo.env.maze2d;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Drives the ball from cell to cell along a shortest way, as D4RL's data were made ({@code
 * d4rl/pointmaze/waypoint_controller.py}): towards the next way point by a force of 10 times the
 * distance less the velocity, each component clipped to [-1, 1].
 */
final class WaypointController {
  private static final double GAIN = 10;
  private static final double DAMPING = 1;

  /** Distance at which a way point or the goal counts as reached. */
  private static final double REACHED = 0.1;

  /** Way points lie up to this much below the cell's name, towards its middle at -0.2. */
  private static final double SPREAD = 0.2;

  private final Grid grid;
  private final SplittableRandom random;
  private List<double[]> points = List.of();
  private int next;

  /**
   * @param random chooses the way points
   */
  WaypointController(Grid grid, SplittableRandom random) {
    this.grid = grid;
    this.random = random;
  }

  /** Plans a way from where the ball is. */
  void headFor(Ball ball, Grid.Cell goal) {
    List<Grid.Cell> way = grid.way(new Grid.Cell(Grid.index(ball.x), Grid.index(ball.y)), goal);
    points = new ArrayList<>();
    for (Grid.Cell cell : way.subList(0, way.size() - 1)) {
      points.add(
          new double[] {
            cell.i() - SPREAD * random.nextDouble(), cell.j() - SPREAD * random.nextDouble()
          });
    }
    points.add(new double[] {goal.i(), goal.j()});
    next = 0;
  }

  /** Whether the ball is at the goal. */
  boolean hasArrived(Ball ball) {
    return distance(ball, points.getLast()) < REACHED;
  }

  /** Writes the next action, before it is clipped: as far as it is beyond [-1, 1], it is urgent. */
  void act(Ball ball, double[] action) {
    if (next < points.size() - 1 && distance(ball, points.get(next)) < REACHED) {
      next++;
    }
    double[] point = points.get(next);
    action[0] = force(point[0] - ball.x, ball.vx);
    action[1] = force(point[1] - ball.y, ball.vy);
  }

  /** What is to be done about a distance, along one axis. */
  static double force(double distance, double velocity) {
    return GAIN * distance - DAMPING * velocity;
  }

  private static double distance(Ball ball, double[] point) {
    double dx = point[0] - ball.x;
    double dy = point[1] - ball.y;
    return Math.sqrt(dx * dx + dy * dy);
  }
}
