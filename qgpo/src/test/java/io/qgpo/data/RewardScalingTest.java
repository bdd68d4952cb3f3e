package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RewardScalingTest {

  private static Dataset dataset(float[] rewards, boolean[] terminals, boolean[] timeouts) {
    return dataset(rewards, terminals, timeouts, false);
  }

  private static Dataset dataset(
      float[] rewards, boolean[] terminals, boolean[] timeouts, boolean generated) {
    int n = rewards.length;
    Source source = new Source("made", "0", generated);
    return Dataset.of(
        LoggedRows.of(source, 1, 1, new float[n], new float[n], rewards, terminals, timeouts),
        1000);
  }

  @Test
  void locomotionDividesByTheRangeOfReturns() {
    // Windows: 1 + 2 = 3, then 3 + 5 = 8; the rest reaches no terminal and does not count.
    float[] rewards = {1, 2, 3, 5, 100, 100};
    boolean[] terminals = {false, true, false, true, false, false};
    Dataset d = dataset(rewards, terminals, new boolean[6]);
    RewardScaling.Transform t = RewardScaling.LOCOMOTION.of(d);
    assertEquals(1000.0 / 5, t.scale());
    assertEquals(0, t.shift());
    assertArrayEquals(new float[] {200, 400, 600, 1000, 20000}, t.apply(d.transitions()));
  }

  @Test
  void windowsOfFilteredRowsDriftAcrossTimedOutEpisodes() {
    // Three episodes of 1000 rows that time out, rewards 1, 2 and 3. Filtered: 999 rows of each,
    // less the very last row, which is a timeout anyway. The first window of 1000 has 999 ones and
    // one two = 1001; the second 998 twos and two threes = 2002; the third is incomplete.
    int n = 3000;
    float[] rewards = new float[n];
    boolean[] timeouts = new boolean[n];
    for (int i = 0; i < n; i++) {
      rewards[i] = 1 + i / 1000;
      timeouts[i] = i % 1000 == 999;
    }
    Dataset d = dataset(rewards, new boolean[n], timeouts);
    assertEquals(2997, d.transitions().size());
    assertEquals(2002 - 1001, RewardScaling.returnRange(d.transitions()));
  }

  @Test
  void antmazeSubtractsOne() {
    Dataset d = dataset(new float[] {0, 1, 0}, new boolean[3], new boolean[3]);
    assertArrayEquals(new float[] {-1, 0}, RewardScaling.ANTMAZE.of(d).apply(d.transitions()));
  }

  @Test
  void autoLooksAtTheData() {
    boolean[] terminals = {false, true, true, false};
    float[] different = {1, 2, 7, 0};
    assertEquals(RewardScaling.LOCOMOTION, chosen(different, terminals, false));
    assertEquals(RewardScaling.NONE, chosen(different, terminals, true));
    boolean[] atTheGoal = {false, true, false, false};
    assertEquals(RewardScaling.ANTMAZE, chosen(new float[] {0, 1, 0, 0}, atTheGoal, false));
    assertEquals(RewardScaling.NONE, chosen(new float[] {2, 2, 4, 0}, terminals, false));
    boolean[] never = new boolean[4];
    assertEquals(RewardScaling.NONE, chosen(new float[] {0, 1, 0, 1}, never, false));
  }

  /** Less by 1, a reward for each step that nothing fell over would be 0 throughout. */
  @Test
  void autoKeepsARewardForEachStepSurvived() {
    float[] ones = {1, 1, 1, 1};
    boolean[] falls = {true, false, true, false};
    assertEquals(RewardScaling.LOCOMOTION, chosen(ones, falls, false));
    assertEquals(RewardScaling.LOCOMOTION, chosen(new float[] {1, 0, 0, 1}, falls, false));
    assertEquals(RewardScaling.NONE, chosen(ones, new boolean[] {true, true, true, true}, false));
  }

  @Test
  void tellsRewardsThatSayNothing() {
    boolean[] ends = {false, true, false, true};
    boolean[] never = new boolean[4];
    assertTrue(sayNothing(RewardScaling.NONE, new float[4], ends));
    assertTrue(sayNothing(RewardScaling.NONE, new float[] {2, 2, 2, 2}, never));
    assertFalse(sayNothing(RewardScaling.NONE, new float[] {2, 2, 2, 2}, ends));
    assertTrue(sayNothing(RewardScaling.ANTMAZE, new float[] {1, 1, 1, 1}, ends));
    assertFalse(sayNothing(RewardScaling.ANTMAZE, new float[] {0, 1, 0, 1}, ends));
  }

  private static boolean sayNothing(RewardScaling scaling, float[] rewards, boolean[] terminals) {
    Dataset d = dataset(rewards, terminals, new boolean[rewards.length]);
    return scaling.of(d).sayNothing(d.transitions());
  }

  private static RewardScaling chosen(float[] rewards, boolean[] terminals, boolean generated) {
    return RewardScaling.AUTO.of(dataset(rewards, terminals, new boolean[4], generated)).kind();
  }

  @Test
  void locomotionRefusesEqualReturns() {
    Dataset d = dataset(new float[] {1, 1, 1}, new boolean[] {true, true, true}, new boolean[3]);
    String message =
        assertThrows(DataException.class, () -> RewardScaling.LOCOMOTION.of(d)).getMessage();
    assertTrue(message.contains("a range of 0.0; choose the reward scaling 'none'"), message);
  }

  @Test
  void noneChangesNothing() {
    Dataset d = dataset(new float[] {.1f, -3, 0}, new boolean[3], new boolean[3]);
    assertArrayEquals(new float[] {.1f, -3}, RewardScaling.NONE.of(d).apply(d.transitions()));
    assertEquals("none", RewardScaling.NONE.label());
  }
}
