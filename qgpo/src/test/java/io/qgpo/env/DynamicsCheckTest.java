package io.qgpo.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.data.Source;
import io.qgpo.env.antmaze.AntMaze;
import io.qgpo.env.locomotion.Inertia;
import io.qgpo.env.locomotion.Locomotion;
import io.qgpo.env.locomotion.Rules;
import io.qgpo.env.maze2d.Maze2d;
import io.qgpo.env.maze2d.Maze2dData;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DynamicsCheckTest {
  /** Float32 observations of positions up to 4 and velocities up to 5: half a unit is 2.4e-7. */
  private static final double FLOAT32_ERROR = 5e-7;

  @Test
  void anEnvironmentAgreesWithItsOwnRecording() {
    LoggedRows rows = Maze2dData.rows(Maze2d.UMAZE, 500, 4);
    try (PhysicalEnvironment maze = Maze2d.UMAZE.environment()) {
      DynamicsCheck.Result result = new DynamicsCheck(rows).run(maze, Integer.MAX_VALUE);
      assertEquals(499, result.steps());
      assertTrue(result.observation().largest() < FLOAT32_ERROR, "" + result);
      assertEquals(0, result.observation().aboveMillionth());
      assertEquals(499, result.reward().count());
      assertEquals(0, result.reward().largest());
      assertEquals(0, result.wrongEnds());
      assertEquals(10, new DynamicsCheck(rows).run(maze, 10).steps());
    }
  }

  @Test
  void whatDoesNotFitIsFound() {
    LoggedRows rows = Maze2dData.rows(Maze2d.UMAZE, 50, 4);
    float[] observations = new float[50 * 4];
    float[] actions = new float[50 * 2];
    float[] rewards = new float[50];
    boolean[] terminals = new boolean[50];
    boolean[] timeouts = new boolean[50];
    for (int row = 0; row < 50; row++) {
      for (int c = 0; c < 4; c++) {
        observations[4 * row + c] = rows.observation(row, c);
      }
      actions[2 * row] = rows.action(row, 0);
      actions[2 * row + 1] = rows.action(row, 1);
      rewards[row] = rows.reward(row);
      timeouts[row] = rows.timeout(row);
    }
    timeouts[29] = false;
    observations[4 * 30] += 0.25f;
    rewards[7] += 0.5f;
    terminals[20] = true;
    LoggedRows changed =
        LoggedRows.of(
                new Source("changed", "0", true),
                4,
                2,
                observations,
                actions,
                rewards,
                terminals,
                timeouts)
            .with(rows.extras(), List.of());
    try (PhysicalEnvironment maze = Maze2d.UMAZE.environment()) {
      DynamicsCheck.Result result = new DynamicsCheck(changed).run(maze, Integer.MAX_VALUE);
      assertEquals(29, result.observation().worstRow());
      assertEquals(0.25, result.observation().largest(), 1e-6);
      assertEquals(1, result.observation().aboveThousandth());
      assertEquals(7, result.reward().worstRow());
      assertEquals(0.5, result.reward().largest(), 1e-6);
      assertEquals(0.5 / 49, result.reward().mean(), 1e-6);
      assertEquals(1, result.wrongEnds());
    }
  }

  @Test
  void dataThatCannotBeComparedAreRefused() {
    LoggedRows rows = Maze2dData.rows(Maze2d.UMAZE, 50, 4);
    RowArray qpos = rows.extra(DynamicsCheck.POSITIONS).orElseThrow();
    LoggedRows plain =
        LoggedRows.of(
            new Source("plain", "0", true),
            1,
            1,
            new float[50],
            new float[50],
            new float[50],
            new boolean[50],
            null);
    var missing =
        assertThrows(
            DataException.class,
            () -> new DynamicsCheck(plain.with(Map.of(DynamicsCheck.POSITIONS, qpos), List.of())));
    assertTrue(missing.getMessage().contains("'infos/qvel'"), missing.getMessage());
    var check = new DynamicsCheck(plain.with(rows.extras(), List.of()));
    try (PhysicalEnvironment maze = Maze2d.UMAZE.environment()) {
      var other = assertThrows(DataException.class, () -> check.run(maze, 5));
      assertTrue(other.getMessage().contains("4 columns, as the environment has"));
    }
  }

  @Test
  void aStateThatIsNoNumberIsRefused() {
    LoggedRows rows = Maze2dData.rows(Maze2d.UMAZE, 50, 4);
    double[] velocities = new double[100];
    velocities[2 * 31 + 1] = Double.NaN;
    var extras = new HashMap<>(rows.extras());
    extras.put(DynamicsCheck.VELOCITIES, RowArray.matrix(2, velocities));
    LoggedRows broken = rows.with(extras, List.of());
    var e = assertThrows(DataException.class, () -> new DynamicsCheck(broken));
    assertTrue(e.getMessage().contains("infos/qvel"), e.getMessage());
    assertTrue(e.getMessage().contains("row 31"), e.getMessage());
    assertTrue(e.getMessage().contains("NaN in column 1"), e.getMessage());
  }

  /** Rewards mean something only with the goal that they were recorded with. */
  @Test
  void aMovingGoalIsPutWhereItWas() {
    int steps = 30;
    float[] observations = new float[steps * 29];
    float[] rewards = new float[steps];
    boolean[] terminals = new boolean[steps];
    double[] qpos = new double[steps * 15];
    double[] qvel = new double[steps * 14];
    double[] goals = new double[steps * 2];
    try (PhysicalEnvironment ant = AntMaze.UMAZE.environment(RequiredMujoco.library())) {
      for (int row = 0; row < steps; row++) {
        float[] observation = ant.reset(row);
        System.arraycopy(observation, 0, observations, row * 29, 29);
        System.arraycopy(ant.positions(), 0, qpos, row * 15, 15);
        System.arraycopy(ant.velocities(), 0, qvel, row * 14, 14);
        // Every other ant starts at its goal.
        goals[2 * row] = qpos[row * 15] + (row % 2 == 0 ? 0 : 3);
        goals[2 * row + 1] = qpos[row * 15 + 1];
        rewards[row] = row % 2 == 0 ? 1 : 0;
        terminals[row] = row % 2 == 0;
      }
      LoggedRows rows =
          LoggedRows.of(
              new Source("ants", "0", true),
              29,
              8,
              observations,
              new float[steps * 8],
              rewards,
              terminals,
              new boolean[steps]);
      Map<String, RowArray> state =
          Map.of(
              DynamicsCheck.POSITIONS, RowArray.matrix(15, qpos),
              DynamicsCheck.VELOCITIES, RowArray.matrix(14, qvel));
      var withGoals = new HashMap<>(state);
      withGoals.put(DynamicsCheck.GOALS, RowArray.matrix(2, goals));
      DynamicsCheck.Result known =
          new DynamicsCheck(rows.with(withGoals, List.of())).run(ant, steps);
      assertEquals(steps - 1, known.reward().count());
      assertEquals(0, known.reward().largest());
      assertEquals(0, known.wrongEnds());
      DynamicsCheck.Result unknown = new DynamicsCheck(rows.with(state, List.of())).run(ant, steps);
      assertEquals(0, unknown.reward().count());
      assertEquals(0, unknown.wrongEnds());
    }
  }

  /** The hopper of D4RL's day is 4 % lighter: enough to be noticed in a single step. */
  @Test
  void theWrongInertiaIsNoticed() {
    var library = RequiredMujoco.library();
    int steps = 40;
    float[] observations = new float[steps * 11];
    float[] actions = new float[steps * 3];
    float[] rewards = new float[steps];
    boolean[] terminals = new boolean[steps];
    double[] qpos = new double[steps * 6];
    double[] qvel = new double[steps * 6];
    var random = new SplittableRandom(5);
    try (PhysicalEnvironment hopper =
            Locomotion.HOPPER.environment(Rules.D4RL, Inertia.EXACT, library);
        PhysicalEnvironment lighter =
            Locomotion.HOPPER.environment(Rules.D4RL, Inertia.D4RL_ERA, library)) {
      float[] observation = hopper.reset(1);
      for (int row = 0; row < steps; row++) {
        System.arraycopy(observation, 0, observations, row * 11, 11);
        System.arraycopy(hopper.positions(), 0, qpos, row * 6, 6);
        System.arraycopy(hopper.velocities(), 0, qvel, row * 6, 6);
        float[] action = new float[3];
        for (int c = 0; c < 3; c++) {
          action[c] = (float) random.nextDouble(-1, 1);
          actions[row * 3 + c] = action[c];
        }
        Environment.Step step = hopper.step(action);
        rewards[row] = (float) step.reward();
        terminals[row] = step.terminated();
        observation = step.done() ? hopper.reset(row) : step.observation();
      }
      LoggedRows rows =
          LoggedRows.of(
                  new Source("hopper", "0", true),
                  11,
                  3,
                  observations,
                  actions,
                  rewards,
                  terminals,
                  new boolean[steps])
              .with(
                  Map.of(
                      DynamicsCheck.POSITIONS,
                      RowArray.matrix(6, qpos),
                      DynamicsCheck.VELOCITIES,
                      RowArray.matrix(6, qvel)),
                  List.of());
      var check = new DynamicsCheck(rows);
      assertTrue(check.run(hopper, steps).observation().largest() < 1e-6);
      assertTrue(check.run(lighter, steps).observation().aboveThousandth() > steps / 2);
    }
  }
}
