package io.qgpo.data;

import java.util.List;
import java.util.Objects;

/**
 * A data set ready for training: its transitions, its episodes and what was found about it.
 *
 * @param source where it comes from
 * @param transitions what to learn from
 * @param episodes the episodes of the raw rows, in order
 * @param info the report of {@code dataset info}
 */
public record Dataset(
    Source source, Transitions transitions, List<Episode> episodes, DatasetInfo info) {

  /** Step limit of D4RL's locomotion tasks, for data that do not record timeouts. */
  public static final int DEFAULT_STEP_LIMIT = 1000;

  /** Checks that nothing is null and copies the list. */
  public Dataset {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(transitions, "transitions");
    Objects.requireNonNull(info, "info");
    episodes = List.copyOf(episodes);
  }

  /**
   * The data set that D4RL's {@code qlearning_dataset} makes of these rows: next state =
   * observation of the following row, rows that timed out skipped, done = terminals.
   *
   * @param rows raw rows
   * @param stepLimit steps after which an episode counts as timed out; used only where the rows do
   *     not record timeouts
   * @throws DataException if no row is left
   */
  public static Dataset of(LoggedRows rows, int stepLimit) {
    if (stepLimit < 1) {
      throw new IllegalArgumentException("step limit: expected at least 1, found " + stepLimit);
    }
    boolean[] timeouts = QLearning.timeouts(rows, stepLimit);
    Transitions transitions = QLearning.transitions(rows, timeouts);
    List<Episode> episodes = QLearning.episodes(rows, timeouts);
    DatasetInfo info = DatasetInfo.of(rows, stepLimit, transitions, episodes);
    return new Dataset(rows.source(), transitions, episodes, info);
  }
}
