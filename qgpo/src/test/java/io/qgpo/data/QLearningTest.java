package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QLearningTest {
  private static final Source SOURCE = new Source("made.hdf5", "0", false);

  /** Rows whose observation, action and reward tell their number. */
  private static LoggedRows rows(boolean[] terminals, boolean[] timeouts) {
    int n = terminals.length;
    float[] observations = new float[2 * n];
    float[] actions = new float[n];
    float[] rewards = new float[n];
    for (int i = 0; i < n; i++) {
      observations[2 * i] = i;
      observations[2 * i + 1] = -i;
      actions[i] = i / 100f;
      rewards[i] = 10 * i;
    }
    return LoggedRows.of(SOURCE, 2, 1, observations, actions, rewards, terminals, timeouts);
  }

  /** One transition as D4RL's loop appends it. */
  private record Expected(int row, boolean done) {}

  /** D4RL's loop, word for word where it matters: the oracle. */
  private static List<Expected> naive(boolean[] terminals, boolean[] timeouts, int limit) {
    List<Expected> out = new ArrayList<>();
    int step = 0;
    for (int i = 0; i < terminals.length - 1; i++) {
      boolean last = timeouts != null ? timeouts[i] : step == limit - 1;
      if (last) {
        step = 0;
        continue;
      }
      if (terminals[i]) {
        step = 0;
      }
      out.add(new Expected(i, terminals[i]));
      step++;
    }
    return out;
  }

  private static void assertMatches(List<Expected> expected, Transitions found) {
    assertEquals(expected.size(), found.size());
    for (int k = 0; k < found.size(); k++) {
      int row = expected.get(k).row();
      assertEquals(row, found.stateIndex(k));
      assertEquals(row + 1, found.nextIndex(k));
      assertEquals(row, found.state(found.stateIndex(k), 0));
      assertEquals(-(row + 1), found.state(found.nextIndex(k), 1));
      assertEquals(row / 100f, found.action(k, 0));
      assertEquals(10 * row, found.reward(k));
      assertEquals(expected.get(k).done(), found.terminal(k));
    }
  }

  @Property(tries = 300)
  void sameTransitionsAsTheReferenceLoop(
      @ForAll @Size(min = 3, max = 60) List<@IntRange(max = 5) Integer> marks,
      @ForAll boolean recorded,
      @ForAll @IntRange(min = 2, max = 9) int limit) {
    int n = marks.size();
    boolean[] terminals = new boolean[n];
    boolean[] timeouts = new boolean[n];
    for (int i = 0; i < n; i++) {
      terminals[i] = marks.get(i) == 0 || marks.get(i) == 1;
      timeouts[i] = i > 0 && (marks.get(i) == 1 || marks.get(i) == 2);
    }
    boolean[] given = recorded ? timeouts : null;
    List<Expected> expected = naive(terminals, given, limit);
    Dataset dataset = Dataset.of(rows(terminals, given), limit);
    assertMatches(expected, dataset.transitions());
    assertEquals(n, dataset.transitions().stateCount());
    int covered = dataset.episodes().stream().mapToInt(Episode::length).sum();
    assertEquals(n, covered, "episodes tile the rows");
    double total = dataset.episodes().stream().mapToDouble(Episode::totalReward).sum();
    assertEquals(10.0 * n * (n - 1) / 2, total);
  }

  @Test
  void timeoutWinsOverTerminalAndLastRowIsDropped() {
    boolean[] terminals = {false, true, false, true};
    boolean[] timeouts = {false, true, false, false};
    Dataset dataset = Dataset.of(rows(terminals, timeouts), 1000);
    assertArrayEquals(new int[] {0, 2}, dataset.transitions().stateIndices());
    assertFalse(dataset.transitions().terminal(1));
    assertEquals(Episode.End.TIMEOUT, dataset.episodes().get(0).end());
    assertEquals(Episode.End.TERMINAL, dataset.episodes().get(1).end());
  }

  @Test
  void withoutTimeoutsTheLimitStrikesOneStepEarlierAfterATerminal() {
    // Limit 3: the first episode times out at its third row, 2. After the terminal in row 3 the
    // reference's counter stands at 1, so the next timeout is at row 5, the second one after it.
    boolean[] terminals = new boolean[9];
    terminals[3] = true;
    boolean[] timeouts = QLearning.timeouts(rows(terminals, null), 3);
    boolean[] expected = {false, false, true, false, false, true, false, false, true};
    assertArrayEquals(expected, timeouts);
  }

  @Test
  void anEpisodeCutByTheEndOfTheDataIsNotCounted() {
    boolean[] terminals = {false, true, false, false};
    Dataset dataset = Dataset.of(rows(terminals, new boolean[4]), 1000);
    assertEquals(1, dataset.info().completeEpisodes());
    assertEquals(10, dataset.info().returns().mean());
    assertEquals(Episode.End.CUT, dataset.episodes().getLast().end());
    assertTrue(
        dataset
            .info()
            .faults()
            .contains(
                "the last episode is cut off: rows 2 to 3 reach neither terminal nor timeout"));
  }
}
