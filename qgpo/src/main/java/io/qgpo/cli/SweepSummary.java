package io.qgpo.cli;

import io.qgpo.cli.SweepWorkers.Outcome;
import io.qgpo.cli.SweepWorkers.State;
import io.qgpo.report.ComparedRuns;
import io.qgpo.report.ReturnSeries.Point;
import io.qgpo.report.RunSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a sweep ends with: what became of each run, and what the trained ones earn. */
final class SweepSummary {
  private final SweepPlan plan;
  private final List<Outcome> outcomes;
  private final PrintWriter out;

  private SweepSummary(SweepPlan plan, List<Outcome> outcomes, PrintWriter out) {
    this.plan = plan;
    this.outcomes = outcomes;
    this.out = out;
  }

  /**
   * Prints it, and writes a page that compares what is trained.
   *
   * @throws UsageException after it, if runs failed
   */
  static void show(SweepPlan plan, List<Outcome> outcomes, Path page, PrintWriter out) {
    var summary = new SweepSummary(plan, outcomes, out);
    summary.runs();
    if (summary.count(State.STOPPED) > 0) {
      summary.stopped(); // the process is to end soon: no page
    } else {
      summary.compare(page);
    }
    out.flush();
    summary.failures();
  }

  private long count(State state) {
    return outcomes.stream().filter(outcome -> outcome.state() == state).count();
  }

  private void runs() {
    var table = new TextTable().row(List.of("run", "state", "return at 1"));
    for (Outcome outcome : outcomes) {
      table.row(List.of(outcome.run().name(), state(outcome), exactReturn(outcome)));
    }
    out.print(table.text());
    out.println(RunsCommand.RETURNS);
    outcomes.stream()
        .filter(outcome -> outcome.state() == State.FAILED)
        .forEach(
            outcome -> out.println(Printable.text(outcome.run().name() + ": " + outcome.reason())));
  }

  private static String state(Outcome outcome) {
    return switch (outcome.state()) {
      case TRAINED -> "trained";
      case STOPPED -> outcome.run().isBegun() ? "stopped" : "not begun";
      case FAILED -> "failed";
    };
  }

  private static String exactReturn(Outcome outcome) {
    return outcome.state() == State.TRAINED
        ? RunSummary.of(outcome.run().folder()).exactReturn().map(Point::text).orElse("-")
        : "-";
  }

  private void stopped() {
    long saved =
        outcomes.stream()
            .filter(outcome -> outcome.state() == State.STOPPED && outcome.run().isBegun())
            .count();
    out.println(
        "Stopped; %s saved. Go on with the same command."
            .formatted(saved == 1 ? "1 run has" : saved + " runs have"));
  }

  private void compare(Path page) {
    Set<SweepPlan.Run> trained =
        outcomes.stream()
            .filter(outcome -> outcome.state() == State.TRAINED)
            .map(Outcome::run)
            .collect(Collectors.toSet());
    List<ComparedRuns> columns =
        plan.groups().stream()
            .map(
                group ->
                    new ComparedRuns(
                        group.name().isEmpty() ? "all" : group.name(),
                        group.runs().stream()
                            .filter(trained::contains)
                            .map(SweepPlan.Run::folder)
                            .toList()))
            .filter(column -> !column.paths().isEmpty())
            .toList();
    if (!columns.isEmpty()) {
      CompareCommand.show(columns, "", null, page, out);
    }
  }

  private void failures() {
    if (count(State.FAILED) > 0) {
      throw new UsageException(
          "%d of %d runs failed; when what they say above is put right, go on with the same command"
              .formatted(count(State.FAILED), outcomes.size()));
    }
  }
}
