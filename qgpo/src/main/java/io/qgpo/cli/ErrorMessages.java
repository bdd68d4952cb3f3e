package io.qgpo.cli;

import io.qgpo.algorithm.ConfigException;
import io.qgpo.algorithm.NearestName;
import io.qgpo.data.DataException;
import io.qgpo.env.EnvironmentException;
import io.qgpo.run.RunException;
import io.qgpo.tensor.DeviceException;
import io.qgpo.tensor.io.TensorFileException;
import io.qgpo.tensor.kernel.KernelException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command into one sentence and an exit code. */
final class ErrorMessages {
  private ErrorMessages() {}

  /** Prints the sentence, and the stack trace where it was asked for. */
  static int report(Throwable error, CommandLine commandLine) {
    PrintWriter err = commandLine.getErr();
    boolean usersFault = isUsersFault(error);
    err.println("qgpo: " + sentence(usersFault ? message(error) : internal(error)));
    if (QgpoCommand.globalOptions(commandLine).stackTrace()) {
      error.printStackTrace(err);
    }
    err.flush();
    return usersFault ? Main.USAGE_ERROR : Main.INTERNAL_ERROR;
  }

  private static boolean isUsersFault(Throwable error) {
    return switch (error) {
      case UsageException _,
          ParameterException _,
          ConfigException _,
          DataException _,
          EnvironmentException _,
          KernelException _,
          RunException _,
          TensorFileException _ ->
          true;
      case DeviceException failure -> failure.isFromOutside();
      default -> false;
    };
  }

  /** What was wrong with a command, for its user. */
  static String message(Throwable error) {
    return switch (error) {
      case UnmatchedArgumentException e -> unmatched(e);
      case ParameterException e -> e.getMessage() + help(e.getCommandLine());
      default -> error.getMessage();
    };
  }

  private static String internal(Throwable error) {
    if (error instanceof OutOfMemoryError) {
      return ("out of memory (%s): the heap is limited to %d MiB; give more with java -Xmx, or use"
              + " smaller batches")
          .formatted(error.getMessage(), Runtime.getRuntime().maxMemory() >> 20);
    }
    String what = error.getMessage() == null ? "" : ": " + error.getMessage();
    return "internal error, %s%s; --stacktrace shows where"
        .formatted(error.getClass().getSimpleName(), what);
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String given = e.getUnmatched().getFirst();
    CommandLine command = e.getCommandLine();
    String name = given.split("=", 2)[0];
    if (given.startsWith("-")) {
      List<String> options =
          command.getCommandSpec().options().stream()
              .filter(option -> !option.hidden())
              .flatMap(option -> Stream.of(option.names()))
              .filter(option -> option.startsWith("--"))
              .toList();
      return "option '%s' does not exist; did you mean %s?"
          .formatted(name, NearestName.suggestion(name, options));
    }
    if (!command.getSubcommands().isEmpty()) {
      return "command '%s' does not exist; did you mean %s?"
          .formatted(name, NearestName.suggestion(name, command.getSubcommands().keySet()));
    }
    return "unexpected argument '%s'".formatted(given) + help(command);
  }

  private static String help(CommandLine commandLine) {
    return "; see '%s --help'".formatted(commandLine.getCommandSpec().qualifiedName());
  }

  /** One line that ends like a sentence. */
  private static String sentence(String message) {
    String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
    return Printable.text(line.matches(".*[.!?]") ? line : line + ".");
  }
}
