package io.qgpo.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.Dataset;
import io.qgpo.data.DatasetInfo;
import io.qgpo.data.Episode;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.Transitions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointMazeDataTest {
  private static final int EPISODES = 60;

  private static double optimum() {
    return run(new ScriptedOptimum());
  }

  private static double run(Policy policy) {
    return new VectorEnvironments("pointmaze", PointMaze::new, EPISODES)
        .run(policy, 17)
        .returns()
        .mean();
  }

  @Test
  void wholeEpisodesWithinTheUnitBox() {
    Dataset d = PointMazeData.generate(PointMazeData.DEFAULT_ROWS, 0);
    DatasetInfo info = d.info();
    assertTrue(info.rows() >= 20_000 && info.rows() < 20_050, "rows " + info.rows());
    assertEquals(d.episodes().size(), info.completeEpisodes());
    assertEquals(List.of(), info.faults());
    assertEquals(ActionBounds.unit(2), ActionBounds.learn(d.transitions()));
    assertEquals(RewardScaling.NONE, RewardScaling.AUTO.of(d).kind());
    assertTrue(d.source().generated());
  }

  @Test
  void theSeedDecidesTheData() {
    String hash = PointMazeData.generate(500, 4).source().sha256();
    assertEquals(hash, PointMazeData.generate(500, 4).source().sha256());
    assertNotEquals(hash, PointMazeData.generate(500, 5).source().sha256());
    assertThrows(IllegalArgumentException.class, () -> PointMazeData.generate(1, 0));
  }

  @Test
  void dataAreWhatTheEnvironmentDoes() {
    Dataset d = PointMazeData.generate(300, 9);
    Transitions t = d.transitions();
    int moved = 0;
    for (int i = 0; i < t.size(); i++) {
      if (t.terminal(i)) {
        continue;
      }
      int s = t.stateIndex(i);
      int n = t.nextIndex(i);
      double before = toGoal(t, s);
      double after = toGoal(t, n);
      assertEquals(.8 * (before - after) - .25, t.reward(i), 1e-5);
      for (int c = 0; c < 2; c++) {
        if (t.state(n, c + 2) != 0) {
          assertEquals(t.state(s, c) + .5 * t.state(n, c + 2), t.state(n, c), 1e-5);
          moved++;
        }
      }
    }
    assertTrue(moved > t.size(), "most steps touch no wall: " + moved);
  }

  private static double toGoal(Transitions t, int row) {
    return Math.hypot(PointMaze.GOAL_X - t.state(row, 0), PointMaze.GOAL_Y - t.state(row, 1));
  }

  /** What the built-in example is for: see {@link PointMaze}. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void theMeanFailsTheMixtureIsMediocreAndTheGoodPartIsGood(long seed) {
    Dataset d = PointMazeData.generate(PointMazeData.DEFAULT_ROWS, seed);
    Transitions t = d.transitions();
    double optimum = optimum();
    double data = d.info().returns().mean();
    assertTrue(data > 0.55 * optimum && data < 0.75 * optimum, "data " + data);

    double mean = run(new Neighbours(t, i -> true, 50).mean());
    assertTrue(mean < 0.3 * optimum, "mean action " + mean);

    SplittableRandom random = new SplittableRandom(seed);
    double mixture = run(new Neighbours(t, i -> true, 10).sample(random));
    assertTrue(mixture < 0.8 * optimum && mixture > 2 * mean, "mixture " + mixture);

    boolean[] good = new boolean[d.info().rows()];
    for (Episode e : d.episodes()) {
      Arrays.fill(good, e.firstRow(), e.firstRow() + e.length(), e.totalReward() > 0.93 * optimum);
    }
    Neighbours best = new Neighbours(t, i -> good[t.stateIndex(i)], 5);
    double chosen = run(best.mean());
    assertTrue(chosen > 0.9 * optimum, "good episodes' mean action " + chosen);
  }
}
