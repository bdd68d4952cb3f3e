package io.qgpo.data;

/**
 * One episode of the raw rows.
 *
 * @param firstRow its first row
 * @param length its number of rows
 * @param totalReward undiscounted sum of its rewards
 * @param end how it ended
 */
public record Episode(int firstRow, int length, double totalReward, End end) {

  /** How an episode ended. */
  public enum End {
    /** The environment ended it (the terminals key). */
    TERMINAL,
    /** The step limit or the recorder ended it (the timeouts key, or the step counter). */
    TIMEOUT,
    /** The data end in the middle of it. */
    CUT
  }

  /** True unless the data end in the middle of it. */
  public boolean complete() {
    return end != End.CUT;
  }
}
