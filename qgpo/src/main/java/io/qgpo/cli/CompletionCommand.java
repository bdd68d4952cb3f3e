package io.qgpo.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script by which bash and zsh complete commands and options of a command named"
          + " qgpo."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  alias qgpo='java -jar qgpo.jar'; source <(java -jar qgpo.jar completion)",
      "  qgpo completion > qgpo-completion.sh"
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("qgpo", spec.root().commandLine()));
    return Main.done(out);
  }
}
