package io.qgpo.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What {@code dataset info} tells about a data set.
 *
 * @param source where it comes from
 * @param rows raw rows
 * @param transitions transitions kept for learning
 * @param terminals transitions that end an episode for good
 * @param observationSize width of an observation
 * @param actionSize width of an action
 * @param completeEpisodes episodes that reach a terminal or a timeout
 * @param timedOutEpisodes of these, the ones that timed out
 * @param returns undiscounted returns of complete episodes
 * @param lengths lengths of complete episodes, in rows
 * @param rewards rewards of all rows
 * @param observations one summary per observation column, all rows
 * @param actions one summary per action column, all rows
 * @param faults what looks wrong but can be worked with, one sentence each
 */
public record DatasetInfo(
    Source source,
    int rows,
    int transitions,
    int terminals,
    int observationSize,
    int actionSize,
    int completeEpisodes,
    int timedOutEpisodes,
    Summary returns,
    Summary lengths,
    Summary rewards,
    List<Summary> observations,
    List<Summary> actions,
    List<String> faults) {

  /** Copies the lists. */
  public DatasetInfo {
    observations = List.copyOf(observations);
    actions = List.copyOf(actions);
    faults = List.copyOf(faults);
  }

  static DatasetInfo of(
      LoggedRows rows, int stepLimit, Transitions transitions, List<Episode> episodes) {
    List<Episode> complete = episodes.stream().filter(Episode::complete).toList();
    int terminals =
        (int) IntStream.range(0, transitions.size()).filter(transitions::terminal).count();
    int timedOut = (int) complete.stream().filter(e -> e.end() == Episode.End.TIMEOUT).count();
    List<Summary> observations = columns(rows.observations, rows.observationSize);
    List<Summary> actions = columns(rows.actions, rows.actionSize);
    Summary rewards = Summary.of(rows.size(), i -> rows.rewards[i]);
    List<String> faults = new ArrayList<>(rows.faults());
    addFaults(rows, stepLimit, episodes, faults);
    addColumnFaults(observations, actions, rewards, faults);
    return new DatasetInfo(
        rows.source(),
        rows.size(),
        transitions.size(),
        terminals,
        rows.observationSize,
        rows.actionSize,
        complete.size(),
        timedOut,
        Summary.of(complete.size(), i -> complete.get(i).totalReward()),
        Summary.of(complete.size(), i -> complete.get(i).length()),
        rewards,
        observations,
        actions,
        faults);
  }

  private static List<Summary> columns(float[] values, int width) {
    int rows = values.length / width;
    return IntStream.range(0, width)
        .mapToObj(column -> Summary.of(rows, i -> values[i * width + column]))
        .toList();
  }

  private static void addFaults(
      LoggedRows rows, int stepLimit, List<Episode> episodes, List<String> faults) {
    if (!rows.hasTimeouts()) {
      faults.add("timeouts are not recorded: a limit of " + stepLimit + " steps is used");
    }
    int both = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (rows.terminal(i) && rows.timeout(i)) {
        both++;
      }
    }
    if (both > 0) {
      faults.add(both + " rows are both terminal and timeout: timeout wins, they are skipped");
    }
    List<Episode> timedOut = episodes.stream().filter(e -> e.end() == Episode.End.TIMEOUT).toList();
    int limit = timedOut.stream().mapToInt(Episode::length).max().orElse(0);
    long early = timedOut.stream().filter(e -> e.length() < limit).count();
    if (early > 0) {
      faults.add(
          "%d of %d timed-out episodes are shorter than the longest (%d rows): cut by the recorder?"
              .formatted(early, timedOut.size(), limit));
    }
    Episode last = episodes.getLast();
    if (!last.complete()) {
      faults.add(
          "the last episode is cut off: rows %d to %d reach neither terminal nor timeout"
              .formatted(last.firstRow(), last.firstRow() + last.length() - 1));
    }
  }

  private static void addColumnFaults(
      List<Summary> observations, List<Summary> actions, Summary rewards, List<String> faults) {
    for (int c = 0; c < observations.size(); c++) {
      addIfConstant("observation column " + c, observations.get(c), faults);
    }
    for (int c = 0; c < actions.size(); c++) {
      Summary a = actions.get(c);
      addIfConstant("action column " + c, a, faults);
      if (a.min() < -1 || a.max() > 1) {
        faults.add(
            "action column %d leaves [-1, 1]: %s to %s"
                .formatted(c, Summary.text(a.min()), Summary.text(a.max())));
      }
    }
    addIfConstant("the reward", rewards, faults);
  }

  private static void addIfConstant(String what, Summary summary, List<String> faults) {
    if (summary.min() == summary.max()) {
      faults.add(what + " never changes: " + Summary.text(summary.min()));
    }
  }

  /** The report as lines for a terminal, each ended by a newline. */
  public String toText() {
    StringBuilder out = new StringBuilder();
    line(out, "source", "%s", source.name());
    line(out, "sha-256", "%s", source.sha256());
    line(out, "rows", "%,d", rows);
    line(out, "transitions", "%,d, of which %,d terminal", transitions, terminals);
    line(out, "dimensions", "observation %d, action %d", observationSize, actionSize);
    line(out, "episodes", "%,d complete, %,d timed out", completeEpisodes, timedOutEpisodes);
    if (completeEpisodes > 0) {
      line(out, "return", "%s", returns);
      line(out, "length", "%s", lengths);
    }
    line(out, "reward per step", "%s", rewards);
    for (int c = 0; c < actions.size(); c++) {
      line(out, "action " + c, "%s", actions.get(c));
    }
    line(out, "faults", "%s", faults.isEmpty() ? "none found" : faults.size());
    faults.forEach(fault -> out.append("  - ").append(fault).append('\n'));
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String format, Object... values) {
    out.append(String.format(Locale.ROOT, "%-16s ", name))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
