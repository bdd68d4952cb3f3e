package io.qgpo.env.maze2d;

import io.qgpo.data.Dataset;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.data.Sha256;
import io.qgpo.data.Source;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Data for maze2d, made as D4RL's are ({@code scripts/generation/generate_maze2d_datasets.py}): the
 * ball wanders without end from one random cell to the next, driven by {@link WaypointController}
 * with noise. Where it is going has nothing to do with the evaluation's goal, which only the
 * rewards know.
 *
 * <p>As in D4RL there are no terminals, and a timeout marks where the ball had reached its cell, or
 * had been on its way for as long as an episode may last, and chose another. Unlike D4RL's, whose
 * rewards are one row late, a row's reward is what the environment pays for its action.
 */
public final class Maze2dData {
  /**
   * Standard deviation of what is added to each component of an action: that of D4RL's script with
   * {@code --noisy}. In the U-shaped maze a cell is then reached in 92 steps (85 without); D4RL's
   * file has a timeout every 80 rows, one in seven of which is for a cell already reached.
   */
  private static final double NOISE = 0.5;

  private Maze2dData() {}

  /**
   * Data ready for training.
   *
   * @param maze where
   * @param rows at least 2
   * @param seed decides everything: the same seed gives the same data, bit by bit
   */
  public static Dataset generate(Maze2d maze, int rows, long seed) {
    return Dataset.of(rows(maze, rows, seed), maze.maxSteps());
  }

  /**
   * The rows as they would be in D4RL's file, with {@code infos/goal}, {@code infos/qpos} and
   * {@code infos/qvel}: the cell that the ball was heading for, and its state.
   *
   * @param maze where
   * @param rows at least 2
   * @param seed decides everything: the same seed gives the same data, bit by bit
   */
  public static LoggedRows rows(Maze2d maze, int rows, long seed) {
    if (rows < 2) {
      throw new IllegalArgumentException(
          maze.label() + " data: expected at least 2 rows, found " + rows);
    }
    return new Recording(maze, rows, new SplittableRandom(seed))
        .run(maze.label() + " (seed " + seed + ")");
  }

  /** The rows while they are made. */
  private static final class Recording {
    private final Maze2d maze;
    private final int rows;
    private final SplittableRandom random;
    private final Ball ball;
    private final WaypointController controller;
    private final float[] observations;
    private final float[] actions;
    private final float[] rewards;
    private final boolean[] timeouts;
    private final float[] goals;
    private final double[] qpos;
    private final double[] qvel;
    private Grid.Cell goal;

    Recording(Maze2d maze, int rows, SplittableRandom random) {
      this.maze = maze;
      this.rows = rows;
      this.random = random;
      ball = new Ball(maze.grid());
      controller = new WaypointController(maze.grid(), random);
      observations = new float[Math.multiplyExact(4, rows)];
      actions = new float[2 * rows];
      rewards = new float[rows];
      timeouts = new boolean[rows];
      goals = new float[2 * rows];
      qpos = new double[2 * rows];
      qvel = new double[2 * rows];
    }

    LoggedRows run(String name) {
      Maze2dEnvironment.place(maze, ball, random);
      chooseGoal();
      int steps = 0;
      double[] wanted = new double[2];
      float[] action = new float[2];
      for (int row = 0; row < rows; row++) {
        steps++;
        timeouts[row] = controller.hasArrived(ball) || steps == maze.maxSteps();
        controller.act(ball, wanted);
        for (int c = 0; c < 2; c++) {
          double noisy = Math.clamp(wanted[c], -1, 1) + NOISE * Normal.next(random);
          action[c] = (float) Math.clamp(noisy, -1, 1);
        }
        record(row, action);
        Maze2dEnvironment.advance(ball, action);
        rewards[row] = (float) maze.reward(ball.x, ball.y);
        if (timeouts[row]) {
          chooseGoal();
          steps = 0;
        }
      }
      boolean[] terminals = new boolean[rows];
      Sha256 hash =
          new Sha256().add(observations).add(actions).add(rewards).add(terminals).add(timeouts);
      Source source = new Source(name, hash.hex(), true);
      return LoggedRows.wrap(source, 4, 2, observations, actions, rewards, terminals, timeouts)
          .with(
              Map.of(
                  "infos/goal", RowArray.matrix(2, goals),
                  "infos/qpos", RowArray.matrix(2, qpos),
                  "infos/qvel", RowArray.matrix(2, qvel)),
              List.of());
    }

    /** Any cell but the one that the ball is heading for. */
    private void chooseGoal() {
      List<Grid.Cell> free = maze.grid().free();
      Grid.Cell last = goal;
      do {
        goal = free.get(random.nextInt(free.size()));
      } while (goal.equals(last));
      controller.headFor(ball, goal);
    }

    private void record(int row, float[] action) {
      double[] state = {ball.x, ball.y, ball.vx, ball.vy};
      for (int c = 0; c < 4; c++) {
        observations[4 * row + c] = (float) state[c];
      }
      System.arraycopy(action, 0, actions, 2 * row, 2);
      System.arraycopy(state, 0, qpos, 2 * row, 2);
      System.arraycopy(state, 2, qvel, 2 * row, 2);
      goals[2 * row] = goal.i();
      goals[2 * row + 1] = goal.j();
    }
  }
}
