package io.qgpo.env.locomotion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.env.mujoco.ModelText;
import io.qgpo.env.mujoco.MujocoTest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bodies' masses, in kg, against those that Gym's models have. */
class BodiesTest extends MujocoTest {
  private Map<String, Double> masses(String body, Rules rules, Inertia inertia) throws Throwable {
    return ModelText.masses(library, Mjcf.of(body, rules, inertia, library.version()));
  }

  /** Expected as "name mass", in the order of the bodies; 5e-5 is what four decimals leave open. */
  private static void assertMasses(Map<String, Double> found, String... expected) {
    Map<String, Double> table = new LinkedHashMap<>();
    for (String row : expected) {
      String[] parts = row.split(" ");
      table.put(parts[0], Double.valueOf(parts[1]));
    }
    assertEquals(table.keySet().stream().toList(), found.keySet().stream().toList());
    table.forEach((name, mass) -> assertEquals(mass, found.get(name), 5.001e-5, name));
  }

  @Test
  void hopper() throws Throwable {
    assertMasses(
        masses("hopper", Rules.D4RL, Inertia.EXACT),
        "torso 3.6652",
        "thigh 4.0579",
        "leg 2.7814",
        "foot 5.3156");
    assertMasses(
        masses("hopper", Rules.D4RL, Inertia.D4RL_ERA),
        "torso 3.5343",
        "thigh 3.9270",
        "leg 2.7143",
        "foot 5.0894");
  }

  @Test
  void walker2d() throws Throwable {
    assertMasses(
        masses("walker2d", Rules.V5, Inertia.EXACT),
        "torso 3.6652",
        "thigh 4.0579",
        "leg 2.7814",
        "foot 3.1667",
        "thigh_left 4.0579",
        "leg_left 2.7814",
        "foot_left 3.1667");
    assertMasses(
        masses("walker2d", Rules.D4RL, Inertia.D4RL_ERA),
        "torso 3.5343",
        "thigh 3.9270",
        "leg 2.7143",
        "foot 2.9405",
        "thigh_left 3.9270",
        "leg_left 2.7143",
        "foot_left 2.9405");
  }

  @Test
  void halfCheetah() throws Throwable {
    assertMasses(
        masses("halfcheetah", Rules.D4RL, Inertia.EXACT),
        "torso 6.2502",
        "bthigh 1.5435",
        "bshin 1.5874",
        "bfoot 1.0954",
        "fthigh 1.4381",
        "fshin 1.2008",
        "ffoot 0.8845");
  }

  @ParameterizedTest
  @CsvSource({"hopper, 15.82", "walker2d, 23.68", "halfcheetah, 14"})
  void total(String body, double mass) throws Throwable {
    double sum = masses(body, Rules.V4, Inertia.EXACT).values().stream().mapToDouble(m -> m).sum();
    assertEquals(mass, sum, 0.005);
  }

  /** Its total is fixed at 14 kg, so that only the distribution can change. */
  @Test
  void halfCheetahOfTheD4rlEra() throws Throwable {
    Map<String, Double> masses = masses("halfcheetah", Rules.D4RL, Inertia.D4RL_ERA);
    assertEquals(14, masses.values().stream().mapToDouble(m -> m).sum(), 1e-6);
    double r = 0.046;
    double volume = 0;
    double[] halfLengths = {0.5, 0.15, 0.145, 0.15, 0.094, 0.133, 0.106, 0.07};
    for (double h : halfLengths) {
      volume += 2 * (h + r / 2) * Math.PI * r * r;
    }
    double bthigh = 2 * (0.145 + r / 2) * Math.PI * r * r;
    assertEquals(14 * bthigh / volume, masses.get("bthigh"), 1e-6);
  }
}
