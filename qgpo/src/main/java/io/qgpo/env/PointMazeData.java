package io.qgpo.env;

import io.qgpo.data.Dataset;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.Sha256;
import io.qgpo.data.Source;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Logged data for the point maze, from controllers of mixed skill. Each episode picks at random and
 * independently its way at both junctions (15 % head for the pit, the others take the short or the
 * long way equally often), its force and its noise. The data earn about 0.64 of the scripted
 * optimum.
 */
public final class PointMazeData {
  /** Enough for some 1000 episodes, of which every fifth takes both short ways. */
  public static final int DEFAULT_ROWS = 20_000;

  private static final double PIT_SHARE = 0.15;
  private static final double LEAST_FORCE = 0.85;
  private static final double LEAST_NOISE = 0.05;
  private static final double MOST_NOISE = 0.2;

  private final SplittableRandom random;
  private final PointMaze maze = new PointMaze();
  private float[] observations = new float[0];
  private float[] actions = new float[0];
  private float[] rewards = new float[0];
  private boolean[] terminals = new boolean[0];
  private boolean[] timeouts = new boolean[0];
  private int rows;

  private PointMazeData(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Whole episodes with at least so many rows in all.
   *
   * @param leastRows at least 2
   * @param seed decides everything: the same seed gives the same data, bit by bit
   */
  public static Dataset generate(int leastRows, long seed) {
    if (leastRows < 2) {
      throw new IllegalArgumentException(
          "point maze data: expected at least 2 rows, found " + leastRows);
    }
    PointMazeData data = new PointMazeData(seed);
    while (data.rows < leastRows) {
      data.addEpisode();
    }
    return data.dataset("pointmaze (seed " + seed + ")");
  }

  private void addEpisode() {
    Route first = pick(Route.FIRST_PIT, Route.FIRST_SHORT, Route.FIRST_LONG);
    Route second = pick(Route.SECOND_PIT, Route.SECOND_SHORT, Route.SECOND_LONG);
    double force = uniform(LEAST_FORCE, 1);
    double noise = uniform(LEAST_NOISE, MOST_NOISE);
    Controller controller =
        new Controller(first.then(second), force, noise, new SplittableRandom(random.nextLong()));
    float[] observation = maze.reset(random.nextLong());
    Environment.Step step;
    do {
      float[] action = controller.act(observation);
      step = maze.step(action);
      addRow(observation, action, step);
      observation = step.observation();
    } while (!step.done());
  }

  private Route pick(Route pit, Route shortWay, Route longWay) {
    boolean intoPit = random.nextDouble() < PIT_SHARE;
    boolean takeShort = random.nextBoolean();
    return intoPit ? pit : takeShort ? shortWay : longWay;
  }

  private double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  private void addRow(float[] observation, float[] action, Environment.Step step) {
    if (rows == rewards.length) {
      int capacity = Math.max(1024, 2 * rows);
      observations = Arrays.copyOf(observations, 4 * capacity);
      actions = Arrays.copyOf(actions, 2 * capacity);
      rewards = Arrays.copyOf(rewards, capacity);
      terminals = Arrays.copyOf(terminals, capacity);
      timeouts = Arrays.copyOf(timeouts, capacity);
    }
    System.arraycopy(observation, 0, observations, 4 * rows, 4);
    System.arraycopy(action, 0, actions, 2 * rows, 2);
    rewards[rows] = (float) step.reward();
    terminals[rows] = step.terminated();
    timeouts[rows] = step.truncated();
    rows++;
  }

  private Dataset dataset(String name) {
    float[] o = Arrays.copyOf(observations, 4 * rows);
    float[] a = Arrays.copyOf(actions, 2 * rows);
    float[] r = Arrays.copyOf(rewards, rows);
    boolean[] terminal = Arrays.copyOf(terminals, rows);
    boolean[] timeout = Arrays.copyOf(timeouts, rows);
    String hash = new Sha256().add(o).add(a).add(r).add(terminal).add(timeout).hex();
    Source source = new Source(name, hash, true);
    return Dataset.of(LoggedRows.of(source, 4, 2, o, a, r, terminal, timeout), PointMaze.MAX_STEPS);
  }
}
