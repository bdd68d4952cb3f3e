package io.qgpo.env.maze2d;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Capsule;
import io.qgpo.env.Drawable;
import io.qgpo.env.Drawing;
import io.qgpo.env.MazeDrawing;
import io.qgpo.env.PhysicalEnvironment;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A ball that is to reach a place in a maze and stay there. Observation [4]: x, y, vx, vy, in
 * metres and metres per second, as in {@link Grid}. Action [2]: force along x and y, clipped to
 * [-1, 1]. Before a step each velocity is limited to +-5. Reward 1 for a step that ends within 0.5
 * of the goal, else 0. An episode starts near the middle of any free cell, nearly at rest, and only
 * ends by its limit.
 */
final class Maze2dEnvironment implements PhysicalEnvironment, Drawable {
  /** Components of the starting position differ from the cell's by less than this. */
  private static final double POSITION_NOISE = 0.1;

  private static final double VELOCITY_NOISE = 0.1;
  private static final double MAX_VELOCITY = 5;

  private final Maze2d maze;
  private final Ball ball;

  /** Steps of the running episode; -1 for none. */
  private int steps = -1;

  Maze2dEnvironment(Maze2d maze) {
    this.maze = maze;
    ball = new Ball(maze.grid());
  }

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
    return maze.maxSteps();
  }

  @Override
  public ActionBounds actionBounds() {
    return ActionBounds.unit(2);
  }

  @Override
  public float[] reset(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    place(maze, ball, random);
    steps = 0;
    return observation();
  }

  /** Puts the ball where episodes start. */
  static void place(Maze2d maze, Ball ball, SplittableRandom random) {
    var free = maze.grid().free();
    Grid.Cell cell = free.get(random.nextInt(free.size()));
    ball.x = cell.i() + random.nextDouble(-POSITION_NOISE, POSITION_NOISE);
    ball.y = cell.j() + random.nextDouble(-POSITION_NOISE, POSITION_NOISE);
    ball.vx = VELOCITY_NOISE * Normal.next(random);
    ball.vy = VELOCITY_NOISE * Normal.next(random);
  }

  @Override
  public float[] reset(double[] positions, double[] velocities) {
    require("positions", positions);
    require("velocities", velocities);
    ball.x = positions[0];
    ball.y = positions[1];
    ball.vx = velocities[0];
    ball.vy = velocities[1];
    steps = 0;
    return observation();
  }

  private void require(String what, double[] values) {
    if (values.length != 2 || !Double.isFinite(values[0]) || !Double.isFinite(values[1])) {
      throw new IllegalArgumentException(
          "%s: expected 2 finite %s, found %s"
              .formatted(maze.label(), what, Arrays.toString(values)));
    }
  }

  @Override
  public Step step(float[] action) {
    if (steps < 0) {
      throw new IllegalStateException(maze.label() + ": no episode is running; call reset first");
    }
    if (action.length != 2 || !Float.isFinite(action[0]) || !Float.isFinite(action[1])) {
      throw new IllegalArgumentException(
          "%s: expected an action of 2 finite numbers, found %s"
              .formatted(maze.label(), Arrays.toString(action)));
    }
    advance(ball, action);
    steps++;
    boolean truncated = steps >= maze.maxSteps();
    if (truncated) {
      steps = -1;
    }
    return new Step(observation(), maze.reward(ball.x, ball.y), false, truncated);
  }

  /** One step of the ball under D4RL's limits of action and velocity. */
  static void advance(Ball ball, float[] action) {
    ball.vx = Math.clamp(ball.vx, -MAX_VELOCITY, MAX_VELOCITY);
    ball.vy = Math.clamp(ball.vy, -MAX_VELOCITY, MAX_VELOCITY);
    ball.step(Math.clamp(action[0], -1, 1), Math.clamp(action[1], -1, 1));
  }

  @Override
  public double stepSeconds() {
    return Ball.TIMESTEP;
  }

  @Override
  public Drawing drawing() {
    Grid.Cell goal = maze.grid().goal();
    return new MazeDrawing(
        maze.grid().lines(),
        inCells(goal.i(), goal.j(), Maze2d.GOAL_RADIUS, MazeDrawing.GOAL),
        () -> List.of(inCells(ball.x, ball.y, Ball.RADIUS, MazeDrawing.MOVER)));
  }

  /** D4RL's x counts lines: it goes down, and y to the right. */
  private static Capsule inCells(double x, double y, double radius, Color color) {
    return Capsule.disc(Grid.cells(y), Grid.cells(x), radius, color);
  }

  private float[] observation() {
    return new float[] {(float) ball.x, (float) ball.y, (float) ball.vx, (float) ball.vy};
  }

  @Override
  public double[] positions() {
    return new double[] {ball.x, ball.y};
  }

  @Override
  public double[] velocities() {
    return new double[] {ball.vx, ball.vy};
  }
}
