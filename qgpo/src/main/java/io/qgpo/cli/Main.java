package io.qgpo.cli;

import io.qgpo.help.Topics;
import io.qgpo.launch.ParentWatch;
import io.qgpo.verify.Verification;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The program {@code qgpo}. */
public final class Main {
  /** All went well. */
  public static final int OK = 0;

  /** A fault of the program. */
  public static final int INTERNAL_ERROR = 1;

  /** A wrong option, setting or file; or a device that fails. */
  public static final int USAGE_ERROR = 2;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    ParentWatch.start();
    int code = run(commandLine(), args);
    System.exit(code);
  }

  /**
   * Runs a command.
   *
   * @return the exit code: {@link #OK}, {@link #INTERNAL_ERROR} or {@link #USAGE_ERROR}
   */
  static int run(CommandLine commandLine, String... args) {
    // Java2D is to draw into memory, and to look for no display, which might be there but closed.
    System.setProperty("java.awt.headless", "true");
    int code = execute(commandLine, args);
    try {
      QgpoCommand.globalOptions(commandLine).closeBackends();
    } catch (RuntimeException e) {
      // After a command that failed it would only say once more that the device is lost.
      return code == OK ? ErrorMessages.report(e, commandLine) : code;
    }
    return code;
  }

  private static int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (Throwable e) { // picocli handles exceptions; what comes here are errors of the JVM
      return ErrorMessages.report(e, commandLine);
    }
  }

  /** The parser of all commands. */
  public static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new QgpoCommand())
            .addSubcommand(new TrainCommand())
            .addSubcommand(new SweepCommand())
            .addSubcommand(new EvaluateCommand())
            .addSubcommand(new CompareCommand())
            .addSubcommand(new ReportCommand())
            .addSubcommand(new RunsCommand())
            .addSubcommand(new SampleCommand(System.in))
            .addSubcommand(new ToyCommand())
            .addSubcommand(new ServeCommand())
            .addSubcommand(new ExportCommand())
            .addSubcommand(new ImportCommand())
            .addSubcommand(new DatasetCommand())
            .addSubcommand(new ConfigCommand())
            .addSubcommand(new KernelCommand())
            .addSubcommand(new VerifyCommand(Verification::standard))
            .addSubcommand(new DoctorCommand())
            .addSubcommand("completion", new CompletionCommand())
            .addSubcommand(new HelpCommand());
    commandLine.getCommandSpec().usageMessage().footer(footer(commandLine));
    return configure(commandLine);
  }

  /** Below the list of commands: the pages of the manual. */
  private static String[] footer(CommandLine commandLine) {
    var lines = new ArrayList<>(List.of("", "Pages of the manual:"));
    new Topics(commandLine.getCommandSpec())
        .all()
        .forEach(page -> lines.add("  %-16s %s".formatted(page.name(), page.summary())));
    lines.add("");
    lines.add("'qgpo help NAME' tells more about a command, or shows a page.");
    return lines.toArray(String[]::new);
  }

  /** Sets what all commands have in common. */
  static CommandLine configure(CommandLine commandLine) {
    return commandLine
        .setParameterExceptionHandler((e, args) -> ErrorMessages.report(e, e.getCommandLine()))
        .setExecutionExceptionHandler((e, command, result) -> ErrorMessages.report(e, command))
        .setExpandAtFiles(false)
        .setAllowOptionsAsOptionParameters(false)
        .setUsageHelpWidth(100);
  }

  /** Flushes what a command has printed. */
  static int done(PrintWriter out) {
    out.flush();
    return OK;
  }
}
