package io.qgpo.cli;

import io.qgpo.algorithm.ConfigException;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.report.RunSummary;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunDirectory;
import io.qgpo.run.TrainedPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The runs of a sweep: every seed with every combination of the settings that are varied.
 *
 * @param groups one for each combination, in the order in which they were given
 */
record SweepPlan(List<Group> groups) {
  /** As many as anyone has the patience for; more is a typing error. */
  private static final int MOST_RUNS = 1000;

  private static final String SEED = "seed";

  /**
   * Runs that differ in their seed.
   *
   * @param name of the combination, as KEY=VALUE,KEY=VALUE; empty if nothing is varied
   */
  record Group(String name, List<Run> runs) {}

  /**
   * A run.
   *
   * @param settings that make it what it is
   */
  record Run(Path folder, Map<String, String> settings) {
    String name() {
      return folder.getFileName().toString();
    }

    Path log() {
      return folder.resolveSibling(name() + ".log");
    }

    /** The settings, as arguments of {@code train}. */
    List<String> arguments() {
      return settings.entrySet().stream().map(setting -> "--set=" + setting).toList();
    }

    boolean isBegun() {
      return RunDirectory.isRun(folder);
    }

    /** A run is trained before it is evaluated, and may have been stopped between. */
    boolean isDone() {
      if (!isBegun()) {
        return false;
      }
      RunSummary summary = RunSummary.of(folder);
      return summary.isTrained()
          && (summary.environment().isEmpty()
              || Files.exists(EvaluationReport.fileIn(folder, TrainedPolicy.LAST)));
    }
  }

  /**
   * Plans.
   *
   * @param vary each KEY=VALUE,VALUE,...
   * @throws UsageException if one is not, or anything is given twice
   */
  static SweepPlan of(Path out, List<String> seeds, List<String> vary) {
    requireValues("--seeds", SEED, seeds);
    Map<String, List<String>> varied = new LinkedHashMap<>();
    for (String text : vary) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new UsageException(
            "--vary: expected KEY=VALUE,VALUE,... as in energy.beta=1,3, found '" + text + "'");
      }
      String key = text.substring(0, equals).strip();
      if (key.equals(SEED)) {
        throw new UsageException("--vary: seeds have an option of their own; use --seeds");
      }
      List<String> values = List.of(text.substring(equals + 1).split(",", -1));
      requireValues("--vary", key, values);
      if (varied.put(key, values) != null) {
        throw new UsageException(
            "--vary: setting '%s' is given twice; give all its values at once".formatted(key));
      }
    }
    requireFew(seeds, varied);
    return new SweepPlan(
        combinations(varied).stream().map(settings -> group(out, seeds, settings)).toList());
  }

  /** Different ones, and such as the setting takes. */
  private static void requireValues(String option, String key, List<String> values) {
    Set<Object> seen = new HashSet<>();
    for (String value : values) {
      try {
        if (!seen.add(ConfigTable.key(key).accept(value.strip()))) {
          throw new UsageException(
              "%s: expected different values of '%s', found %s twice"
                  .formatted(option, key, value.strip()));
        }
      } catch (ConfigException e) {
        throw new UsageException(option + ": " + e.getMessage(), e);
      }
    }
  }

  private static void requireFew(List<String> seeds, Map<String, List<String>> varied) {
    long runs = seeds.size();
    for (List<String> values : varied.values()) {
      runs = Math.min(MOST_RUNS + 1, runs) * values.size(); // no overflow
    }
    if (runs > MOST_RUNS) {
      throw new UsageException("sweep: expected at most %d runs, found more".formatted(MOST_RUNS));
    }
  }

  private static List<Map<String, String>> combinations(Map<String, List<String>> varied) {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (var setting : varied.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> combination : combinations) {
        for (String value : setting.getValue()) {
          Map<String, String> next = new LinkedHashMap<>(combination);
          next.put(setting.getKey(), value.strip());
          longer.add(next);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  private static Group group(Path out, List<String> seeds, Map<String, String> settings) {
    String name = String.join(",", settings.entrySet().stream().map(String::valueOf).toList());
    List<Run> runs = new ArrayList<>();
    for (String seed : seeds) {
      Map<String, String> all = new LinkedHashMap<>(settings);
      all.put(SEED, seed.strip());
      String folder = (name.isEmpty() ? "" : name + "-") + SEED + seed.strip();
      runs.add(new Run(out.resolve(folder), all));
    }
    return new Group(name, runs);
  }

  List<Run> runs() {
    return groups.stream().flatMap(group -> group.runs().stream()).toList();
  }
}
