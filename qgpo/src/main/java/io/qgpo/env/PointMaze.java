package io.qgpo.env;

import io.qgpo.data.ActionBounds;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A point mass that is to reach a goal through a maze: at each of two junctions there is a short
 * way round a wall, a long one, and a pit straight ahead.
 *
 * <p>Made for learning from logged data of mixed skill: at both junctions the data go either way,
 * so the mean of the data's actions points into the pit between the ways. One step covers up to a
 * cell, so that the way is chosen by a single action, from a state that does not yet tell which way
 * it will be: a policy that can only give the mean (cloning by squared error) falls into the pit. A
 * policy that copies the mixture earns what the data earn; one that knows the value of each way
 * earns more.
 *
 * <p>Observation [4]: x, y, vx, vy, in units (the edge of a cell) and units per second. Action [2]:
 * force, each component clipped to [-1, 1], the whole shortened to length 1 where longer. Dynamics,
 * 0.5 s a step: v' = 0.2 v + 1.6 a (full force leads to speed 2), x' = x + 0.5 v'; walls stop the
 * component of the motion towards them. Reward of a step: 0.8 per unit that the straight distance
 * to the goal shrinks, less 0.25 for the time, plus 10 on reaching the goal. The episode terminates
 * at the goal or in a pit, and is truncated after {@value #MAX_STEPS} steps. The best return is
 * about 15.
 */
public final class PointMaze implements Drawable {
  /** Step limit; the slowest controller of the data needs about 35. */
  public static final int MAX_STEPS = 50;

  /** Price of a step: makes a long way worth clearly less than a short one. */
  static final double STEP_COST = 0.25;

  /** Reward per unit of progress: part of the reward is dense, so values are learnt quickly. */
  static final double PROGRESS_REWARD = 0.8;

  static final double GOAL_REWARD = 10;

  /** Seconds per step. */
  static final double DT = 0.5;

  /**
   * Part of the velocity that survives a step. So little, that the first step already covers most
   * of a cell: at 0.5 it covers half of one, and a squared-error clone slowly drifts out of the
   * pit's way (it reached the goal in up to 40 of 50 episodes).
   */
  static final double DAMPING = 0.2;

  /** Speed that full force leads to: v = DAMPING v + (1 - DAMPING) MAX_SPEED; one cell per step. */
  static final double MAX_SPEED = 2;

  /** Distance from the goal's centre at which it counts as reached: one cell. */
  static final double GOAL_RADIUS = 1;

  /** A wall stops the point this far from its face, so that the point's cell is never a wall. */
  private static final double SKIN = 1e-6;

  /** The point, made visible. */
  private static final double DRAWN_RADIUS = 0.2;

  static final Maze MAZE =
      new Maze(
          1,
          List.of(
              "###############",
              "#......#......#",
              "#......#......#",
              "#......#..#...#",
              "#......#..#...#",
              "#......#..#...#",
              "#..o##...o##..#",
              "#SSo##...o##.G#",
              "#..o##...o##..#",
              "#....#.#......#",
              "#....#.#......#",
              "#....#.#......#",
              "#......#......#",
              "#......#......#",
              "###############"));

  static final double GOAL_X = MAZE.x(13.5);
  static final double GOAL_Y = MAZE.y(7.5);

  private double x;
  private double y;
  private double vx;
  private double vy;
  private int steps = -1;

  @Override
  public int observationSize() {
    return 4;
  }

  @Override
  public int actionSize() {
    return 2;
  }

  @Override
  public int maxSteps() {
    return MAX_STEPS;
  }

  @Override
  public ActionBounds actionBounds() {
    return ActionBounds.unit(2);
  }

  /** Starts at rest at a random point of the start cells. */
  @Override
  public float[] reset(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    x = MAZE.x(1.3 + 0.6 * random.nextDouble());
    y = MAZE.y(7.2 + 0.6 * random.nextDouble());
    vx = 0;
    vy = 0;
    steps = 0;
    return observation();
  }

  @Override
  public double stepSeconds() {
    return DT;
  }

  @Override
  public Drawing drawing() {
    return new MazeDrawing(
        MAZE.rows(), inCells(GOAL_X, GOAL_Y, GOAL_RADIUS, MazeDrawing.GOAL), this::mover);
  }

  private List<Capsule> mover() {
    return List.of(inCells(x, y, DRAWN_RADIUS, MazeDrawing.MOVER));
  }

  private static Capsule inCells(double x, double y, double radius, Color color) {
    return Capsule.disc(MAZE.columns(x), MAZE.rowsDown(y), radius / MAZE.cell(), color);
  }

  private float[] observation() {
    return new float[] {(float) x, (float) y, (float) vx, (float) vy};
  }

  @Override
  public Step step(float[] action) {
    if (steps < 0) {
      throw new IllegalStateException("point maze: no episode is running; call reset first");
    }
    if (action.length != 2 || !Float.isFinite(action[0]) || !Float.isFinite(action[1])) {
      throw new IllegalArgumentException(
          "point maze: expected an action of 2 finite numbers, found " + Arrays.toString(action));
    }
    double ax = Math.clamp(action[0], -1, 1);
    double ay = Math.clamp(action[1], -1, 1);
    double length = Math.sqrt(ax * ax + ay * ay);
    double force = (1 - DAMPING) * MAX_SPEED / Math.max(1, length);
    vx = DAMPING * vx + force * ax;
    vy = DAMPING * vy + force * ay;
    double before = distanceToGoal();
    moveX(x + DT * vx);
    moveY(y + DT * vy);
    steps++;
    double after = distanceToGoal();
    boolean reached = after < GOAL_RADIUS;
    boolean terminated = reached || MAZE.at(x, y) == 'o';
    boolean truncated = !terminated && steps >= MAX_STEPS;
    double reward = PROGRESS_REWARD * (before - after) - STEP_COST + (reached ? GOAL_REWARD : 0);
    if (terminated || truncated) {
      steps = -1;
    }
    return new Step(observation(), reward, terminated, truncated);
  }

  private double distanceToGoal() {
    double dx = GOAL_X - x;
    double dy = GOAL_Y - y;
    return Math.sqrt(dx * dx + dy * dy);
  }

  /** A step is at most one cell, so the cell that holds the target is the only one to test. */
  private void moveX(double target) {
    if (MAZE.isWall(target, y)) {
      int column = MAZE.column(target);
      x = target > x ? MAZE.x(column) - SKIN : MAZE.x(column + 1) + SKIN;
      vx = 0;
    } else {
      x = target;
    }
  }

  private void moveY(double target) {
    if (MAZE.isWall(x, target)) {
      int row = MAZE.row(target);
      y = target > y ? MAZE.y(row + 1) - SKIN : MAZE.y(row) + SKIN;
      vy = 0;
    } else {
      y = target;
    }
  }
}
