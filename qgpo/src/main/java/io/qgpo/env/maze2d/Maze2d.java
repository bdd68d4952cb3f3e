package io.qgpo.env.maze2d;

import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.ScoreRange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * D4RL's mazes for a ball, by name: {@code maze2d-umaze}, {@code maze2d-medium} and {@code
 * maze2d-large}, as registered for version v1.
 *
 * <p>Drawings, goals, starts and reward are those of D4RL's {@code d4rl/pointmaze/maze_model.py};
 * step limits and reference returns those of {@code d4rl/pointmaze/__init__.py}
 * (https://github.com/Farama-Foundation/D4RL).
 */
public enum Maze2d {
  /** A way with two turns. */
  UMAZE(
      300,
      new ScoreRange(23.85, 161.86),
      new Grid(
          "#####", //
          "#G..#", "###.#", "#...#", "#####")),

  /** Six by six cells. */
  MEDIUM(
      600,
      new ScoreRange(13.13, 277.39),
      new Grid(
          "########",
          "#..##..#",
          "#..#...#",
          "##...###",
          "#..#...#",
          "#.#..#.#",
          "#...#.G#",
          "########")),

  /** Seven by ten cells. */
  LARGE(
      800,
      new ScoreRange(6.7, 273.99),
      new Grid(
          "############",
          "#....#.....#",
          "#.##.#.#.#.#",
          "#......#...#",
          "#.####.###.#",
          "#..#.#.....#",
          "##.#.#.#.###",
          "#..#...#.G.#",
          "############"));

  /** Distance from the goal within which steps earn. */
  static final double GOAL_RADIUS = 0.5;

  private static final String PREFIX = "maze2d-";

  private final int maxSteps;
  private final ScoreRange scores;
  private final Grid grid;

  Maze2d(int maxSteps, ScoreRange scores, Grid grid) {
    this.maxSteps = maxSteps;
    this.scores = scores;
    this.grid = grid;
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Maze2d::label).toList();
  }

  /**
   * The name without the version that it has anyway, {@code -v1}.
   *
   * @return empty if it is none of {@link #names}
   */
  public static Optional<String> resolve(String name) {
    return of(name).map(Maze2d::label);
  }

  /**
   * The environment of this name; {@code -v1} at its end is understood, too.
   *
   * @return empty if it is none of {@link #names}
   */
  public static Optional<EnvironmentSpec> find(String name) {
    return of(name).map(Maze2d::spec);
  }

  private static Optional<Maze2d> of(String name) {
    return Arrays.stream(values())
        .filter(maze -> name.equals(maze.label()) || name.equals(maze.label() + "-v1"))
        .findFirst();
  }

  /** The name of the environment. */
  public String label() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  /** What there is to know of the environment. */
  public EnvironmentSpec spec() {
    return EnvironmentSpec.of(label(), this::environment)
        .withScores(scores)
        .withOptimum(new ShortestWay(grid))
        .withProtocol("rules", "D4RL's v1, sparse reward")
        .withProtocol("physics", "MuJoCo's, in Java");
  }

  /** A new environment; nothing needs to be closed. */
  public PhysicalEnvironment environment() {
    return new Maze2dEnvironment(this);
  }

  /** Steps after which an episode is truncated. */
  int maxSteps() {
    return maxSteps;
  }

  Grid grid() {
    return grid;
  }

  /** What a step earns that leads to this position: 1 within 0.5 of the goal, else 0. */
  double reward(double x, double y) {
    double dx = x - grid.goal().i();
    double dy = y - grid.goal().j();
    return Math.sqrt(dx * dx + dy * dy) <= GOAL_RADIUS ? 1 : 0;
  }
}
