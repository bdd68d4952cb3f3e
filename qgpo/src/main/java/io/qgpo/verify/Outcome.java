package io.qgpo.verify;

/**
 * What a check has found.
 *
 * @param check which
 * @param found the number; NaN if it could not be found
 * @param fault why it could not be found; empty if it was
 */
public record Outcome(Check check, double found, String fault) {
  /** How far off the found number is. */
  public double deviation() {
    return check.deviation(found);
  }

  /** Whether that is allowed; NaN is not. */
  public boolean passed() {
    return deviation() <= check.allowed();
  }

  /** One line for a terminal, with what deviates if it failed. */
  public String line() {
    String expected = "expected " + Figures.expected(check) + ", ";
    if (passed()) {
      return "passed  %s: %sfound %s"
          .formatted(check.name(), expected, Figures.found(check, found));
    }
    String what =
        fault.isEmpty()
            ? "found %s, which is off by %s"
                .formatted(Figures.found(check, found), Figures.small(deviation()))
            : "found nothing: " + fault;
    return "FAILED  %s (%s): %s%s".formatted(check.name(), check.source(), expected, what);
  }
}
