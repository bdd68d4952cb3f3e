package io.qgpo.data.io;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.data.Source;
import io.qgpo.data.io.KeyedArrays.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * D4RL's flat layout, whatever file holds its arrays: {@code observations} [n, obs], {@code
 * actions} [n, act], {@code rewards} [n] or [n, 1], {@code terminals} and, optionally, {@code
 * timeouts} [n]; along with them {@code next_observations} and any number of {@code infos/NAME}.
 */
final class D4rlLayout {
  static final String OBSERVATIONS = "observations";
  static final String ACTIONS = "actions";
  static final String REWARDS = "rewards";
  static final String TERMINALS = "terminals";
  static final String TIMEOUTS = "timeouts";
  static final String NEXT_OBSERVATIONS = "next_observations";

  /** What the keys of arrays that no layout fixes begin with. */
  static final String INFOS = "infos/";

  private static final Set<String> KNOWN =
      Set.of(OBSERVATIONS, ACTIONS, REWARDS, TERMINALS, TIMEOUTS, NEXT_OBSERVATIONS);

  private D4rlLayout() {}

  /**
   * The rows that these arrays hold.
   *
   * @throws DataException for whatever breaks the layout
   */
  static LoggedRows read(Source source, KeyedArrays arrays, ReadOptions options) {
    Matrix observations = arrays.matrix(OBSERVATIONS);
    Matrix actions = arrays.matrix(ACTIONS);
    float[] rewards = arrays.floatColumn(REWARDS);
    int rows = rewards.length;
    String name = source.name();
    checkRows(name, OBSERVATIONS, observations.rows(), rows);
    checkRows(name, ACTIONS, actions.rows(), rows);
    boolean[] terminals = arrays.booleanColumn(TERMINALS);
    checkRows(name, TERMINALS, terminals.length, rows);
    Set<String> keys = arrays.keys();
    boolean[] timeouts = keys.contains(TIMEOUTS) ? arrays.booleanColumn(TIMEOUTS) : null;
    if (timeouts != null) {
      checkRows(name, TIMEOUTS, timeouts.length, rows);
    }
    LoggedRows logged =
        LoggedRows.wrap(
            source,
            observations.columns(),
            actions.columns(),
            observations.values(),
            actions.values(),
            rewards,
            terminals,
            timeouts);
    List<String> faults = new ArrayList<>();
    addUnused(keys, faults);
    Map<String, RowArray> extras = new TreeMap<>();
    if (keys.contains(NEXT_OBSERVATIONS)) {
      Matrix next = arrays.matrix(NEXT_OBSERVATIONS);
      compareNext(logged, options.stepLimit(), next, faults);
      extras.put(NEXT_OBSERVATIONS, RowArray.matrix(next.columns(), next.values()));
    }
    if (!options.withExtras()) {
      return logged.with(Map.of(), faults);
    }
    for (String key : keys) {
      if (key.startsWith(INFOS)) {
        extras.put(key, arrays.rowArray(key));
      }
    }
    return logged.with(extras, faults);
  }

  private static void checkRows(String name, String key, int found, int rewards) {
    if (found != rewards) {
      throw DataException.ofKey(name, key, rewards + " rows as in 'rewards'", found + " rows");
    }
  }

  /** A key that is not looked at may be a known one misspelt. */
  private static void addUnused(Set<String> keys, List<String> faults) {
    Set<String> unused = new TreeSet<>(keys);
    unused.removeIf(key -> KNOWN.contains(key) || key.startsWith(INFOS));
    if (!unused.isEmpty()) {
      faults.add("keys that are not used: " + String.join(", ", unused));
    }
  }

  /**
   * The optional key next_observations is not used; where it contradicts the order of the rows, the
   * rows are not in the order of time (shuffled, say) and the transitions would be nonsense.
   */
  private static void compareNext(
      LoggedRows rows, int stepLimit, Matrix next, List<String> faults) {
    int width = rows.observationSize();
    if (next.columns() != width || next.rows() != rows.size()) {
      throw DataException.ofKey(
          rows.source().name(),
          NEXT_OBSERVATIONS,
          rows.size() + " x " + width + " as in 'observations'",
          next.rows() + " x " + next.columns());
    }
    boolean[] timeouts = rows.timeouts(stepLimit);
    int differing = 0;
    int first = -1;
    for (int i = 0; i < rows.size() - 1; i++) {
      if (!timeouts[i] && !rows.terminal(i) && !isNext(rows, i, next)) {
        differing++;
        first = first < 0 ? i : first;
      }
    }
    if (differing > 0) {
      faults.add(
          "next_observations differs from the following row's observation in %d rows, first row %d"
              .formatted(differing, first));
    }
  }

  private static boolean isNext(LoggedRows rows, int row, Matrix next) {
    for (int c = 0; c < next.columns(); c++) {
      if (next.values()[row * next.columns() + c] != rows.observation(row + 1, c)) {
        return false;
      }
    }
    return true;
  }
}
