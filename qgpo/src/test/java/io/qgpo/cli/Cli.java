package io.qgpo.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs commands in this process. */
final class Cli {
  /**
   * What a command left.
   *
   * @param code its exit code
   * @param out its standard output
   * @param err its standard error
   */
  record Outcome(int code, String out, String err) {}

  private Cli() {}

  static Outcome run(String... args) {
    return run(Main.commandLine(), args);
  }

  static Outcome run(CommandLine commandLine, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = Main.run(commandLine, args);
    return new Outcome(code, out.toString(), err.toString());
  }
}
