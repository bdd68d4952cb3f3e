package io.qgpo.data.io;

import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import java.util.Arrays;
import java.util.Map;

/** Whether rows that were written are those that were meant. */
public final class RowComparison {
  private RowComparison() {}

  /**
   * Whether both have the same numbers, to the bit, and the same ends of episodes, and {@code b}
   * all that was recorded along with {@code a}.
   */
  public static boolean same(LoggedRows a, LoggedRows b) {
    return a.hasTimeouts() == b.hasTimeouts() && difference(a, b, Integer.MAX_VALUE) == null;
  }

  /**
   * Throws unless both have the same numbers, to the bit, and the same ends of episodes.
   *
   * @param stepLimit where episodes time out, if the rows do not say
   * @throws IllegalStateException naming the first difference: a fault of the writer
   */
  static void check(String file, LoggedRows meant, LoggedRows written, int stepLimit) {
    String difference = difference(meant, written, stepLimit);
    if (difference != null) {
      throw new IllegalStateException(
          "%s was not written: read back, it differs in %s".formatted(file, difference));
    }
  }

  private static String difference(LoggedRows a, LoggedRows b, int stepLimit) {
    if (a.size() != b.size()
        || a.observationSize() != b.observationSize()
        || a.actionSize() != b.actionSize()) {
      return "shape";
    }
    for (int i = 0; i < a.size(); i++) {
      boolean same = Float.compare(a.reward(i), b.reward(i)) == 0 && a.terminal(i) == b.terminal(i);
      for (int c = 0; c < a.observationSize(); c++) {
        same &= Float.compare(a.observation(i, c), b.observation(i, c)) == 0;
      }
      for (int c = 0; c < a.actionSize(); c++) {
        same &= Float.compare(a.action(i, c), b.action(i, c)) == 0;
      }
      if (!same) {
        return "row " + i;
      }
    }
    if (!Arrays.equals(a.timeouts(stepLimit), b.timeouts(stepLimit))) {
      return "timeouts";
    }
    for (Map.Entry<String, RowArray> extra : a.extras().entrySet()) {
      RowArray other = b.extras().get(extra.getKey());
      if (other == null || !equal(extra.getValue(), other)) {
        return extra.getKey();
      }
    }
    return null;
  }

  private static boolean equal(RowArray a, RowArray b) {
    if (a.rows() != b.rows() || a.columns() != b.columns() || a.isVector() != b.isVector()) {
      return false;
    }
    for (int i = 0; i < a.rows(); i++) {
      for (int c = 0; c < a.columns(); c++) {
        if (Double.compare(a.at(i, c), b.at(i, c)) != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
