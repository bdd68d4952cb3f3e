package io.qgpo.benchmarks.gpu;

import java.util.Locale;

/**
 * What came of one part of the check.
 *
 * @param found in words, one line
 */
record Part(String name, Outcome outcome, double seconds, String found) {
  /** How a part can end. */
  enum Outcome {
    PASSED,
    FAILED,
    /** Something that it needs is not on this machine. */
    NOT_RUN;

    /** As the page says it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  static Part notRun(String name, String why) {
    return new Part(name, Outcome.NOT_RUN, 0, why);
  }

  static Part failed(String name, double seconds, String why) {
    return new Part(name, Outcome.FAILED, seconds, why);
  }

  /** One line for the terminal. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%-28s %-8s %5.0f s  %s", name, outcome, seconds, found);
  }
}
