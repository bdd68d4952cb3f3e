package io.qgpo.data;

import java.util.Objects;

/**
 * Transitions (s, a, r, s', done) to learn from. Immutable.
 *
 * <p>States live once, in a table: transition i goes from state {@code stateIndex(i)} to state
 * {@code nextIndex(i)}. As s' of a row is mostly s of the next row, a network that is evaluated
 * once per table row has seen both.
 */
public final class Transitions {
  private final int observationSize;
  private final int actionSize;
  private final float[] states;
  private final float[] actions;
  private final float[] rewards;
  private final boolean[] terminals;
  private final int[] stateIndex;
  private final int[] nextIndex;

  private Transitions(
      int observationSize,
      int actionSize,
      float[] states,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      int[] stateIndex,
      int[] nextIndex) {
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    this.states = states;
    this.actions = actions;
    this.rewards = rewards;
    this.terminals = terminals;
    this.stateIndex = stateIndex;
    this.nextIndex = nextIndex;
  }

  /**
   * Checked transitions; the arrays are copied.
   *
   * @param name data set name, for errors
   * @param observationSize width of a state
   * @param actionSize width of an action
   * @param states [m * observationSize], the table of distinct states
   * @param actions [n * actionSize]
   * @param rewards [n]
   * @param terminals [n], true where s' has no future
   * @param stateIndex [n], row of s in the table
   * @param nextIndex [n], row of s' in the table
   * @throws DataException for no transitions, a wrong length, NaN or Inf, or an index outside the
   *     table
   */
  public static Transitions of(
      String name,
      int observationSize,
      int actionSize,
      float[] states,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      int[] stateIndex,
      int[] nextIndex) {
    return wrap(
        name,
        observationSize,
        actionSize,
        states.clone(),
        actions.clone(),
        rewards.clone(),
        terminals.clone(),
        stateIndex.clone(),
        nextIndex.clone());
  }

  /** As {@link #of}, taking the arrays over without a copy: the caller must not change them. */
  static Transitions wrap(
      String name,
      int observationSize,
      int actionSize,
      float[] states,
      float[] actions,
      float[] rewards,
      boolean[] terminals,
      int[] stateIndex,
      int[] nextIndex) {
    Objects.requireNonNull(name, "name");
    int n = rewards.length;
    if (n == 0) {
      throw DataException.ofFile(name, "at least one transition", "none");
    }
    Checks.length(name, "actions", actions.length, n, actionSize);
    Checks.length(name, "terminals", terminals.length, n, 1);
    Checks.length(name, "state index", stateIndex.length, n, 1);
    Checks.length(name, "next index", nextIndex.length, n, 1);
    if (observationSize < 1 || states.length % observationSize != 0) {
      throw DataException.ofKey(
          name,
          "states",
          "rows of " + observationSize + " columns",
          states.length + " values in all");
    }
    Checks.finite(name, "states", states, observationSize);
    Checks.finite(name, "actions", actions, actionSize);
    Checks.finite(name, "rewards", rewards, 1);
    int tableRows = states.length / observationSize;
    checkIndex(name, "state index", stateIndex, tableRows);
    checkIndex(name, "next index", nextIndex, tableRows);
    return new Transitions(
        observationSize, actionSize, states, actions, rewards, terminals, stateIndex, nextIndex);
  }

  private static void checkIndex(String name, String key, int[] index, int rows) {
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 0 || index[i] >= rows) {
        throw DataException.ofRow(name, key, i, "0 to " + (rows - 1), "" + index[i]);
      }
    }
  }

  /** Number of transitions n, at least 1. */
  public int size() {
    return rewards.length;
  }

  /** Number of rows m of the state table. */
  public int stateCount() {
    return states.length / observationSize;
  }

  /** Width of a state. */
  public int observationSize() {
    return observationSize;
  }

  /** Width of an action. */
  public int actionSize() {
    return actionSize;
  }

  /** Table row of the state in which transition i starts. */
  public int stateIndex(int i) {
    return stateIndex[i];
  }

  /** Table row of the state in which transition i ends; any row where it is terminal. */
  public int nextIndex(int i) {
    return nextIndex[i];
  }

  /** Reward of transition i, as recorded. */
  public float reward(int i) {
    return rewards[i];
  }

  /** Whether transition i ends the episode for good (so that s' must not be looked at). */
  public boolean terminal(int i) {
    return terminals[i];
  }

  /** Component {@code column} of the action of transition i. */
  public float action(int i, int column) {
    return actions[i * actionSize + Objects.checkIndex(column, actionSize)];
  }

  /** Component {@code column} of row {@code row} of the state table. */
  public float state(int row, int column) {
    return states[row * observationSize + Objects.checkIndex(column, observationSize)];
  }

  /**
   * Copies rows of the state table to {@code out}, row k to {@code offset + k * stride}.
   *
   * @param firstRow first table row
   * @param count number of rows
   * @param out target
   * @param offset where the first row goes
   * @param stride distance between rows in {@code out}, at least the state's width
   */
  public void copyStates(int firstRow, int count, float[] out, int offset, int stride) {
    copyRows(states, observationSize, firstRow, count, out, offset, stride);
  }

  /** Copies the actions of transitions first .. first + count - 1, as {@link #copyStates}. */
  public void copyActions(int first, int count, float[] out, int offset, int stride) {
    copyRows(actions, actionSize, first, count, out, offset, stride);
  }

  /**
   * Copies the states in which the given transitions start to {@code out}, as {@link #copyStates}.
   *
   * @param transitions indices of transitions, of which the first {@code count} are used
   */
  public void gatherStates(int[] transitions, int count, float[] out, int offset, int stride) {
    for (int k = 0; k < count; k++) {
      int row = stateIndex[transitions[k]];
      System.arraycopy(states, row * observationSize, out, offset + k * stride, observationSize);
    }
  }

  /** Copies the states in which the given transitions end, as {@link #gatherStates}. */
  public void gatherNextStates(int[] transitions, int count, float[] out, int offset, int stride) {
    for (int k = 0; k < count; k++) {
      int row = nextIndex[transitions[k]];
      System.arraycopy(states, row * observationSize, out, offset + k * stride, observationSize);
    }
  }

  /** Copies the actions of the given transitions, as {@link #gatherStates}. */
  public void gatherActions(int[] transitions, int count, float[] out, int offset, int stride) {
    for (int k = 0; k < count; k++) {
      System.arraycopy(actions, transitions[k] * actionSize, out, offset + k * stride, actionSize);
    }
  }

  /** A copy of all rewards, [n]. */
  public float[] rewards() {
    return rewards.clone();
  }

  /** All terminals as numbers, [n]: 1 where terminal, otherwise 0. */
  public float[] terminalsAsFloat() {
    float[] out = new float[terminals.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = terminals[i] ? 1f : 0f;
    }
    return out;
  }

  /** A copy of the table rows in which the transitions start, [n]. */
  public int[] stateIndices() {
    return stateIndex.clone();
  }

  /** A copy of the table rows in which the transitions end, [n]. */
  public int[] nextIndices() {
    return nextIndex.clone();
  }

  private static void copyRows(
      float[] from, int width, int first, int count, float[] out, int offset, int stride) {
    if (stride == width) {
      System.arraycopy(from, first * width, out, offset, count * width);
      return;
    }
    for (int k = 0; k < count; k++) {
      System.arraycopy(from, (first + k) * width, out, offset + k * stride, width);
    }
  }
}
