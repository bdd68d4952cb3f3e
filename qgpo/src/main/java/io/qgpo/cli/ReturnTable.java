package io.qgpo.cli;

import io.qgpo.data.Summary;
import io.qgpo.env.ScoreRange;
import io.qgpo.run.EvaluationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Returns of policies, one a row: guidance scales, and what they are compared with. */
final class ReturnTable {
  private record Row(String policy, Summary returns) {}

  private final List<Row> rows = new ArrayList<>();
  private final Optional<ScoreRange> scores;

  /**
   * @param scores what D4RL's scores are measured by: a column of them, if present
   */
  ReturnTable(Optional<ScoreRange> scores) {
    this.scores = scores;
  }

  /** The table of a report, below the protocol that its returns hold for. */
  static String text(EvaluationReport report) {
    var table = new ReturnTable(report.environment().scores());
    report.results().forEach(r -> table.add(r.policy(), r.evaluation().returns()));
    return table.toText()
        + "environment %s, %d episodes, seed %d, %s; "
            .formatted(
                report.environment().name(), report.episodes(), report.seed(), weights(report))
        + String.join(
            "; ",
            report.protocol().entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList())
        + System.lineSeparator();
  }

  private static String weights(EvaluationReport report) {
    return report.step().isPresent()
        ? "%s checkpoint (step %d)".formatted(report.checkpoint(), report.step().getAsLong())
        : report.checkpoint();
  }

  /** Adds a policy. */
  ReturnTable add(String policy, Summary returns) {
    rows.add(new Row(policy, returns));
    return this;
  }

  /** Lines for a terminal: mean, standard deviation and error, range, number of episodes. */
  String toText() {
    int width = rows.stream().mapToInt(row -> row.policy.length()).max().orElse(0);
    String line = "%-" + Math.max("policy".length(), width) + "s %10s %10s %10s %10s %10s %9s";
    var text = new StringBuilder();
    text.append(line.formatted("policy", "return", "sd", "error", "min", "max", "episodes"))
        .append(scores.map(range -> "%8s".formatted("score")).orElse(""))
        .append(System.lineSeparator());
    for (Row row : rows) {
      Summary r = row.returns;
      text.append(
              line.formatted(
                  row.policy,
                  EvaluationReport.number(r.mean()),
                  EvaluationReport.number(r.sd()),
                  EvaluationReport.number(r.standardError()),
                  EvaluationReport.number(r.min()),
                  EvaluationReport.number(r.max()),
                  Long.toString(r.count())))
          .append(
              scores
                  .map(range -> String.format(Locale.ROOT, "%8.1f", range.score(r.mean())))
                  .orElse(""))
          .append(System.lineSeparator());
    }
    return text.toString();
  }
}
