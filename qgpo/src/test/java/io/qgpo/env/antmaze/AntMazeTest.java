package io.qgpo.env.antmaze;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Environment;
import io.qgpo.env.Environment.Step;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AntMazeTest {
  private static MujocoLibrary library;

  @BeforeAll
  static void findLibrary() {
    library = RequiredMujoco.library();
  }

  private static AntMazeEnvironment make(AntMaze maze) {
    return (AntMazeEnvironment) maze.environment(library);
  }

  @ParameterizedTest
  @CsvSource({
    "antmaze-umaze, 700",
    "antmaze-umaze-diverse, 700",
    "antmaze-medium-play, 1000",
    "antmaze-medium-diverse, 1000",
    "antmaze-large-play, 1000",
    "antmaze-large-diverse, 1000"
  })
  void everyNameIsFound(String name, int maxSteps) {
    assertTrue(AntMaze.names().contains(name));
    assertEquals(6, AntMaze.names().size());
    EnvironmentSpec spec = AntMaze.find(name + "-v2").orElseThrow();
    assertEquals(name, spec.name());
    assertEquals(
        Map.of(
            "rules",
            "D4RL's v2: each episode has a goal of its own",
            "score",
            "success rate",
            "mujoco",
            library.version().toString()),
        AntMaze.find(name).orElseThrow().protocol());
    assertEquals(70, spec.scores().orElseThrow().score(0.7), 1e-12, "the success rate in percent");
    try (Environment environment = spec.factory().get()) {
      assertEquals(maxSteps, environment.maxSteps());
      assertEquals(29, environment.observationSize());
      assertEquals(29, environment.reset(3).length);
      assertEquals(8, environment.actionSize());
      assertEquals(ActionBounds.unit(8), environment.actionBounds());
      assertTrue(environment.isSlow());
    }
  }

  @Test
  void otherNamesAreNot() {
    for (String name : List.of("antmaze", "antmaze-umaze-v0", "antmaze-medium", "ant", "")) {
      assertTrue(AntMaze.find(name).isEmpty(), name);
    }
  }

  @Test
  void startsAndGoalsAreD4rls() {
    int starts = 300;
    double squares = 0;
    double[] least = {9, 9};
    double[] most = {-9, -9};
    double farthest = 0;
    try (AntMazeEnvironment ant = make(AntMaze.UMAZE)) {
      for (int seed = 0; seed < starts; seed++) {
        ant.reset(seed);
        double[] q = ant.positions();
        double norm = 0;
        for (int i = 0; i < 15; i++) {
          boolean quaternion = i >= 3 && i < 7;
          norm += quaternion ? q[i] * q[i] : 0;
          double off = i == 2 ? q[i] - 0.75 : q[i];
          farthest = quaternion ? farthest : Math.max(farthest, Math.abs(off));
        }
        assertEquals(1, norm, 1e-12);
        assertTrue(q[3] > 0.95, "upright: " + q[3]);
        for (double v : ant.velocities()) {
          squares += v * v;
        }
        for (int c = 0; c < 2; c++) {
          double off = ant.goal()[c] - (c == 0 ? 0 : 8);
          least[c] = Math.min(least[c], off);
          most[c] = Math.max(most[c], off);
        }
      }
    }
    assertTrue(farthest < 0.1 && farthest > 0.099, "largest of 3300: " + farthest);
    assertEquals(0.1, Math.sqrt(squares / (14 * starts)), 0.005, "sd of 4200 normal numbers");
    for (int c = 0; c < 2; c++) {
      assertTrue(least[c] > 0 && least[c] < 0.2, "nearest goal " + least[c]);
      assertTrue(most[c] < 1.5 && most[c] > 1.3, "farthest goal " + most[c]);
    }
  }

  /** Standing at a distance from the goal, at rest: the ant hardly moves in a step. */
  private static Step stepFrom(AntMazeEnvironment ant, double distance) {
    double[] q = new double[15];
    q[0] = ant.goal()[0] - distance;
    q[1] = ant.goal()[1];
    q[2] = AntModel.HEIGHT;
    q[3] = 1;
    ant.reset(q, new double[14]);
    return ant.step(new float[8]);
  }

  @Test
  void theGoalPaysOneAndEndsTheEpisode() {
    try (AntMazeEnvironment ant = make(AntMaze.MEDIUM)) {
      assertArrayEquals(new double[] {20.75, 20.75}, ant.goal(), "before there is an episode");
      ant.reset(4);
      double[] goal = ant.goal();
      Step near = stepFrom(ant, 0.45);
      assertEquals(1, near.reward());
      assertTrue(near.terminated());
      assertFalse(near.truncated());
      assertThrows(IllegalStateException.class, () -> ant.step(new float[8]));
      Step far = stepFrom(ant, 0.55);
      assertEquals(0, far.reward());
      assertFalse(far.done());
      assertArrayEquals(goal, ant.goal(), "a start from a state leaves the goal");
    }
  }

  @Test
  void fallingEndsNothingAndTheLimitDoes() {
    try (AntMazeEnvironment ant = make(AntMaze.UMAZE)) {
      ant.reset(1);
      double[] q = ant.positions();
      q[3] = 0;
      q[4] = 1; // upside down
      q[5] = 0;
      q[6] = 0;
      ant.reset(q, new double[14]);
      for (int i = 1; i <= 700; i++) {
        Step step = ant.step(new float[8]);
        assertFalse(step.terminated());
        assertEquals(i == 700, step.truncated());
        assertEquals(0, step.reward());
      }
      assertTrue(ant.positions()[2] < 0.5, "lies on its back");
    }
  }

  @Test
  void actionsAreClippedAndAllIsSeen() {
    try (AntMazeEnvironment ant = make(AntMaze.UMAZE)) {
      float[] ones = {1, -1, 1, -1, 1, -1, 1, -1};
      float[] more = {2, -3, 1, -1, 9, -1, 1, -5};
      ant.reset(2);
      float[] expected = ant.step(ones).observation();
      ant.reset(2);
      assertArrayEquals(expected, ant.step(more).observation());
      double[] q = ant.positions();
      double[] v = ant.velocities();
      for (int i = 0; i < 29; i++) {
        assertEquals((float) (i < 15 ? q[i] : v[i - 15]), expected[i]);
      }
    }
  }

  /** Thrown at the wall beside it at 5 m/s, the ant stays in its block. */
  @Test
  void wallsHold() {
    try (AntMazeEnvironment ant = make(AntMaze.UMAZE)) {
      ant.reset(5);
      double[] v = new double[14];
      v[1] = 5;
      ant.reset(ant.positions(), v);
      double farthest = 0;
      for (int i = 0; i < 40; i++) {
        ant.step(new float[8]);
        farthest = Math.max(farthest, ant.positions()[1]);
      }
      assertEquals(1.6, farthest, 0.4, "the wall is 2 away, less legs or torso");
    }
  }

  @Test
  void episodesRepeatAndSeedsDiffer() {
    try (AntMazeEnvironment ant = make(AntMaze.LARGE)) {
      double[] first = play(ant, 7);
      double[] goal = ant.goal();
      assertNotEquals(first[0], play(ant, 8)[0]);
      assertNotEquals(goal[0], ant.goal()[0]);
      assertArrayEquals(first, play(ant, 7), "nothing is left of other episodes");
      assertArrayEquals(goal, ant.goal());
    }
  }

  private static double[] play(AntMazeEnvironment ant, long seed) {
    SplittableRandom random = new SplittableRandom(5);
    ant.reset(seed);
    float[] action = new float[8];
    for (int k = 0; k < 50; k++) {
      for (int i = 0; i < 8; i++) {
        action[i] = (float) random.nextDouble(-1, 1);
      }
      ant.step(action);
    }
    return ant.positions();
  }
}
