package io.qgpo.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorEnvironmentsTest {

  /** Counts down from a length drawn by the seed; the reward is the action; 7 steps at most. */
  private static class Countdown implements Environment {
    private int left;
    private int steps;

    @Override
    public int observationSize() {
      return 1;
    }

    @Override
    public int actionSize() {
      return 1;
    }

    @Override
    public int maxSteps() {
      return 7;
    }

    @Override
    public ActionBounds actionBounds() {
      return ActionBounds.unit(1);
    }

    @Override
    public float[] reset(long seed) {
      left = 1 + (int) Long.remainderUnsigned(seed, 10);
      steps = 0;
      return new float[] {left};
    }

    @Override
    public Step step(float[] action) {
      left--;
      steps++;
      boolean terminated = left == 0;
      return new Step(new float[] {left}, action[0], terminated, !terminated && steps == 7);
    }
  }

  /** The same on several threads; counts how many are open. */
  private static final class SlowCountdown extends Countdown {
    static final AtomicInteger OPEN = new AtomicInteger();

    SlowCountdown() {
      OPEN.incrementAndGet();
    }

    @Override
    public boolean isSlow() {
      return true;
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
    }
  }

  private static final Policy DOUBLE =
      (observations, count, actions) -> {
        for (int i = 0; i < count; i++) {
          actions[i] = 2 * observations[i];
        }
      };

  @Test
  void slowEnvironmentsGiveTheSameAndAreClosed() {
    Evaluation expected = new VectorEnvironments("countdown", Countdown::new, 50).run(DOUBLE, 3);
    try (var slow = new VectorEnvironments("countdown", SlowCountdown::new, 50)) {
      assertEquals(50, SlowCountdown.OPEN.get());
      Evaluation found = slow.run(DOUBLE, 3);
      for (int i = 0; i < 50; i++) {
        assertEquals(expected.totalReward(i), found.totalReward(i));
        assertEquals(expected.length(i), found.length(i));
      }
    }
    assertEquals(0, SlowCountdown.OPEN.get());
  }

  @Test
  void thoseThatWereMadeAreClosedIfOneCannotBe() {
    AtomicInteger made = new AtomicInteger();
    assertThrows(
        IllegalStateException.class,
        () ->
            new VectorEnvironments(
                "countdown",
                () -> {
                  if (made.incrementAndGet() == 4) {
                    throw new IllegalStateException("no more");
                  }
                  return new SlowCountdown();
                },
                10));
    assertEquals(0, SlowCountdown.OPEN.get());
  }

  @Test
  void everyEpisodeGetsItsOwnActionsAndEndsByItself() {
    Evaluation e = new VectorEnvironments("countdown", Countdown::new, 50).run(DOUBLE, 3);
    int terminated = 0;
    for (int i = 0; i < 50; i++) {
      int n = e.length(i);
      if (e.terminated(i)) {
        terminated++;
        assertEquals(n * (n + 1), e.totalReward(i), "2 (n + ... + 1)");
      } else {
        assertEquals(7, n);
        assertTrue(e.totalReward(i) >= 2 * (8 + 7 + 6 + 5 + 4 + 3 + 2));
      }
    }
    assertTrue(terminated > 10 && terminated < 50);
  }

  @Test
  void onlyRunningEpisodesAreAskedFor() {
    List<Integer> asked = new ArrayList<>();
    Policy counting =
        (observations, count, actions) -> {
          asked.add(count);
          DOUBLE.act(observations, count, actions);
        };
    Evaluation e = new VectorEnvironments("countdown", Countdown::new, 20).run(counting, 3);
    assertEquals(20, asked.getFirst());
    assertEquals(e.lengths().mean() * 20, asked.stream().mapToInt(i -> i).sum(), 1e-9);
    for (int i = 1; i < asked.size(); i++) {
      assertTrue(asked.get(i) <= asked.get(i - 1) && asked.get(i) > 0);
    }
  }

  @Test
  void anEpisodeDoesNotDependOnTheOthers() {
    Evaluation few =
        new VectorEnvironments("pointmaze", PointMaze::new, 3).run(new ScriptedOptimum(), 8);
    Evaluation many =
        new VectorEnvironments("pointmaze", PointMaze::new, 30).run(new ScriptedOptimum(), 8);
    for (int i = 0; i < 3; i++) {
      assertEquals(few.totalReward(i), many.totalReward(i));
    }
  }

  @Test
  void runsRepeatAndSeedsDiffer() {
    VectorEnvironments v = new VectorEnvironments("pointmaze", PointMaze::new, 10);
    Summary first = v.run(new ScriptedOptimum(), 1).returns();
    assertEquals(first, v.run(new ScriptedOptimum(), 1).returns());
    assertFalse(first.equals(v.run(new ScriptedOptimum(), 2).returns()));
    assertEquals(10, v.size());
  }

  /** More episodes than run side by side: the same seeds, each watched under its number. */
  @Test
  void manyEpisodesRunInLots() {
    int many = 2 * VectorEnvironments.AT_ONCE + 3;
    AtomicInteger made = new AtomicInteger();
    var lots =
        new VectorEnvironments(
            "countdown",
            () -> {
              made.incrementAndGet();
              return new Countdown();
            },
            many);
    int[] watched = new int[many];
    Evaluation found = lots.run(DOUBLE, 3, (episode, before, step) -> watched[episode]++);
    assertEquals(VectorEnvironments.AT_ONCE, made.get());
    assertEquals(many, lots.size());
    SplittableRandom seeds = new SplittableRandom(3);
    for (int i = 0; i < many; i++) {
      int length = Math.min(7, 1 + (int) Long.remainderUnsigned(seeds.nextLong(), 10));
      assertEquals(length, found.length(i));
      assertEquals(length, watched[i]);
    }
  }

  /** Breaks one rule at its third step, or as it begins. */
  private static final class Faulty extends Countdown {
    private final String fault;

    Faulty(String fault) {
      this.fault = fault;
    }

    @Override
    public float[] reset(long seed) {
      super.reset(9);
      return switch (fault) {
        case "no start" -> null;
        case "short start" -> new float[0];
        case "failing start" -> throw new IllegalStateException("no power");
        default -> new float[] {10};
      };
    }

    @Override
    public Step step(float[] action) {
      Step step = super.step(action);
      if (step.observation()[0] > 7) {
        return step;
      }
      return switch (fault) {
        case "no step" -> null;
        case "no observation" -> new Step(null, 0, false, false);
        case "long" -> new Step(new float[2], 0, false, false);
        case "nan" -> new Step(new float[] {Float.NaN}, 0, false, false);
        case "reward" -> new Step(new float[1], Double.POSITIVE_INFINITY, false, false);
        case "array" -> throw new ArrayIndexOutOfBoundsException(3);
        case "link" -> throw new NoClassDefFoundError("com/acme/Valve");
        default -> step;
      };
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no start | reset: expected an observation of 1 numbers, found null",
        "short start | reset: expected an observation of 1 numbers, found 0 numbers",
        "failing start | reset: expected an observation, found java.lang.IllegalStateException: no"
            + " power",
        "no step | step 3: expected a step, found null",
        "no observation | step 3: expected an observation of 1 numbers, found null",
        "long | step 3: expected an observation of 1 numbers, found 2 numbers",
        "nan | step 3: expected an observation of finite numbers, found NaN in place 0",
        "reward | step 3: expected a finite reward, found Infinity",
        "array | step 3: expected an observation, found"
            + " java.lang.ArrayIndexOutOfBoundsException: Array index out of range: 3",
        "link | step 3: expected an observation, found java.lang.NoClassDefFoundError:"
            + " com/acme/Valve",
      })
  void anEnvironmentIsKeptToItsWord(String fault, String message) {
    var environments = new VectorEnvironments("class:a.B", () -> new Faulty(fault), 1);
    assertEquals(
        "Environment class:a.B, episode 0, " + message + "; mend the environment.",
        assertThrows(EnvironmentException.class, () -> environments.run(DOUBLE, 3)).getMessage());
  }

  @Test
  void refusesNone() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new VectorEnvironments("pointmaze", PointMaze::new, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Evaluation(new double[2], new int[1], new boolean[2]));
  }
}
