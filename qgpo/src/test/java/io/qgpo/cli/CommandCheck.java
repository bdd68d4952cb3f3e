package io.qgpo.cli;

/** Runs commands on files that may be damaged, and counts how many were refused. */
final class CommandCheck {
  private static final int LONGEST_SENTENCE = 1100;

  /** What commands tell besides: which backend was chosen, which checkpoint is passed over. */
  private static final String NOTES = "(?m)^(backend|Skipping an unusable checkpoint\\.) .*\\R";

  private int refused;

  /** How many files were refused. */
  int refused() {
    return refused;
  }

  /** What a user sees: exit code 0, or 2 with one sentence; returns what is wrong, or null. */
  String run(String... arguments) {
    Cli.Outcome outcome = Cli.run(arguments);
    String err = outcome.err().replaceAll(NOTES, "");
    String command = String.join(" ", arguments) + ": ";
    if (outcome.out().matches("(?s).*[\\p{Cc}&&[^\\r\\n]].*")) {
      return command + "printed control characters";
    }
    if (outcome.code() == Main.OK) {
      return err.isEmpty() ? null : command + "read, but said " + err;
    }
    refused++;
    boolean sentence =
        err.matches("qgpo: [^\\p{Cc}]+[.!?]" + System.lineSeparator())
            && err.length() < LONGEST_SENTENCE;
    return outcome.code() == Main.USAGE_ERROR && sentence
        ? null
        : command + "code " + outcome.code() + ", said " + outcome.out() + err;
  }
}
