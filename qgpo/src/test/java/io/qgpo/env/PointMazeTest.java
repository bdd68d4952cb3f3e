package io.qgpo.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PointMazeTest {

  /** Runs until the episode ends, repeating the last action. */
  private static List<Environment.Step> drive(long seed, float[]... actions) {
    PointMaze maze = new PointMaze();
    maze.reset(seed);
    List<Environment.Step> steps = new ArrayList<>();
    do {
      steps.add(maze.step(actions[Math.min(steps.size(), actions.length - 1)]));
    } while (!steps.getLast().done());
    return steps;
  }

  private static double distance(float[] observation) {
    return Math.hypot(PointMaze.GOAL_X - observation[0], PointMaze.GOAL_Y - observation[1]);
  }

  @Test
  void startsAtRestInAStartCellAndTheGoalIsDrawn() {
    assertEquals('G', PointMaze.MAZE.at(PointMaze.GOAL_X, PointMaze.GOAL_Y));
    PointMaze maze = new PointMaze();
    for (long seed = 0; seed < 200; seed++) {
      float[] o = maze.reset(seed);
      assertEquals('S', PointMaze.MAZE.at(o[0], o[1]));
      assertEquals(0, o[2]);
      assertEquals(0, o[3]);
    }
  }

  @Test
  void dynamicsAreThoseOfTheJavadoc() {
    PointMaze maze = new PointMaze();
    float[] start = maze.reset(3);
    float[] first = maze.step(new float[] {0, .5f}).observation();
    assertEquals(.8f, first[3], 1e-6);
    assertEquals(start[1] + .5f * .8f, first[1], 1e-6);
    float[] second = maze.step(new float[] {0, -.25f}).observation();
    assertEquals(.2f * .8f - 1.6f * .25f, second[3], 1e-6);
    assertEquals(first[1] + .5f * second[3], second[1], 1e-6);
    assertEquals(start[0], second[0]);
  }

  @Test
  void forceIsClippedAndShortened() {
    PointMaze one = new PointMaze();
    PointMaze other = new PointMaze();
    one.reset(1);
    other.reset(1);
    float[] clipped = one.step(new float[] {0, 1}).observation();
    assertArrayEquals(clipped, other.step(new float[] {0, 7}).observation());
    one.reset(1);
    float[] shortened = one.step(new float[] {1, 1}).observation();
    assertEquals(1.6, Math.hypot(shortened[2], shortened[3]), 1e-6);
    assertEquals(shortened[2], shortened[3]);
  }

  @Test
  void straightAheadIsThePit() {
    List<Environment.Step> steps = drive(0, new float[] {1, 0});
    Environment.Step last = steps.getLast();
    assertTrue(steps.size() <= 3);
    assertTrue(last.terminated());
    assertFalse(last.truncated());
    assertEquals('o', PointMaze.MAZE.at(last.observation()[0], last.observation()[1]));
    assertTrue(steps.stream().mapToDouble(Environment.Step::reward).sum() < 2);
  }

  @Test
  void standingStillIsTruncatedAndCostsTime() {
    List<Environment.Step> steps = drive(0, new float[] {0, 0});
    assertEquals(PointMaze.MAX_STEPS, steps.size());
    assertTrue(steps.getLast().truncated());
    assertFalse(steps.getLast().terminated());
    steps.forEach(step -> assertEquals(-0.25, step.reward()));
  }

  @Test
  void wallsStopTheMotionTowardsThemOnly() {
    PointMaze maze = new PointMaze();
    maze.reset(0);
    Environment.Step step = maze.step(new float[] {-1, 0});
    for (int i = 0; i < 5; i++) {
      step = maze.step(new float[] {-.6f, .6f});
    }
    float[] o = step.observation();
    assertEquals(PointMaze.MAZE.x(1), o[0], 1e-5);
    assertEquals(0, o[2]);
    assertTrue(o[3] > 1, "slides along the wall");
  }

  @Property(tries = 200)
  void noActionsLeadIntoAWallAndRewardsAddUp(@ForAll long seed) {
    PointMaze maze = new PointMaze();
    SplittableRandom random = new SplittableRandom(seed);
    float[] start = maze.reset(seed);
    double total = 0;
    int steps = 0;
    Environment.Step step;
    float[] drift = {0, 0};
    do {
      if (steps % 5 == 0) {
        drift = new float[] {random.nextInt(-1, 2), random.nextInt(-1, 2)};
      }
      float[] action = {
        drift[0] + (float) random.nextGaussian(), drift[1] + (float) random.nextGaussian()
      };
      step = maze.step(action);
      total += step.reward();
      steps++;
      float[] o = step.observation();
      assertFalse(PointMaze.MAZE.isWall(o[0], o[1]));
      assertTrue(Math.hypot(o[2], o[3]) <= 2 + 1e-6, "speed");
    } while (!step.done());
    float[] end = step.observation();
    boolean reached = distance(end) < PointMaze.GOAL_RADIUS;
    double expected = .8 * (distance(start) - distance(end)) - .25 * steps + (reached ? 10 : 0);
    assertEquals(expected, total, 1e-4);
  }

  @Test
  void sameSeedAndActionsGiveTheSameEpisode() {
    float[][] actions = {{.3f, .9f}, {.9f, .2f}, {.1f, -.4f}};
    List<Environment.Step> one = drive(5, actions);
    List<Environment.Step> two = drive(5, actions);
    assertEquals(one.size(), two.size());
    for (int i = 0; i < one.size(); i++) {
      assertArrayEquals(one.get(i).observation(), two.get(i).observation());
      assertEquals(one.get(i).reward(), two.get(i).reward());
    }
  }

  @Test
  void refusesBadCalls() {
    PointMaze maze = new PointMaze();
    assertThrows(IllegalStateException.class, () -> maze.step(new float[2]));
    maze.reset(0);
    for (float[] bad :
        new float[][] {{1}, {1, 2, 3}, {Float.NaN, 0}, {0, Float.POSITIVE_INFINITY}}) {
      assertThrows(IllegalArgumentException.class, () -> maze.step(bad));
    }
    while (!maze.step(new float[2]).done()) {
      // Until truncated.
    }
    assertThrows(IllegalStateException.class, () -> maze.step(new float[2]));
  }

  @Test
  void theScriptedOptimumAlwaysReachesTheGoal() {
    Evaluation e =
        new VectorEnvironments("pointmaze", PointMaze::new, 1000).run(new ScriptedOptimum(), 11);
    assertTrue(e.returns().min() > 14, e.returns().toString());
    assertTrue(e.lengths().max() <= 18, e.lengths().toString());
    for (int i = 0; i < e.episodes(); i++) {
      assertTrue(e.terminated(i));
    }
  }
}
