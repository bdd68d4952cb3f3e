package io.qgpo.env.maze2d;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Environment;
import io.qgpo.env.Environment.Step;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.Evaluation;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.ScoreRange;
import io.qgpo.env.VectorEnvironments;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Maze2dTest {
  @Test
  void names() {
    assertEquals(List.of("maze2d-umaze", "maze2d-medium", "maze2d-large"), Maze2d.names());
    for (String name : Maze2d.names()) {
      assertEquals(name, Maze2d.find(name).orElseThrow().name());
      assertEquals(name, Maze2d.find(name + "-v1").orElseThrow().name());
      assertTrue(Maze2d.find(name + "-v0").isEmpty());
    }
    for (String name : List.of("maze2d", "maze2d-open", "umaze", "antmaze-umaze", "")) {
      assertTrue(Maze2d.find(name).isEmpty(), name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "maze2d-umaze, 300, 23.85, 161.86",
    "maze2d-medium, 600, 13.13, 277.39",
    "maze2d-large, 800, 6.7, 273.99"
  })
  void limitsAndScoresAreD4rls(String name, int maxSteps, double random, double expert) {
    EnvironmentSpec spec = Maze2d.find(name).orElseThrow();
    assertEquals(new ScoreRange(random, expert), spec.scores().orElseThrow());
    assertEquals(List.of("rules", "physics"), List.copyOf(spec.protocol().keySet()));
    Environment environment = spec.factory().get();
    assertEquals(maxSteps, environment.maxSteps());
    assertEquals(4, environment.observationSize());
    assertEquals(ActionBounds.unit(2), environment.actionBounds());
    assertEquals(2, environment.actionSize());
    assertFalse(environment.isSlow());
    environment.reset(1);
    for (int i = 1; i <= maxSteps; i++) {
      Step step = environment.step(new float[2]);
      assertFalse(step.terminated());
      assertEquals(i == maxSteps, step.truncated());
    }
    assertThrows(IllegalStateException.class, () -> environment.step(new float[2]));
  }

  @Test
  void theRewardIsForBeingNearTheGoalAndEndsNothing() {
    PhysicalEnvironment maze = Maze2d.UMAZE.environment();
    double[][] places = {{1, 1.5}, {1, 1.5001}, {1, 1}, {0.7, 1.41}, {0.7, 1.39}};
    double[] rewards = {1, 0, 1, 0, 1};
    for (int i = 0; i < places.length; i++) {
      maze.reset(places[i], new double[2]);
      Step step = maze.step(new float[2]);
      assertEquals(rewards[i], step.reward(), "place " + i);
      assertFalse(step.done());
    }
  }

  @Test
  void startsAreD4rls() {
    PhysicalEnvironment maze = Maze2d.MEDIUM.environment();
    int[][] visits = new int[8][8];
    double largest = 0;
    double squares = 0;
    int starts = 5200;
    for (int seed = 0; seed < starts; seed++) {
      float[] seen = maze.reset(seed);
      for (int c = 0; c < 2; c++) {
        double q = maze.positions()[c];
        double v = maze.velocities()[c];
        assertEquals((float) q, seen[c]);
        assertEquals((float) v, seen[2 + c]);
        largest = Math.max(largest, Math.abs(q - Math.rint(q)));
        squares += v * v;
      }
      visits[Math.round(seen[0])][Math.round(seen[1])]++;
    }
    assertTrue(largest < 0.1 && largest > 0.099, "largest of 10,400: " + largest);
    assertEquals(0.1, Math.sqrt(squares / (2 * starts)), 0.003, "sd of 10,400 normal numbers");
    for (Grid.Cell cell : Maze2d.MEDIUM.grid().free()) {
      assertEquals(200, visits[cell.i()][cell.j()], 70, cell + " of 26, 5 sd");
      visits[cell.i()][cell.j()] = 0;
    }
    for (int[] line : visits) {
      assertArrayEquals(new int[8], line, "no other cells");
    }
  }

  @Test
  void velocitiesAreLimitedBeforeAStepAndActionsToo() {
    PhysicalEnvironment maze = Maze2d.MEDIUM.environment();
    double[] q = {3, 3};
    maze.reset(q, new double[] {7, -9});
    float[] fast = maze.step(new float[] {3, -2}).observation();
    maze.reset(q, new double[] {5, -5});
    assertArrayEquals(maze.step(new float[] {1, -1}).observation(), fast);
    assertTrue(fast[2] > 5, "a step may lead beyond the limit");
  }

  @Test
  void episodesRepeat() {
    PhysicalEnvironment maze = Maze2d.LARGE.environment();
    double[] first = play(maze, 7);
    play(maze, 8);
    assertArrayEquals(first, play(maze, 7));
  }

  private static double[] play(PhysicalEnvironment maze, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    maze.reset(seed);
    while (!maze.step(new float[] {random.nextInt(-1, 2), random.nextInt(-1, 2)}).done()) {
      float[] seen = {(float) maze.positions()[0], (float) maze.positions()[1]};
      assertFalse(Maze2d.LARGE.grid().isWall(Grid.index(seen[0]), Grid.index(seen[1])));
    }
    return maze.positions();
  }

  @Test
  void badCallsAreRefused() {
    PhysicalEnvironment maze = Maze2d.UMAZE.environment();
    var e = assertThrows(IllegalStateException.class, () -> maze.step(new float[2]));
    assertEquals("maze2d-umaze: no episode is running; call reset first", e.getMessage());
    maze.reset(1);
    for (float[] bad : new float[][] {{1}, {1, 2, 3}, {Float.NaN, 0}, {0, 1 / 0f}}) {
      assertThrows(IllegalArgumentException.class, () -> maze.step(bad));
    }
    for (double[] bad : new double[][] {{1}, {1, 2, 3}, {Double.NaN, 0}, {0, 1 / 0.0}}) {
      assertThrows(IllegalArgumentException.class, () -> maze.reset(bad, new double[2]));
      assertThrows(IllegalArgumentException.class, () -> maze.reset(new double[2], bad));
    }
  }

  /** D4RL's own controller earns a score of 100; going straight where possible, more. */
  @ParameterizedTest
  @EnumSource
  void theShortestWayScoresAbove140(Maze2d maze) {
    EnvironmentSpec spec = maze.spec();
    Evaluation e = new VectorEnvironments(spec, 100).run(spec.optimum().orElseThrow(), 11);
    assertTrue(e.returns().min() > maze.maxSteps() / 2.0, e.returns().toString());
    assertTrue(spec.scores().orElseThrow().score(e.returns().mean()) > 140, e.returns().toString());
  }
}
