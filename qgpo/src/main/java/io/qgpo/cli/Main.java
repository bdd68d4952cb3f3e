package io.qgpo.cli;

import io.qgpo.launch.ParentWatch;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The program {@code qgpo}. */
public final class Main {
  /** All went well. */
  public static final int OK = 0;

  /** A fault of the program. */
  public static final int INTERNAL_ERROR = 1;

  /** A wrong option, setting or file. */
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
    try {
      return commandLine.execute(args);
    } catch (Throwable e) { // picocli handles exceptions; what comes here are errors of the JVM
      return ErrorMessages.report(e, commandLine);
    }
  }

  /** The parser of all commands. */
  static CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(new QgpoCommand())
            .addSubcommand(new TrainCommand())
            .addSubcommand(new SweepCommand())
            .addSubcommand(new EvaluateCommand())
            .addSubcommand(new CompareCommand())
            .addSubcommand(new ReportCommand())
            .addSubcommand(new RunsCommand())
            .addSubcommand(new SampleCommand(System.in))
            .addSubcommand(new ServeCommand())
            .addSubcommand(new ExportCommand())
            .addSubcommand(new ImportCommand())
            .addSubcommand(new DatasetCommand())
            .addSubcommand(new ConfigCommand())
            .addSubcommand(new DoctorCommand())
            .addSubcommand("completion", new CompletionCommand())
            .addSubcommand(new HelpCommand());
    return configure(commandLine);
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
