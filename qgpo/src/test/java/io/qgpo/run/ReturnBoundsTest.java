package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.data.Transitions;
import org.junit.jupiter.api.Test;

class ReturnBoundsTest {
  /** Four steps of one state and action each; the last ends the episode. */
  private static ReturnBounds bounds(double discount, float... rewards) {
    Transitions transitions =
        Transitions.of(
            "four",
            1,
            1,
            new float[5],
            new float[4],
            rewards,
            new boolean[] {false, false, false, true},
            new int[] {0, 1, 2, 3},
            new int[] {1, 2, 3, 4});
    return ReturnBounds.of(transitions, rewards, discount, 50);
  }

  @Test
  void whatGoesOnCountsForEverAndTheEndOnce() {
    ReturnBounds bounds = bounds(0.9, 1, 2, -3, 100);
    assertEquals(-30, bounds.smallest(), 1e-9);
    assertEquals(120, bounds.largest(), 1e-9);
    assertEquals(150, bounds.width(), 1e-9);
    assertEquals(-107, bounds(0.9, 0, -0.7f, 0, -100).smallest(), 1e-5);
  }

  @Test
  void withoutADiscountItCountsForAnEpisode() {
    assertEquals(new ReturnBounds(-50, 100), bounds(1, -1, 0, 2, 0));
    assertEquals(new ReturnBounds(0, 0), bounds(1, 0, 0, 0, 0));
  }

  @Test
  void noRewardBelowZeroMeansNoReturnBelow() {
    assertEquals(0, bounds(0.9, 1, 2, 3, 4).smallest());
    assertEquals(0, bounds(0.9, -1, -1, -1, -1).largest());
  }
}
