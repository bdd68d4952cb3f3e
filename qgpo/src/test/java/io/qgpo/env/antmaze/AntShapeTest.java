package io.qgpo.env.antmaze;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.env.Capsule;
import io.qgpo.env.mujoco.DataText;
import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AntShapeTest {
  /** Upright and level: leg 1 points to the upper right, out to twice 0.2 and once 0.4. */
  @Test
  void legsPointAwayFromTheTorso() {
    double[] qpos = new double[AntModel.POSITIONS];
    qpos[0] = 3;
    qpos[1] = -1;
    qpos[3] = 1;
    List<Capsule> parts = AntShape.fromAbove(qpos);
    assertEquals(1 + 4 * 3, parts.size());
    assertEquals(0, parts.getFirst().length());
    assertEquals(3.8, parts.get(3).x2(), 1e-12);
    assertEquals(-0.2, parts.get(3).y2(), 1e-12);
    assertEquals(2.2, parts.get(6).x2(), 1e-12);
    assertEquals(-1.8, parts.get(9).y2(), 1e-12);
  }

  @Test
  void partsAreWhereMujocoPutsThem() throws Throwable {
    MujocoLibrary library = RequiredMujoco.library();
    String mjcf = AntModel.mjcf(new Blocks("RG"), library.version());
    var random = new SplittableRandom(7);
    for (int trial = 0; trial < 20; trial++) {
      double[] qpos = random.doubles(AntModel.POSITIONS, -1, 1).toArray();
      normalize(qpos);
      List<Capsule> parts = AntShape.fromAbove(qpos);
      List<double[]> centres = DataText.of(library, mjcf, qpos, "GEOM_XPOS");
      assertEquals(1 + parts.size(), centres.size(), "the ground and the parts");
      for (int i = 0; i < parts.size(); i++) {
        Capsule part = parts.get(i);
        assertEquals(centres.get(i + 1)[0], (part.x1() + part.x2()) / 2, 1e-12, "x of part " + i);
        assertEquals(centres.get(i + 1)[1], (part.y1() + part.y2()) / 2, 1e-12, "y of part " + i);
      }
    }
  }

  private static void normalize(double[] qpos) {
    double norm =
        Math.sqrt(qpos[3] * qpos[3] + qpos[4] * qpos[4] + qpos[5] * qpos[5] + qpos[6] * qpos[6]);
    for (int i = 3; i < 7; i++) {
      qpos[i] /= norm;
    }
  }
}
