package io.qgpo.env.antmaze;

import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.ScoreRange;
import io.qgpo.env.mujoco.MujocoLibrary;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * D4RL's mazes for an ant, by name, with the rules of version v2. Two names for the same maze
 * differ in D4RL's data only.
 *
 * <p>Drawings and goals are those of D4RL's {@code d4rl/locomotion/maze_env.py} (U_MAZE_TEST,
 * BIG_MAZE_TEST, HARDEST_MAZE_TEST), step limits and scores those of {@code
 * d4rl/locomotion/__init__.py} (https://github.com/Farama-Foundation/D4RL).
 */
public enum AntMaze {
  /** A way with two turns. */
  UMAZE(
      700,
      List.of("antmaze-umaze", "antmaze-umaze-diverse"),
      new Blocks(
          "#####", //
          "#R..#", "###.#", "#G..#", "#####")),

  /** Six by six blocks. */
  MEDIUM(
      1000,
      List.of("antmaze-medium-play", "antmaze-medium-diverse"),
      new Blocks(
          "########",
          "#R.##..#",
          "#..#...#",
          "##...###",
          "#..#...#",
          "#.#..#.#",
          "#...#.G#",
          "########")),

  /** Seven by ten blocks. */
  LARGE(
      1000,
      List.of("antmaze-large-play", "antmaze-large-diverse"),
      new Blocks(
          "############",
          "#R...#.....#",
          "#.##.#.#.#.#",
          "#......#...#",
          "#.####.###.#",
          "#..#.#.....#",
          "##.#.#.#.###",
          "#..#...#.G.#",
          "############"));

  private final int maxSteps;
  private final List<String> labels;
  private final Blocks blocks;

  /**
   * @param maxSteps after which an episode is truncated
   * @param labels names of environments
   */
  AntMaze(int maxSteps, List<String> labels, Blocks blocks) {
    this.maxSteps = maxSteps;
    this.labels = labels;
    this.blocks = blocks;
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(values()).flatMap(maze -> maze.labels.stream()).toList();
  }

  /**
   * The name without the version that it has anyway, {@code -v2}.
   *
   * @return empty if it is none of {@link #names}
   */
  public static Optional<String> resolve(String name) {
    return names().stream()
        .filter(label -> name.equals(label) || name.equals(label + "-v2"))
        .findFirst();
  }

  /**
   * The environment of this name; {@code -v2} at its end is understood, too.
   *
   * @return empty if it is none of {@link #names}
   * @throws io.qgpo.env.mujoco.MujocoException if it is one and MuJoCo cannot be used
   */
  public static Optional<EnvironmentSpec> find(String name) {
    return resolve(name)
        .flatMap(
            label ->
                Arrays.stream(values())
                    .filter(maze -> maze.labels.contains(label))
                    .map(maze -> maze.spec(label, MujocoLibrary.find()))
                    .findFirst());
  }

  private EnvironmentSpec spec(String label, MujocoLibrary library) {
    return EnvironmentSpec.of(label, () -> environment(library))
        .withScores(ScoreRange.SUCCESS_RATE)
        .withProtocol("score", "success rate")
        .withProtocol("rules", "D4RL's v2: each episode has a goal of its own")
        .withProtocol("mujoco", library.version().toString());
  }

  /** An environment, to be closed. */
  public PhysicalEnvironment environment(MujocoLibrary library) {
    return new AntMazeEnvironment(
        labels.getFirst(), library.model(AntModel.mjcf(blocks, library.version())), this);
  }

  int maxSteps() {
    return maxSteps;
  }

  Blocks blocks() {
    return blocks;
  }
}
