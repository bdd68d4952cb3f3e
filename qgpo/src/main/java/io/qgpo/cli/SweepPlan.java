package io.qgpo.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a sweep: every seed with every combination of the settings that are varied.
 *
 * @param groups one for each combination, in the order in which they were given
 */
record SweepPlan(List<Group> groups) {
  /** As many as anyone has the patience for; more is a typing error. */
  private static final int MOST_RUNS = 1000;

  /**
   * Runs that differ in their seed.
   *
   * @param name of the combination, as KEY=VALUE,KEY=VALUE; empty if nothing is varied
   */
  record Group(String name, List<Run> runs) {}

  /**
   * A run.
   *
   * @param arguments of {@code train} that make it what it is
   */
  record Run(Path folder, List<String> arguments) {
    Path log() {
      return folder.resolveSibling(folder.getFileName() + ".log");
    }
  }

  /**
   * Plans.
   *
   * @param vary each KEY=VALUE,VALUE,...
   * @throws UsageException if one is not
   */
  static SweepPlan of(Path out, List<Long> seeds, List<String> vary) {
    List<List<String>> combinations = new ArrayList<>(List.of(List.of()));
    for (String varied : vary) {
      int equals = varied.indexOf('=');
      if (equals < 1 || equals == varied.length() - 1) {
        throw new UsageException(
            "--vary: expected KEY=VALUE,VALUE,... as in energy.beta=1,3, found '" + varied + "'");
      }
      String key = varied.substring(0, equals);
      List<List<String>> longer = new ArrayList<>();
      for (List<String> combination : combinations) {
        for (String value : varied.substring(equals + 1).split(",")) {
          List<String> next = new ArrayList<>(combination);
          next.add(key + "=" + value.strip());
          longer.add(next);
        }
      }
      combinations = longer;
    }
    if ((long) combinations.size() * seeds.size() > MOST_RUNS) {
      throw new UsageException(
          "sweep: expected at most %d runs, found %d"
              .formatted(MOST_RUNS, (long) combinations.size() * seeds.size()));
    }
    return new SweepPlan(
        combinations.stream().map(settings -> group(out, seeds, settings)).toList());
  }

  private static Group group(Path out, List<Long> seeds, List<String> settings) {
    String name = String.join(",", settings);
    List<Run> runs = new ArrayList<>();
    for (long seed : seeds) {
      List<String> arguments = new ArrayList<>(List.of("--seed=" + seed));
      settings.forEach(setting -> arguments.add("--set=" + setting));
      String folder = name.isEmpty() ? "seed" + seed : name + "-seed" + seed;
      runs.add(new Run(out.resolve(folder.replace('/', '_')), arguments));
    }
    return new Group(name, runs);
  }

  List<Run> runs() {
    return groups.stream().flatMap(group -> group.runs().stream()).toList();
  }
}
