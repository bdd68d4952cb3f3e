package io.qgpo.env.locomotion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Environment;
import io.qgpo.env.Environment.Step;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LocomotionTest {
  private static MujocoLibrary library;

  @BeforeAll
  static void findLibrary() {
    library = RequiredMujoco.library();
  }

  private static PhysicalEnvironment make(Locomotion body, Rules rules) {
    return body.environment(rules, Inertia.EXACT, library);
  }

  static List<String> names() {
    return Locomotion.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyNameIsFound(String name) {
    EnvironmentSpec spec = Locomotion.find(name).orElseThrow();
    assertEquals(name, spec.name());
    assertEquals(List.of("rules", "inertia", "mujoco"), List.copyOf(spec.protocol().keySet()));
    try (Environment environment = spec.factory().get()) {
      assertEquals(environment.observationSize(), environment.reset(3).length);
      assertEquals(ActionBounds.unit(environment.actionSize()), environment.actionBounds());
      assertEquals(1000, environment.maxSteps());
      float[] action = new float[environment.actionSize()];
      assertEquals(environment.observationSize(), environment.step(action).observation().length);
      assertTrue(environment.isSlow());
    }
  }

  @Test
  void otherNames() {
    assertEquals(18, Locomotion.names().size());
    assertEquals("hopper-d4rl", Locomotion.find("hopper-v2-d4rl").orElseThrow().name());
    for (String name : List.of("hopper-v3", "hopper-d4rl-v4", "ant", "Hopper", "", "hopper-")) {
      assertTrue(Locomotion.find(name).isEmpty(), name);
    }
  }

  @Test
  void scoresAreD4rls() {
    var hopper = Locomotion.find("hopper-v5").orElseThrow().scores().orElseThrow();
    assertEquals(0, hopper.score(-20.272305), 1e-12);
    assertEquals(100, hopper.score(3234.3), 1e-12);
    assertEquals(50, hopper.score((3234.3 - 20.272305) / 2), 1e-12);
    assertEquals(
        Map.of(
            "rules",
            "Gymnasium's v5",
            "inertia",
            "of capsules (since MuJoCo 2.1.2)",
            "mujoco",
            library.version().toString()),
        Locomotion.find("hopper-v5").orElseThrow().protocol());
  }

  @ParameterizedTest
  @EnumSource
  void episodesRepeatAndSeedsDiffer(Locomotion body) {
    try (PhysicalEnvironment environment = make(body, Rules.D4RL)) {
      double first = play(environment, 7);
      play(environment, 8);
      assertEquals(first, play(environment, 7), "nothing is left of other episodes");
      assertNotEquals(first, play(environment, 8));
    }
  }

  /** The return of an episode with the same random actions. */
  private static double play(PhysicalEnvironment environment, long seed) {
    var random = new SplittableRandom(5);
    float[] action = new float[environment.actionSize()];
    double total = 0;
    Step step;
    environment.reset(seed);
    do {
      for (int i = 0; i < action.length; i++) {
        action[i] = (float) random.nextDouble(-1, 1);
      }
      step = environment.step(action);
      total += step.reward();
    } while (!step.done());
    return total;
  }

  /** Random policies return about 18.5, -300 and 2.7. */
  @Test
  void randomPoliciesEarnWhatTheyShould() {
    assertEquals(18.5, meanReturn(Locomotion.HOPPER, 200), 3);
    assertEquals(-300, meanReturn(Locomotion.HALFCHEETAH, 10), 60);
    assertEquals(2.7, meanReturn(Locomotion.WALKER2D, 200), 1.5);
  }

  private static double meanReturn(Locomotion body, int episodes) {
    try (PhysicalEnvironment environment = make(body, Rules.D4RL)) {
      var random = new SplittableRandom(1);
      float[] action = new float[environment.actionSize()];
      double total = 0;
      for (int i = 0; i < episodes; i++) {
        environment.reset(i);
        Step step;
        do {
          for (int k = 0; k < action.length; k++) {
            action[k] = (float) random.nextDouble(-1, 1);
          }
          step = environment.step(action);
          total += step.reward();
        } while (!step.done());
      }
      return total / episodes;
    }
  }

  @Test
  void startsAreAsNoisyAsGyms() {
    try (PhysicalEnvironment hopper = make(Locomotion.HOPPER, Rules.D4RL);
        PhysicalEnvironment cheetah = make(Locomotion.HALFCHEETAH, Rules.D4RL)) {
      double largest = 0;
      double squares = 0;
      for (int seed = 0; seed < 300; seed++) {
        hopper.reset(seed);
        double[] q = hopper.positions();
        q[1] -= 1.25;
        for (int i = 0; i < 6; i++) {
          largest = Math.max(largest, Math.max(Math.abs(q[i]), Math.abs(hopper.velocities()[i])));
        }
        cheetah.reset(seed);
        for (double p : cheetah.positions()) {
          assertTrue(Math.abs(p) < 0.1, "position " + p);
        }
        for (double v : cheetah.velocities()) {
          squares += v * v;
        }
      }
      assertTrue(largest <= 0.005 && largest > 0.00495, "largest of 3600: " + largest);
      assertEquals(0.1, Math.sqrt(squares / 2700), 0.005, "sd of 2700 normal numbers");
    }
  }

  /** A hopper that leans too far: the step ends the episode, and v5 gives no bonus for it. */
  @ParameterizedTest
  @EnumSource(value = Locomotion.class, names = "HALFCHEETAH", mode = EnumSource.Mode.EXCLUDE)
  void theLastStepEarnsTheBonusBeforeV5(Locomotion body) {
    int joints = body == Locomotion.HOPPER ? 6 : 9;
    double[] q = new double[joints];
    q[1] = 1.25;
    q[2] = body == Locomotion.HOPPER ? 0.25 : 1.1;
    double[] rewards = new double[Rules.values().length];
    for (Rules rules : Rules.values()) {
      try (PhysicalEnvironment environment = make(body, rules)) {
        environment.reset(q, new double[joints]);
        Step step = environment.step(new float[environment.actionSize()]);
        assertTrue(step.terminated());
        assertFalse(step.truncated());
        rewards[rules.ordinal()] = step.reward();
        assertThrows(
            IllegalStateException.class,
            () -> environment.step(new float[environment.actionSize()]),
            "the episode is over");
      }
    }
    // Walker2d's v5 has another foot, which in the air makes no difference.
    assertEquals(rewards[Rules.V4.ordinal()], rewards[Rules.D4RL.ordinal()], 0);
    assertEquals(rewards[Rules.V4.ordinal()] - 1, rewards[Rules.V5.ordinal()], 1e-9);
  }

  /**
   * Sliding on its right foot, a walker of v5 is slower; on its left one it makes no difference.
   */
  @Test
  void v5WalkersRightFootGrips() {
    assertNotEquals(slide(Rules.V4, 5), slide(Rules.V5, 5), 1e-3);
    assertEquals(slide(Rules.V4, 2), slide(Rules.V5, 2), 1e-9);
  }

  /** Velocity after ten steps with one leg (its thigh's joint given) lifted by 0.9 rad. */
  private static double slide(Rules rules, int lifted) {
    try (PhysicalEnvironment walker = make(Locomotion.WALKER2D, rules)) {
      double[] q = {0, 1.205, 0, 0, 0, 0, 0, 0, 0}; // soles 5 mm in the ground
      q[lifted == 5 ? 6 : 3] = -0.9;
      double[] v = {3, 0, 0, 0, 0, 0, 0, 0, 0};
      walker.reset(q, v);
      for (int i = 0; i < 10; i++) {
        walker.step(new float[6]);
      }
      return walker.velocities()[0];
    }
  }

  @Test
  void limitsAreThoseOfGym() {
    try (PhysicalEnvironment cheetah = make(Locomotion.HALFCHEETAH, Rules.D4RL)) {
      cheetah.reset(1);
      Step step = null;
      for (int i = 0; i < 1000; i++) {
        step = cheetah.step(new float[6]);
        assertEquals(i == 999, step.truncated());
      }
      assertFalse(step.terminated());
    }
  }

  @Test
  void velocitiesAreLimitedInWhatIsSeenOnly() {
    try (PhysicalEnvironment hopper = make(Locomotion.HOPPER, Rules.D4RL)) {
      double[] v = {20, 0, 0, -30, 0, 0};
      float[] seen = hopper.reset(new double[] {7, 1.25, 0, 0, 0, 0}, v);
      assertArrayEquals(new float[] {1.25f, 0, 0, 0, 0, 10, 0, 0, -10, 0, 0}, seen);
      assertArrayEquals(v, hopper.velocities());
    }
  }

  @Test
  void anUnstableSimulationEndsTheEpisode() {
    try (PhysicalEnvironment hopper = make(Locomotion.HOPPER, Rules.D4RL)) {
      double[] q = {0, 1.25, 0, 0, 0, 0};
      float[] before = hopper.reset(q, new double[] {0, 0, 0, 0, 1e30, 0});
      Step step = hopper.step(new float[3]);
      assertTrue(step.terminated());
      assertEquals(0, step.reward());
      assertArrayEquals(before, step.observation());
      hopper.reset(1);
      assertFalse(hopper.step(new float[3]).done());
    }
  }

  @Test
  void wrongActionsAreRefused() {
    try (PhysicalEnvironment hopper = make(Locomotion.HOPPER, Rules.V4)) {
      var e = assertThrows(IllegalStateException.class, () -> hopper.step(new float[3]));
      assertEquals("hopper: no episode is running; call reset first", e.getMessage());
      hopper.reset(1);
      for (float[] action : List.of(new float[2], new float[] {0, Float.NaN, 0})) {
        var refused = assertThrows(IllegalArgumentException.class, () -> hopper.step(action));
        assertTrue(
            refused.getMessage().startsWith("hopper: expected an action of 3 finite numbers"),
            refused.getMessage());
      }
    }
  }
}
