package io.qgpo.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The semantics of D4RL's {@code qlearning_dataset}: how flat rows become transitions.
 *
 * <p>Row i of 0 .. n - 2 becomes (obs[i], act[i], rew[i], obs[i + 1], terminal[i]) unless an
 * episode timed out at i: then obs[i + 1] belongs to another episode and the row is skipped. At a
 * terminal obs[i + 1] belongs to another episode as well, but is masked by done. A timeout wins
 * over a terminal in the same row.
 */
final class QLearning {
  private QLearning() {}

  /**
   * For every row, whether the step limit ends the episode there: as recorded, or, where the data
   * do not record it, by the reference's step counter. That counter stands at 0 at the first step
   * of an episode, but at 1 after a terminal (there it is reset before it is incremented), so that
   * after a terminal the limit strikes one step earlier. Kept, because the same rows must be
   * skipped.
   */
  static boolean[] timeouts(LoggedRows rows, int stepLimit) {
    if (rows.timeouts != null) {
      return rows.timeouts.clone();
    }
    boolean[] timeouts = new boolean[rows.size()];
    int step = 0;
    for (int i = 0; i < timeouts.length; i++) {
      if (step == stepLimit - 1) {
        timeouts[i] = true;
        step = 0;
      } else {
        step = rows.terminals[i] ? 1 : step + 1;
      }
    }
    return timeouts;
  }

  /** The transitions of all rows that {@code qlearning_dataset} keeps. */
  static Transitions transitions(LoggedRows rows, boolean[] timeouts) {
    int n = rows.size();
    int[] state = new int[n - 1];
    int count = 0;
    for (int i = 0; i < n - 1; i++) {
      if (!timeouts[i]) {
        state[count++] = i;
      }
    }
    state = Arrays.copyOf(state, count);
    int[] next = new int[count];
    int width = rows.actionSize;
    float[] actions = new float[count * width];
    float[] rewards = new float[count];
    boolean[] terminals = new boolean[count];
    for (int k = 0; k < count; k++) {
      int i = state[k];
      next[k] = i + 1;
      System.arraycopy(rows.actions, i * width, actions, k * width, width);
      rewards[k] = rows.rewards[i];
      terminals[k] = rows.terminals[i];
    }
    return Transitions.wrap(
        rows.source.name(),
        rows.observationSize,
        width,
        rows.observations,
        actions,
        rewards,
        terminals,
        state,
        next);
  }

  /** The episodes of all rows, the last one marked as cut where nothing ends it. */
  static List<Episode> episodes(LoggedRows rows, boolean[] timeouts) {
    List<Episode> episodes = new ArrayList<>();
    int first = 0;
    double sum = 0;
    int n = rows.size();
    for (int i = 0; i < n; i++) {
      sum += rows.rewards[i];
      Episode.End end = null;
      if (timeouts[i]) {
        end = Episode.End.TIMEOUT;
      } else if (rows.terminals[i]) {
        end = Episode.End.TERMINAL;
      } else if (i == n - 1) {
        end = Episode.End.CUT;
      }
      if (end != null) {
        episodes.add(new Episode(first, i + 1 - first, sum, end));
        first = i + 1;
        sum = 0;
      }
    }
    return List.copyOf(episodes);
  }
}
