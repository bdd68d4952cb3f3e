package io.qgpo.benchmarks.gpu;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What JUnit's console printed at the end.
 *
 * @param notRun tests that an assumption or a condition kept from running
 * @param reasons of these, each once
 */
record TestCounts(int passed, int failed, int notRun, List<String> reasons) {
  private static final Pattern COUNT =
      Pattern.compile("\\[\\s*(\\d+) tests (successful|failed|aborted|skipped)\\s*]");

  private static final Pattern REASON =
      Pattern.compile(".*\\[[AS]\\] (?:Assumption failed: )?(.+)");

  static TestCounts parse(List<String> lines) {
    int passed = 0;
    int failed = 0;
    int notRun = 0;
    for (String line : lines) {
      Matcher m = COUNT.matcher(line.strip());
      if (m.matches()) {
        int count = Integer.parseInt(m.group(1));
        switch (m.group(2)) {
          case "successful" -> passed = count;
          case "failed" -> failed = count;
          default -> notRun += count;
        }
      }
    }
    List<String> reasons =
        lines.stream()
            .map(REASON::matcher)
            .filter(Matcher::matches)
            .map(m -> m.group(1).strip())
            .distinct()
            .sorted()
            .toList();
    return new TestCounts(passed, failed, notRun, reasons);
  }

  @Override
  public String toString() {
    String text = "%d passed, %d failed".formatted(passed, failed);
    if (notRun > 0) {
      text += ", %d not run (%s)".formatted(notRun, String.join("; ", reasons));
    }
    return text;
  }
}
