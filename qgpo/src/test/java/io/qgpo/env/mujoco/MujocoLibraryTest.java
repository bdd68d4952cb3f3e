package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The binding, on a real library. */
class MujocoLibraryTest {
  /** A ball of 1 kg on a vertical slide with a motor, 10 m up. */
  private static final String FALL =
      """
      <mujoco>
        <option timestep="0.01" gravity="0 0 -10"/>
        <worldbody>
          <body pos="0 0 10">
            <joint name="slide" type="slide" axis="0 0 1"/>
            <geom size="0.1" mass="1"/>
          </body>
        </worldbody>
        <actuator><motor joint="slide" ctrllimited="true" ctrlrange="-1 1" gear="10"/></actuator>
      </mujoco>
      """;

  private static MujocoLibrary library;

  @BeforeAll
  static void findLibrary() {
    library = RequiredMujoco.library();
  }

  @Test
  void aLibraryIsLoadedOnce() {
    assertSame(library, MujocoLibrary.load(library.file()));
    assertTrue(Files.isRegularFile(library.file()));
  }

  /** Euler's method from rest: after n steps v = -g n h, q = -g h^2 n (n + 1) / 2. */
  @Test
  void aBodyFallsAsItMust() {
    try (MujocoModel model = library.model(FALL);
        MujocoSimulation simulation = model.simulation()) {
      assertEquals(1, simulation.positionCount());
      assertEquals(1, simulation.velocityCount());
      assertEquals(1, simulation.controlCount());
      double[] q = new double[1];
      double[] v = new double[1];
      simulation.reset(new double[] {0.5}, new double[] {0});
      assertNull(simulation.step(new double[] {0}, 20));
      simulation.positions(q);
      simulation.velocities(v);
      assertEquals(-2, v[0], 1e-12);
      assertEquals(0.5 - 10 * 0.01 * 0.01 * 20 * 21 / 2, q[0], 1e-12);

      simulation.reset(new double[] {0.5}, new double[] {0});
      assertNull(simulation.step(new double[] {5}, 20));
      simulation.velocities(v);
      assertEquals(0, v[0], 1e-12, "the motor is limited to 1, times 10: it holds the ball");
    }
  }

  @Test
  void severalThreadsSimulateAtOnce() throws Exception {
    try (MujocoModel model = library.model(FALL);
        var pool = Executors.newFixedThreadPool(4)) {
      List<Future<double[]>> results = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        double start = i % 4;
        Callable<double[]> task =
            () -> {
              try (MujocoModel own = library.model(FALL);
                  MujocoSimulation ofOwn = own.simulation();
                  MujocoSimulation ofShared = model.simulation()) {
                double[] q = new double[2];
                double[] one = new double[1];
                for (MujocoSimulation simulation : List.of(ofOwn, ofShared)) {
                  simulation.reset(new double[] {start}, new double[] {0});
                  for (int k = 0; k < 100; k++) {
                    assertNull(simulation.step(new double[] {0.01 * k}, 2));
                  }
                  simulation.positions(one);
                  q[simulation == ofOwn ? 0 : 1] = one[0] - start;
                }
                return q;
              }
            };
        results.add(pool.submit(task));
      }
      double[] first = results.getFirst().get();
      for (Future<double[]> result : results) {
        assertArrayEquals(first, result.get(), 1e-12);
      }
    }
  }

  @Test
  void instabilityIsReportedAndLeavesNoFile() {
    try (MujocoModel model = library.model(FALL);
        MujocoSimulation simulation = model.simulation()) {
      simulation.reset(new double[] {0}, new double[] {1e30});
      String words = simulation.step(new double[] {0}, 5);
      assertNotNull(words);
      assertTrue(words.contains("QVEL"), words);
      simulation.reset(new double[] {0}, new double[] {0});
      assertNull(simulation.step(new double[] {0}, 5), "usable again");
    }
    assertTrue(Files.notExists(Path.of("MUJOCO_LOG.TXT")));
  }

  @Test
  void wrongNumbersAreRefused() {
    try (MujocoModel model = library.model(FALL);
        MujocoSimulation simulation = model.simulation()) {
      double[] one = {0};
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> simulation.reset(new double[] {1, 2}, one));
      assertEquals("simulation: expected 1 positions, found 2", e.getMessage());
      e =
          assertThrows(
              IllegalArgumentException.class, () -> simulation.step(new double[] {Double.NaN}, 1));
      assertEquals("simulation: expected finite controls, found NaN at 0", e.getMessage());
    }
  }

  @Test
  void whatIsClosedThrows() {
    MujocoModel model = library.model(FALL);
    MujocoSimulation simulation = model.simulation();
    simulation.close();
    assertThrows(IllegalStateException.class, () -> simulation.step(new double[1], 1));
    assertThrows(IllegalStateException.class, () -> simulation.positions(new double[1]));
    assertThrows(IllegalStateException.class, simulation::close);
    MujocoSimulation orphan = model.simulation();
    model.close();
    assertThrows(IllegalStateException.class, model::simulation);
    assertThrows(IllegalStateException.class, () -> orphan.step(new double[1], 1));
    orphan.close();
  }

  @Test
  void badModelsAreRefusedInMujocosWords() {
    var e = assertThrows(MujocoException.class, () -> library.model("<mujoco><flag/></mujoco>"));
    assertTrue(e.getMessage().contains("XML Error"), e.getMessage());
    assertThrows(MujocoException.class, () -> library.model("no XML"));
  }

  /** Offsets of 2.2.2 with some exchanged, as another build of the library might have them. */
  @ParameterizedTest
  @CsvSource({
    "40336, 40384, 40376, 40408, 'positions: expected [0.125, 0.5, -0.5, 0.5, -0.5], found '",
    "40336, 40376, 40408, 40384, 'velocities: expected [-0.375, 0.625, -0.875, 1.125], found '",
    "40344, 40376, 40384, 40408, 'time: expected 1.25, found '",
  })
  void theSelfCheckFindsAWrongLayout(long time, long qpos, long qvel, long ctrl, String message) {
    Assumptions.assumeTrue(library.access() instanceof LayoutAccess, "needs MuJoCo 2.2.2");
    var wrong = new LayoutAccess(time, qpos, qvel, ctrl);
    var e =
        assertThrows(
            MujocoException.class, () -> MujocoLibrary.checked(library.functions(), null, wrong));
    assertTrue(
        e.getMessage()
            .startsWith("the self-check found the state elsewhere than expected (" + message),
        e.getMessage());
  }
}
