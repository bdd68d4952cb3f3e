package io.qgpo.cli;

import io.qgpo.algorithm.NearestName;
import io.qgpo.help.TerminalText;
import io.qgpo.help.Topics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a command does, or a page of the manual. */
@Command(
    name = "help",
    description = {
      "Tells what a command does, as 'qgpo COMMAND --help', or shows a page of the manual.",
      "Without a name: all commands and all pages."
    },
    mixinStandardHelpOptions = true,
    helpCommand = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo help export", "  qgpo help dataset convert", "  qgpo help troubleshooting"})
final class HelpCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..2",
      completionCandidates = Names.class,
      description = "A command, or a page of the manual.")
  private List<String> names = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine program = spec.parent().commandLine();
    PrintWriter out = program.getOut();
    Optional<CommandLine> command = command(program);
    if (command.isPresent()) {
      command.get().usage(out);
    } else {
      String name = String.join(" ", names);
      out.print(
          TerminalText.of(new Topics(spec.root()).find(name).orElseThrow(() -> unknown(name))));
    }
    return Main.done(out);
  }

  /** The command of these names, the program itself if there are none. */
  private Optional<CommandLine> command(CommandLine program) {
    Optional<CommandLine> command = Optional.of(program);
    for (String name : names) {
      command = command.map(parent -> parent.getSubcommands().get(name));
    }
    return command;
  }

  /** Commands of the program and pages of its manual. */
  private static List<String> known(CommandSpec program) {
    List<String> names = new ArrayList<>(program.subcommands().keySet());
    new Topics(program).all().forEach(topic -> names.add(topic.name()));
    return names;
  }

  private UsageException unknown(String name) {
    String nearest = NearestName.nearest(name, known(spec.root()));
    return new UsageException(
        "help: there is no command and no page '%s'%s"
            .formatted(
                name,
                NearestName.isNear(name, nearest)
                    ? "; did you mean '" + nearest + "'?"
                    : "; 'qgpo help' lists both"));
  }

  /** What a shell completes. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return known(Main.commandLine().getCommandSpec()).iterator();
    }
  }
}
