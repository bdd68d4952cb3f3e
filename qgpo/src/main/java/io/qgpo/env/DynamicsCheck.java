package io.qgpo.env;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import java.util.Optional;

/**
 * Whether an environment is the one that data were recorded in: sets it to each recorded state,
 * takes the recorded action, and compares what follows with what was recorded. Single steps,
 * because whole trajectories diverge chaotically from the last digit of a state.
 */
public final class DynamicsCheck {
  /** The recorded positions and velocities. */
  public static final String POSITIONS = "infos/qpos";

  /** See {@link #POSITIONS}. */
  public static final String VELOCITIES = "infos/qvel";

  /** Where the goal was, x and y, for environments in which it moves. */
  public static final String GOALS = "infos/goal";

  /**
   * What was found.
   *
   * @param steps steps taken
   * @param observation errors of the next observation, the largest component of each step's; rows
   *     that end an episode have none
   * @param reward errors of the reward; none where the goal moves and the data do not say where it
   *     was
   * @param wrongEnds steps after which one of data and environment ended the episode for good; as
   *     many as there are errors of the reward were compared
   */
  public record Result(int steps, Errors observation, Errors reward, int wrongEnds) {}

  /** Absolute differences, collected. */
  public static final class Errors {
    private long count;
    private double sum;
    private double largest;
    private int worstRow = -1;
    private long aboveMillionth;
    private long aboveThousandth;

    private void add(int row, double error) {
      count++;
      sum += error;
      aboveMillionth += error > 1e-6 ? 1 : 0;
      aboveThousandth += error > 1e-3 ? 1 : 0;
      if (worstRow < 0 || error > largest) {
        largest = error;
        worstRow = row;
      }
    }

    /** How many were compared. */
    public long count() {
      return count;
    }

    /** Their mean; 0 for none. */
    public double mean() {
      return count == 0 ? 0 : sum / count;
    }

    /** The largest. */
    public double largest() {
      return largest;
    }

    /** The row of the largest; -1 for none. */
    public int worstRow() {
      return worstRow;
    }

    /** How many exceed 1e-6. */
    public long aboveMillionth() {
      return aboveMillionth;
    }

    /** How many exceed 1e-3. */
    public long aboveThousandth() {
      return aboveThousandth;
    }
  }

  private final LoggedRows rows;
  private final RowArray positions;
  private final RowArray velocities;
  private final Optional<RowArray> goals;

  /**
   * A check of these rows.
   *
   * @param rows read with what was recorded along with them
   * @throws DataException if {@code infos/qpos} or {@code infos/qvel} is missing or not finite
   */
  public DynamicsCheck(LoggedRows rows) {
    this.rows = rows;
    positions = require(rows, POSITIONS);
    velocities = require(rows, VELOCITIES);
    goals = rows.extra(GOALS);
    goals.ifPresent(array -> requireFinite(rows, GOALS, array));
  }

  private static RowArray require(LoggedRows rows, String key) {
    RowArray array =
        rows.extra(key)
            .orElseThrow(
                () ->
                    DataException.ofKey(
                        rows.source().name(),
                        key,
                        "the simulator's state at each row",
                        "no such key"));
    requireFinite(rows, key, array);
    return array;
  }

  private static void requireFinite(LoggedRows rows, String key, RowArray array) {
    for (int row = 0; row < array.rows(); row++) {
      for (int c = 0; c < array.columns(); c++) {
        if (!Double.isFinite(array.at(row, c))) {
          throw DataException.ofRow(
              rows.source().name(),
              key,
              row,
              "finite numbers",
              array.at(row, c) + " in column " + c);
        }
      }
    }
  }

  /**
   * Replays steps, spread evenly over the rows.
   *
   * @param environment the one to check; left in the middle of an episode
   * @param steps at most; all rows but the last if there are no more
   * @throws DataException if its states, observations or actions are of another size
   */
  public Result run(PhysicalEnvironment environment, int steps) {
    requireFits(environment);
    boolean[] timeouts = rows.timeouts(environment.maxSteps());
    int all = rows.size() - 1;
    int count = Math.min(steps, all);
    var observation = new Errors();
    var reward = new Errors();
    int wrongEnds = 0;
    for (int k = 0; k < count; k++) {
      int row = (int) ((long) k * all / count);
      environment.reset(state(positions, row), state(velocities, row));
      boolean goalIsKnown = placeGoal(environment, row);
      Environment.Step step = environment.step(action(row));
      if (goalIsKnown) {
        reward.add(row, Math.abs(step.reward() - rows.reward(row)));
        wrongEnds += step.terminated() == rows.terminal(row) ? 0 : 1;
      }
      if (!rows.terminal(row) && !timeouts[row]) {
        observation.add(row, largestDifference(step.observation(), row + 1));
      }
    }
    return new Result(count, observation, reward, wrongEnds);
  }

  /** Whether the goal, if it moves, is where it was. */
  private boolean placeGoal(PhysicalEnvironment environment, int row) {
    if (environment instanceof GoalEnvironment maze) {
      goals.ifPresent(goal -> maze.setGoal(goal.at(row, 0), goal.at(row, 1)));
      return goals.isPresent();
    }
    return true;
  }

  private void requireFits(PhysicalEnvironment environment) {
    environment.reset(0);
    if (environment instanceof GoalEnvironment && goals.isPresent()) {
      requireSize(GOALS, goals.get().columns(), 2);
    }
    requireSize("observations", rows.observationSize(), environment.observationSize());
    requireSize("actions", rows.actionSize(), environment.actionSize());
    requireSize(POSITIONS, positions.columns(), environment.positions().length);
    requireSize(VELOCITIES, velocities.columns(), environment.velocities().length);
  }

  private void requireSize(String key, int found, int expected) {
    if (found != expected) {
      throw DataException.ofKey(
          rows.source().name(),
          key,
          expected + " columns, as the environment has",
          found + " columns");
    }
  }

  private static double[] state(RowArray array, int row) {
    double[] state = new double[array.columns()];
    for (int c = 0; c < state.length; c++) {
      state[c] = array.at(row, c);
    }
    return state;
  }

  private float[] action(int row) {
    float[] action = new float[rows.actionSize()];
    for (int c = 0; c < action.length; c++) {
      action[c] = rows.action(row, c);
    }
    return action;
  }

  private double largestDifference(float[] observation, int row) {
    double largest = 0;
    for (int c = 0; c < observation.length; c++) {
      largest = Math.max(largest, Math.abs((double) observation[c] - rows.observation(row, c)));
    }
    return largest;
  }
}
