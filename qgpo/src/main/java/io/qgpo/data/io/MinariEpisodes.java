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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns Minari's groups {@code episode_0, episode_1, ...} of T steps and T + 1 observations into
 * flat rows, in the order of their numbers. The last observation of an episode becomes no row: as
 * in D4RL, a step that timed out is skipped and one that ended the episode has no future.
 */
final class MinariEpisodes {
  static final String EPISODE = "episode_";
  static final String TERMINATIONS = "terminations";
  static final String TRUNCATIONS = "truncations";

  private static final Pattern NAME = Pattern.compile(EPISODE + "(\\d{1,9})");

  private final Source source;
  private final MinariMetadata metadata;
  private final ReadOptions options;

  private final FloatRows observations = new FloatRows();
  private final FloatRows actions = new FloatRows();
  private final FloatRows rewards = new FloatRows();
  private final Flags terminals = new Flags();
  private final Flags timeouts = new Flags();
  private final FloatRows next = new FloatRows();
  private final Map<String, MinariInfo> infos = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private int observationSize;
  private int actionSize;

  MinariEpisodes(Source source, MinariMetadata metadata, ReadOptions options) {
    this.source = source;
    this.metadata = metadata;
    this.options = options;
  }

  LoggedRows read(Hdf5Group root) {
    Map<Integer, String> episodes = new TreeMap<>();
    TreeSet<String> others = new TreeSet<>();
    for (String name : root.names()) {
      Matcher match = NAME.matcher(name);
      if (!match.matches() || episodes.put(Integer.parseInt(match.group(1)), name) != null) {
        others.add(name);
      }
    }
    if (!others.isEmpty()) {
      faults.add("groups that are not used: " + String.join(", ", others));
    }
    if (episodes.isEmpty()) {
      throw DataException.ofFile(source.name(), "groups " + EPISODE + "0 and so on", "none");
    }
    checkCount(MinariMetadata.EPISODES, metadata.episodes(), episodes.size());
    int done = 0;
    for (String name : episodes.values()) {
      done++;
      add(root.group(name), name, done == 1, done == episodes.size());
    }
    checkCount(MinariMetadata.STEPS, metadata.steps(), rewards.size());
    return rows();
  }

  private void checkCount(String key, long said, long found) {
    if (said >= 0 && said != found) {
      throw DataException.ofKey(source.name(), key, "as many as are there, " + found, "" + said);
    }
  }

  private void add(Hdf5Group episode, String name, boolean first, boolean last) {
    float[] reward = episode.floatColumn(D4rlLayout.REWARDS);
    int steps = reward.length;
    Matrix seen = episode.matrix(D4rlLayout.OBSERVATIONS);
    Matrix acts = episode.matrix(D4rlLayout.ACTIONS);
    boolean[] ended = episode.booleanColumn(TERMINATIONS);
    boolean[] truncated = episode.booleanColumn(TRUNCATIONS);
    if (first) {
      observationSize = seen.columns();
      actionSize = acts.columns();
    }
    checkShape(name, D4rlLayout.OBSERVATIONS, seen, Math.addExact(steps, 1), observationSize);
    checkShape(name, D4rlLayout.ACTIONS, acts, steps, actionSize);
    checkLength(name, TERMINATIONS, ended.length, steps);
    checkLength(name, TRUNCATIONS, truncated.length, steps);
    observations.add(seen.values(), steps * observationSize);
    actions.add(acts.values(), steps * actionSize);
    rewards.add(reward, steps);
    terminals.add(ended);
    timeouts.add(truncated);
    if (!last && !ended[steps - 1] && !truncated[steps - 1]) {
      timeouts.setLast(true); // the next row belongs to another episode
    }
    if (options.withExtras()) {
      for (int i = observationSize; i < seen.values().length; i++) {
        next.add(seen.values()[i]);
      }
      addInfos(episode, name, steps, first);
    }
  }

  /** Keeps infos that every episode has; they have a row for each observation, or for each step. */
  private void addInfos(Hdf5Group episode, String name, int steps, boolean first) {
    Set<String> kept = new TreeSet<>();
    for (String key : episode.keys()) {
      if (!key.startsWith(D4rlLayout.INFOS)) {
        continue;
      }
      RowArray array = episode.rowArray(key);
      if (array.rows() != steps && array.rows() != steps + 1) {
        throw DataException.ofKey(
            source.name(), name + "/" + key, steps + " rows, or one more", array.rows() + " rows");
      }
      if (first) {
        infos.put(key, new MinariInfo(array));
      }
      MinariInfo info = infos.get(key);
      if (info != null && info.fits(array)) {
        info.add(array, steps);
        kept.add(key);
      }
    }
    for (String key : List.copyOf(infos.keySet())) {
      if (!kept.contains(key)) {
        infos.remove(key);
        faults.add(key + " is not in " + name + " as in the first episode: it is left out");
      }
    }
  }

  private void checkShape(String episode, String key, Matrix found, int rows, int columns) {
    if (found.rows() != rows || found.columns() != columns) {
      throw DataException.ofKey(
          source.name(),
          episode + "/" + key,
          rows + " x " + columns,
          found.rows() + " x " + found.columns());
    }
  }

  private void checkLength(String episode, String key, int found, int steps) {
    if (found != steps) {
      throw DataException.ofKey(
          source.name(), episode + "/" + key, steps + " rows as in 'rewards'", found + " rows");
    }
  }

  private LoggedRows rows() {
    LoggedRows rows =
        LoggedRows.wrap(
            source,
            observationSize,
            actionSize,
            observations.toArray(),
            actions.toArray(),
            rewards.toArray(),
            terminals.toArray(),
            timeouts.toArray());
    Map<String, RowArray> extras = new TreeMap<>();
    infos.forEach((key, info) -> extras.put(key, info.toArray()));
    if (options.withExtras() && !metadata.finalsRepeated()) {
      extras.put(D4rlLayout.NEXT_OBSERVATIONS, RowArray.matrix(observationSize, next.toArray()));
    }
    return rows.with(extras, faults);
  }
}
