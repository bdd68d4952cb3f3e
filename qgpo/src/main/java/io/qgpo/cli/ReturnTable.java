package io.qgpo.cli;

import io.qgpo.data.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Returns of policies, one a row: guidance scales, and what they are compared with. */
final class ReturnTable {
  private record Row(String policy, Summary returns) {}

  private final List<Row> rows = new ArrayList<>();

  /**
   * The name of a guided policy.
   *
   * @param scale w; the name says what 0 and 1 are
   */
  static String guided(double scale) {
    String number = scale == Math.rint(scale) ? Long.toString((long) scale) : "" + scale;
    String meaning = scale == 0 ? " (behaviour)" : scale == 1 ? " (exact policy)" : "";
    return "guidance " + number + meaning;
  }

  /** Adds a policy. */
  ReturnTable add(String policy, Summary returns) {
    rows.add(new Row(policy, returns));
    return this;
  }

  /** Lines for a terminal: mean, standard deviation and error, range, number of episodes. */
  String toText() {
    int width = rows.stream().mapToInt(row -> row.policy.length()).max().orElse(0);
    String line = "%-" + Math.max("policy".length(), width) + "s %10s %10s %10s %10s %10s %9s%n";
    var text = new StringBuilder();
    text.append(line.formatted("policy", "return", "sd", "error", "min", "max", "episodes"));
    for (Row row : rows) {
      Summary r = row.returns;
      text.append(
          line.formatted(
              row.policy,
              number(r.mean()),
              number(r.sd()),
              number(r.standardError()),
              number(r.min()),
              number(r.max()),
              Long.toString(r.count())));
    }
    return text.toString();
  }

  /** Three decimals below 10, one below 1000, then none: enough digits for returns of any size. */
  private static String number(double value) {
    double size = Math.abs(value);
    String format = size < 10 ? "%.3f" : size < 1000 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }
}
