package io.qgpo.help;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Every command with its options, made of the model that parses them. */
final class CommandsPage {
  private static final String INTRODUCTION =
      """
      # Commands

      `qgpo` stands for `java -jar qgpo.jar` or, in a checkout, `./run`. Results go to standard output,
      progress and messages to standard error. Exit code 0: all went well; 1: a fault of the program,
      `doctor` has something to put right, or `kernel check` finds a kernel wrong; 2: a wrong option, setting
      or file, or a device that failed, told in one sentence.

      ## Options of every command

      """;

  private final StringBuilder page = new StringBuilder(INTRODUCTION);

  private CommandsPage() {}

  static String markdown(CommandSpec program) {
    var page = new CommandsPage();
    page.options(program.options(), List.of());
    page.commands(program);
    return page.page.toString();
  }

  private void commands(CommandSpec parent) {
    for (CommandLine line : parent.subcommands().values()) {
      command(line.getCommandSpec());
      commands(line.getCommandSpec());
    }
  }

  private void command(CommandSpec command) {
    page.append("\n## ").append(command.qualifiedName(" ")).append("\n\n");
    page.append("```\n").append(synopsis(command)).append("```\n\n");
    for (String paragraph : command.usageMessage().description()) {
      page.append(Markdown.escape(paragraph)).append("\n\n");
    }
    List<OptionSpec> own =
        command.options().stream().filter(o -> !o.inherited() && !isStandard(o)).toList();
    options(own, command.positionalParameters());
    String footer =
        Arrays.stream(command.usageMessage().footer()).collect(Collectors.joining("\n"));
    if (!footer.isBlank()) {
      page.append("\nExamples:\n\n```\n").append(footer.strip().indent(0)).append("```\n");
    }
  }

  private static boolean isStandard(OptionSpec option) {
    return option.usageHelp() || option.versionHelp();
  }

  private static String synopsis(CommandSpec command) {
    return command.commandLine().getHelp().synopsis(0).replaceAll("(?m)\\s+$", "\n");
  }

  private void options(List<OptionSpec> options, List<PositionalParamSpec> positional) {
    List<ArgSpec> all = new ArrayList<>();
    positional.stream().filter(p -> !p.hidden()).forEach(all::add);
    options.stream().filter(o -> !o.hidden()).forEach(all::add);
    if (all.isEmpty()) {
      return;
    }
    page.append("| option | meaning |\n|---|---|\n");
    for (ArgSpec arg : all) {
      String meaning = String.join(" ", arg.description()).replace("%n", " ");
      page.append("| `").append(label(arg)).append("` | ").append(Markdown.escape(meaning));
      page.append(" |\n");
    }
  }

  private static String label(ArgSpec arg) {
    String value =
        Help.createMinimalParamLabelRenderer()
            .renderParameterLabel(arg, Help.Ansi.OFF, List.of())
            .toString();
    if (arg instanceof OptionSpec option) {
      String names = String.join(", ", option.names());
      return option.arity().max() == 0 ? names : names + " " + value.strip();
    }
    return value.strip();
  }
}
