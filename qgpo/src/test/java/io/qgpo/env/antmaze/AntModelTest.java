package io.qgpo.env.antmaze;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.mujoco.ModelText;
import io.qgpo.env.mujoco.MujocoTest;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AntModelTest extends MujocoTest {
  /** Of positions and velocities after one step; the recording is of 2.2.2. */
  double tolerance() {
    return 1e-6;
  }

  /** How many of the recorded steps mean the same in this version. */
  int comparableSteps() {
    return 20;
  }

  /** Volumes at 5 kg/m3: a ball of radius 0.25, and capsules of radius 0.08. */
  @Test
  void masses() throws Throwable {
    double upper = capsule(0.2 * Math.sqrt(2));
    double lower = capsule(0.4 * Math.sqrt(2));
    Map<String, Double> expected = new LinkedHashMap<>();
    expected.put("torso", 5 * 4 / 3.0 * Math.PI * Math.pow(0.25, 3));
    for (int leg = 1; leg <= 4; leg++) {
      expected.put("leg_" + leg, upper);
      expected.put("thigh_" + leg, upper);
      expected.put("shin_" + leg, lower);
    }
    Map<String, Double> found =
        ModelText.masses(library, AntModel.mjcf(AntMaze.UMAZE.blocks(), library.version()));
    assertEquals(expected.keySet().stream().toList(), found.keySet().stream().toList());
    expected.forEach((name, mass) -> assertEquals(mass, found.get(name), 1e-8, name));
    assertEquals(0.9109, found.values().stream().mapToDouble(m -> m).sum(), 5e-5);
  }

  private static double capsule(double length) {
    double r = 0.08;
    return 5 * Math.PI * r * r * (length + 4 / 3.0 * r);
  }

  /**
   * One step from each of 20 states (in the air, on the ground, at a wall, on its back in a corner)
   * against what D4RL's own ant.xml with D4RL's walls gave in MuJoCo 2.2.2.
   */
  @Test
  void stepsAreThoseOfD4rlsModel() throws IOException {
    JsonNode steps = recordedSteps();
    assertEquals(20, steps.size());
    int comparable = comparableSteps();
    try (PhysicalEnvironment ant = AntMaze.UMAZE.environment(library)) {
      for (int k = 0; k < comparable; k++) {
        JsonNode step = steps.get(k);
        ant.reset(doubles(step.get("qpos")), doubles(step.get("qvel")));
        double[] action = doubles(step.get("action"));
        float[] floats = new float[action.length];
        for (int i = 0; i < action.length; i++) {
          floats[i] = (float) action[i];
        }
        ant.step(floats);
        assertClose("qpos of step " + k, doubles(step.get("next_qpos")), ant.positions());
        assertClose("qvel of step " + k, doubles(step.get("next_qvel")), ant.velocities());
      }
    }
  }

  private void assertClose(String what, double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance(), what + " at " + i);
    }
  }

  private static JsonNode recordedSteps() throws IOException {
    try (InputStream in = AntModelTest.class.getResourceAsStream("umaze-steps.json")) {
      return new JsonMapper().readTree(in).get("steps");
    }
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).doubleValue();
    }
    return values;
  }
}
