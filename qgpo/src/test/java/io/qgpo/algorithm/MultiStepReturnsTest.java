package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.qgpo.data.RewardScaling;
import io.qgpo.data.Transitions;
import org.junit.jupiter.api.Test;

class MultiStepReturnsTest {
  private static final RewardScaling.Transform DOUBLED =
      new RewardScaling.Transform(RewardScaling.LOCOMOTION, 2, 0);

  /**
   * Three episodes over a table of 8 states: 0-1-2-3 ends by a time limit in state 3, whose own row
   * was left out; 4-5 terminates; 6-7 is cut off by the end of the data.
   */
  private static Transitions episodes() {
    return Transitions.of(
        "test",
        1,
        1,
        new float[] {0, 1, 2, 3, 4, 5, 6, 7},
        new float[6],
        new float[] {1, 10, 100, 1000, 10_000, 100_000},
        new boolean[] {false, false, false, false, true, false},
        new int[] {0, 1, 2, 4, 5, 6},
        new int[] {1, 2, 3, 5, 6, 7});
  }

  private static MultiStepReturns of(int steps) {
    return MultiStepReturns.of(episodes(), DOUBLED, steps, 0.5);
  }

  @Test
  void oneStepIsTheTransitionItself() {
    MultiStepReturns one = of(1);
    assertArrayEquals(new float[] {2, 20, 200, 2000, 20_000, 200_000}, one.rewards(), 0);
    assertArrayEquals(new float[] {1, 1, 1, 1, 0, 1}, one.continues(), 0);
    assertArrayEquals(new int[] {1, 2, 3, 5, 6, 7}, one.nextIndex());
  }

  @Test
  void twoStepsEndEarlierAtALimitATerminalAndTheEndOfTheData() {
    MultiStepReturns two = of(2);
    assertArrayEquals(
        new float[] {2 + 10, 20 + 100, 200, 2000 + 10_000, 20_000, 200_000}, two.rewards(), 0);
    assertArrayEquals(new float[] {.5f, .5f, 1, 0, 0, 1}, two.continues(), 0);
    assertArrayEquals(new int[] {2, 3, 3, 6, 6, 7}, two.nextIndex());
  }

  @Test
  void moreStepsThanAnEpisodeHasGiveItsWholeRest() {
    MultiStepReturns all = of(100);
    assertArrayEquals(
        new float[] {2 + 10 + 50, 20 + 100, 200, 2000 + 10_000, 20_000, 200_000}, all.rewards(), 0);
    assertArrayEquals(new float[] {.25f, .5f, 1, 0, 0, 1}, all.continues(), 0);
    assertArrayEquals(new int[] {3, 3, 3, 6, 6, 7}, all.nextIndex());
  }
}
