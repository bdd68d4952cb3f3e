package io.qgpo.data;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows of logged experience in D4RL's flat layout, as recorded and checked: row i is what was seen,
 * done and earned at step i, episode after episode. Immutable.
 */
public final class LoggedRows {
  final Source source;
  final int observationSize;
  final int actionSize;
  final float[] observations;
  final float[] actions;
  final float[] rewards;
  final boolean[] terminals;
  final boolean[] timeouts;
  private final Map<String, RowArray> extras;
  private final List<String> faults;

  private LoggedRows(
      Source source,
      int observationSize,
      int actionSize,
      float[] observations,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      boolean[] timeouts,
      Map<String, RowArray> extras,
      List<String> faults) {
    this.source = source;
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    this.observations = observations;
    this.actions = actions;
    this.rewards = rewards;
    this.terminals = terminals;
    this.timeouts = timeouts;
    this.extras = extras;
    this.faults = faults;
  }

  /**
   * Checked rows; the arrays are copied.
   *
   * @param source where the data come from; its name appears in errors
   * @param observationSize width of an observation
   * @param actionSize width of an action
   * @param observations [n * observationSize], row by row
   * @param actions [n * actionSize], row by row
   * @param rewards [n]
   * @param terminals [n], true where the environment ended the episode
   * @param timeouts [n], true where the step limit ended the episode; null where not recorded
   * @throws DataException for fewer than two rows, a wrong length, NaN or Inf
   */
  public static LoggedRows of(
      Source source,
      int observationSize,
      int actionSize,
      float[] observations,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      boolean[] timeouts) {
    return wrap(
        source,
        observationSize,
        actionSize,
        observations.clone(),
        actions.clone(),
        rewards.clone(),
        terminals.clone(),
        timeouts == null ? null : timeouts.clone());
  }

  /** As {@link #of}, taking the arrays over without a copy: the caller must not keep them. */
  public static LoggedRows wrap(
      Source source,
      int observationSize,
      int actionSize,
      float[] observations,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      boolean[] timeouts) {
    Objects.requireNonNull(source, "source");
    String name = source.name();
    int rows = rewards.length;
    if (rows < 2) {
      throw DataException.ofKey(name, "rewards", "at least 2 rows", rows + " rows");
    }
    Checks.length(name, "observations", observations.length, rows, observationSize);
    Checks.length(name, "actions", actions.length, rows, actionSize);
    Checks.length(name, "terminals", terminals.length, rows, 1);
    if (timeouts != null) {
      Checks.length(name, "timeouts", timeouts.length, rows, 1);
    }
    Checks.finite(name, "observations", observations, observationSize);
    Checks.finite(name, "actions", actions, actionSize);
    Checks.finite(name, "rewards", rewards, 1);
    return new LoggedRows(
        source,
        observationSize,
        actionSize,
        observations,
        actions,
        rewards,
        terminals,
        timeouts,
        Map.of(),
        List.of());
  }

  /**
   * These rows with what else was found in their file.
   *
   * @param moreArrays arrays that were recorded along with the rows, by key as in {@code
   *     infos/qpos}
   * @param foundFaults what looks wrong but can be worked with, one sentence each
   * @throws DataException if an array has another number of rows
   */
  public LoggedRows with(Map<String, RowArray> moreArrays, List<String> foundFaults) {
    moreArrays.forEach(
        (key, array) -> {
          if (array.rows() != size()) {
            throw DataException.ofKey(
                source.name(), key, size() + " rows as in 'rewards'", array.rows() + " rows");
          }
        });
    return new LoggedRows(
        source,
        observationSize,
        actionSize,
        observations,
        actions,
        rewards,
        terminals,
        timeouts,
        Collections.unmodifiableMap(new TreeMap<>(moreArrays)),
        List.copyOf(foundFaults));
  }

  /** Where the data come from. */
  public Source source() {
    return source;
  }

  /** Number of rows, at least 2. */
  public int size() {
    return rewards.length;
  }

  /** Width of an observation. */
  public int observationSize() {
    return observationSize;
  }

  /** Width of an action. */
  public int actionSize() {
    return actionSize;
  }

  /** Whether the data say where the step limit ended an episode. */
  public boolean hasTimeouts() {
    return timeouts != null;
  }

  /** Whether the environment ended the episode at this row. */
  public boolean terminal(int row) {
    return terminals[row];
  }

  /** Whether the step limit ended the episode at this row; false where not recorded. */
  public boolean timeout(int row) {
    return timeouts != null && timeouts[row];
  }

  /** Reward of this row. */
  public float reward(int row) {
    return rewards[row];
  }

  /** Component {@code column} of the observation of this row. */
  public float observation(int row, int column) {
    return observations[row * observationSize + Objects.checkIndex(column, observationSize)];
  }

  /** Component {@code column} of the action of this row. */
  public float action(int row, int column) {
    return actions[row * actionSize + Objects.checkIndex(column, actionSize)];
  }

  /**
   * Where episodes time out, [n]: as recorded or, if that is not recorded, by the step counter of
   * D4RL's {@code qlearning_dataset}.
   *
   * @param stepLimit steps after which an episode times out; used only if it is not recorded
   */
  public boolean[] timeouts(int stepLimit) {
    return QLearning.timeouts(this, stepLimit);
  }

  /**
   * The arrays that were recorded along with the rows and that the reader was asked to keep, by key
   * as in {@code infos/qpos}, {@code infos/qvel}, {@code infos/action_log_probs} and {@code
   * next_observations}.
   */
  public Map<String, RowArray> extras() {
    return extras;
  }

  /** One of {@link #extras()}, if it is there. */
  public Optional<RowArray> extra(String key) {
    return Optional.ofNullable(extras.get(key));
  }

  /** What a reader found wrong that can be worked with, one sentence each. */
  public List<String> faults() {
    return faults;
  }
}
