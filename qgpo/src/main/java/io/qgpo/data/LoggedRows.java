package io.qgpo.data;

import java.util.Objects;

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

  private LoggedRows(
      Source source,
      int observationSize,
      int actionSize,
      float[] observations,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      boolean[] timeouts) {
    this.source = source;
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    this.observations = observations;
    this.actions = actions;
    this.rewards = rewards;
    this.terminals = terminals;
    this.timeouts = timeouts;
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
  static LoggedRows wrap(
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
        source, observationSize, actionSize, observations, actions, rewards, terminals, timeouts);
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
}
