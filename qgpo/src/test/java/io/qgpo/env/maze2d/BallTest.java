package io.qgpo.env.maze2d;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.MujocoModel;
import io.qgpo.env.mujoco.MujocoSimulation;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ball in Java against the same ball in MuJoCo. */
class BallTest {
  /** Distance at which a wall begins to act. */
  private static final double MARGIN = 0.002;

  /** D4RL's model of a maze, as maze_model.py describes it. */
  private static String mjcf(Grid grid, MujocoLibrary library) {
    StringBuilder xml = new StringBuilder();
    // A contact's margin is to be 0.002: the larger of its geoms', later their sum.
    String margin = library.version().sumsMargins() ? "0.001" : "0.002";
    xml.append(
        """
        <mujoco>
          <compiler inertiafromgeom="true"/>
          <option timestep="0.01" gravity="0 0 0" iterations="20" integrator="Euler"/>
          <default>
            <joint damping="1" limited="false"/>
            <geom density="1000" margin="%s" condim="1" contype="2" conaffinity="1"/>
          </default>
          <worldbody>
            <geom type="plane" size="40 40 0.25" pos="0 0 -0.1" contype="1" conaffinity="0"/>
            <body pos="1.2 1.2 0">
              <geom type="sphere" size="0.1" contype="1"/>
              <joint name="x" type="slide" axis="1 0 0"/>
              <joint name="y" type="slide" axis="0 1 0"/>
            </body>
        """
            .formatted(margin));
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        if (grid.isWall(i, j)) {
          xml.append(
              "<geom type=\"box\" pos=\"%d %d 0\" size=\"0.5 0.5 0.2\"/>%n"
                  .formatted(i + 1, j + 1));
        }
      }
    }
    return xml.append(
            """
              </worldbody>
              <actuator>
                <motor joint="x" ctrllimited="true" ctrlrange="-1 1" gear="100"/>
                <motor joint="y" ctrllimited="true" ctrlrange="-1 1" gear="100"/>
              </actuator>
            </mujoco>
            """)
        .toString();
  }

  private static double[] state(Ball ball) {
    return new double[] {ball.x, ball.y, ball.vx, ball.vy};
  }

  private static void set(Ball ball, double x, double y, double vx, double vy) {
    ball.x = x;
    ball.y = y;
    ball.vx = vx;
    ball.vy = vy;
  }

  /** The two side by side. */
  private static final class Pair implements AutoCloseable {
    final Ball ball;
    private final MujocoModel model;
    private final MujocoSimulation simulation;
    private final double[] q = new double[2];
    private final double[] v = new double[2];

    Pair(Grid grid) {
      ball = new Ball(grid);
      MujocoLibrary library = RequiredMujoco.library();
      model = library.model(mjcf(grid, library));
      simulation = model.simulation();
    }

    /** One step of both from the ball's state: the largest difference in any component. */
    double step(double ux, double uy) {
      simulation.reset(new double[] {ball.x, ball.y}, new double[] {ball.vx, ball.vy});
      return stepOn(ux, uy);
    }

    /** One step of both, each from its own state. */
    double stepOn(double ux, double uy) {
      simulation.step(new double[] {ux, uy}, 1);
      simulation.positions(q);
      simulation.velocities(v);
      ball.step(ux, uy);
      double[] other = {q[0], q[1], v[0], v[1]};
      double largest = 0;
      for (int i = 0; i < 4; i++) {
        largest = Math.max(largest, Math.abs(other[i] - state(ball)[i]));
      }
      return largest;
    }

    @Override
    public void close() {
      simulation.close();
      model.close();
    }
  }

  /** In the open, at walls, at corners, and inside walls. */
  @ParameterizedTest
  @EnumSource
  void aStepFromAnyStateIsMujocos(Maze2d maze) {
    Grid grid = maze.grid();
    int open = 0;
    int touching = 0;
    SplittableRandom random = new SplittableRandom(maze.ordinal());
    try (Pair pair = new Pair(grid)) {
      for (int k = 0; k < 20_000; k++) {
        boolean anywhere = k % 4 == 0;
        Grid.Cell cell = grid.free().get(random.nextInt(grid.free().size()));
        double x = anywhere ? random.nextDouble(-0.9, 9) : cell.i() + random.nextDouble(-0.9, 0.5);
        double y = anywhere ? random.nextDouble(-0.9, 9) : cell.j() + random.nextDouble(-0.9, 0.5);
        set(pair.ball, x, y, random.nextDouble(-5, 5), random.nextDouble(-5, 5));
        double gap = gap(grid, x, y);
        boolean isOpen = gap > MARGIN;
        open += isOpen ? 1 : 0;
        touching += !isOpen && gap > -0.1 ? 1 : 0;
        double difference = pair.step(random.nextDouble(-1, 1), random.nextDouble(-1, 1));
        assertEquals(0, difference, isOpen ? 1e-14 : 1e-12, "x %s, y %s".formatted(x, y));
      }
    }
    assertTrue(open > 1000 && touching > 1000, open + " open, " + touching + " touching");
  }

  /** From the ball's surface to the nearest wall. */
  private static double gap(Grid grid, double x, double y) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        if (grid.isWall(i, j)) {
          double dx = Math.max(0, Math.abs(x + 0.2 - i) - 0.5);
          double dy = Math.max(0, Math.abs(y + 0.2 - j) - 0.5);
          least = Math.min(least, Math.sqrt(dx * dx + dy * dy) - 0.1);
        }
      }
    }
    return least;
  }

  /**
   * Along walls, into them, into corners, each going on from its own state, for a second; corners
   * make the motion chaotic, so that after ten seconds rounding may decide where it leads.
   */
  @ParameterizedTest
  @EnumSource
  void trajectoriesStayTogether(Maze2d maze) {
    SplittableRandom random = new SplittableRandom(maze.ordinal());
    Grid.Cell goal = maze.grid().goal();
    int touching = 0;
    try (Pair pair = new Pair(maze.grid())) {
      for (int run = 0; run < 20; run++) {
        set(pair.ball, goal.i(), goal.j(), 0, 0);
        double ux = random.nextDouble(-1, 1);
        double uy = random.nextDouble(-1, 1);
        assertEquals(0, pair.step(ux, uy), 1e-14);
        for (int k = 1; k < 100; k++) {
          if (k % 30 == 0) {
            ux = random.nextDouble(-1, 1);
            uy = random.nextDouble(-1, 1);
          }
          assertEquals(0, pair.stepOn(ux, uy), 1e-9, "run %d, step %d".formatted(run, k));
          touching += gap(maze.grid(), pair.ball.x, pair.ball.y) < MARGIN ? 1 : 0;
        }
      }
    }
    assertTrue(touching > 300, touching + " of 2000 steps touch a wall");
  }

  /** Pushed into a corner for 40 steps; what MuJoCo 2.2.2 gave, for where there is none. */
  @Test
  void recordedSteps() {
    Ball ball = new Ball(Maze2d.UMAZE.grid());
    set(ball, 1, 1, 0, 0);
    for (int k = 0; k < 40; k++) {
      ball.step(-1, -0.5);
    }
    assertArrayEquals(RECORDED, state(ball), 1e-11);
  }

  private static final double[] RECORDED = {
    0.4014094772826487, 0.4004832757787568, 0.00600575391247517, 0.044961657894294835
  };

  @Test
  void terminalSpeedIsForceOverDamping() {
    Ball ball = new Ball(new Grid("G"));
    for (int k = 0; k < 20_000; k++) {
      ball.step(1, -0.25);
    }
    assertEquals(100, ball.vx, 1e-9);
    assertEquals(-25, ball.vy, 1e-9);
  }

  /** Pushed straight at a wall, the ball rests just inside the margin and does not slide. */
  @Test
  void aWallHolds() {
    Ball ball = new Ball(Maze2d.UMAZE.grid());
    set(ball, 1, 1, -5, 0);
    for (int k = 0; k < 300; k++) {
      ball.step(-1, 0);
      assertTrue(ball.x > 0.37, "x " + ball.x);
    }
    assertEquals(0.4, ball.x, 0.003);
    assertEquals(0, ball.vx, 1e-9);
    assertEquals(1, ball.y);
  }
}
