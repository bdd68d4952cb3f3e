package io.qgpo.cli;

import io.qgpo.run.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code qgpo} alone: prints its help. */
@Command(
    name = "qgpo",
    description = "Learns policies from logged transitions by Q-guided diffusion (Lu et al. 2023).",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = QgpoCommand.Version.class)
final class QgpoCommand implements Runnable {
  @Mixin private GlobalOptions global;
  @Spec private CommandSpec spec;

  GlobalOptions global() {
    return global;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "qgpo " + ProgramVersion.text(),
        "%s %s, %s %s"
            .formatted(
                System.getProperty("java.vm.name"),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"))
      };
    }
  }

  /** The options of the program as a whole, from any of its commands. */
  static GlobalOptions globalOptions(CommandLine commandLine) {
    CommandLine root = commandLine;
    while (root.getParent() != null) {
      root = root.getParent();
    }
    return root.getCommand() instanceof QgpoCommand qgpo ? qgpo.global : new GlobalOptions();
  }
}
