package io.qgpo.env.locomotion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qgpo.env.Environment.Step;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.mujoco.MujocoTest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * One step from each recorded state, against recordings of Gym's environments under v4's rules with
 * MuJoCo 2.2.2: three traces each, with random actions, an expert's with noise, and actions out of
 * range. Whole trajectories are not compared: they diverge chaotically.
 */
class TracesTest extends MujocoTest {
  private static final double TOLERANCE = 1e-6;

  private static JsonNode traces(Locomotion body) throws IOException {
    String name = body.name().toLowerCase(Locale.ROOT) + ".json";
    try (InputStream in = TracesTest.class.getResourceAsStream(name)) {
      return JsonMapper.builder().build().readTree(in).path("traces");
    }
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).doubleValue();
    }
    return values;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private interface Visitor {
    void visit(String where, JsonNode trace, int step, double[] action);
  }

  /** Puts the environment into the state before each recorded step. */
  private static void replay(Locomotion body, PhysicalEnvironment environment, Visitor visitor)
      throws IOException {
    int steps = 0;
    for (JsonNode trace : traces(body)) {
      JsonNode positions = trace.get("init_qpos");
      JsonNode velocities = trace.get("init_qvel");
      for (int k = 0; k < trace.get("actions").size(); k++) {
        environment.reset(doubles(positions), doubles(velocities));
        String where = trace.get("kind").textValue() + ", step " + k;
        visitor.visit(where, trace, k, doubles(trace.get("actions").get(k)));
        positions = trace.get("qpos").get(k);
        velocities = trace.get("qvel").get(k);
        steps++;
      }
    }
    assertEquals(150, steps);
  }

  @ParameterizedTest
  @EnumSource(value = Locomotion.class, mode = Mode.EXCLUDE, names = "WALKER2D")
  void everyStepAgrees(Locomotion body) throws IOException {
    try (var environment =
        (LocomotionEnvironment) body.environment(Rules.V4, Inertia.EXACT, library)) {
      replay(
          body,
          environment,
          (where, trace, k, action) -> {
            Step step = environment.step(floats(action));
            double[] expected = doubles(trace.get("obs").get(k));
            double[] found =
                environment.observation(environment.positions(), environment.velocities());
            assertArrayEquals(expected, found, TOLERANCE, where);
            assertArrayEquals(floats(found), step.observation(), where);
            double[] qpos = doubles(trace.get("qpos").get(k));
            assertArrayEquals(qpos, environment.positions(), TOLERANCE, where);
            double[] qvel = doubles(trace.get("qvel").get(k));
            assertArrayEquals(qvel, environment.velocities(), TOLERANCE, where);
            assertEquals(
                trace.get("rewards").get(k).doubleValue(), step.reward(), TOLERANCE, where);
            assertEquals(trace.get("done").get(k).booleanValue(), step.terminated(), where);
            assertFalse(step.truncated(), where);
          });
    }
  }

  /** D4RL's rules differ in that the cost is of the clipped action. */
  @ParameterizedTest
  @EnumSource(value = Locomotion.class, mode = Mode.EXCLUDE, names = "WALKER2D")
  void d4rlClipsFirst(Locomotion body) throws IOException {
    double weight = body == Locomotion.HOPPER ? 0.001 : 0.1;
    int[] clipped = new int[1];
    try (PhysicalEnvironment environment = body.environment(Rules.D4RL, Inertia.EXACT, library)) {
      replay(
          body,
          environment,
          (where, trace, k, action) -> {
            double saved = 0;
            for (double a : action) {
              saved += a * a - Math.min(a * a, 1);
            }
            clipped[0] += saved > 0 ? 1 : 0;
            Step step = environment.step(floats(action));
            assertEquals(
                trace.get("rewards").get(k).doubleValue() + weight * saved,
                step.reward(),
                TOLERANCE,
                where);
            double[] qpos = doubles(trace.get("qpos").get(k));
            assertArrayEquals(qpos, environment.positions(), TOLERANCE, where);
          });
    }
    assertTrue(clipped[0] > 25, "steps with an action out of range: " + clipped[0]);
  }
}
