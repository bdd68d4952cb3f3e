package io.qgpo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands about datasets; alone it prints their help. */
@Command(
    name = "dataset",
    description = "Looks at datasets, converts them, and compares environments with them.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo dataset info hopper_medium_expert.hdf5", "  qgpo dataset --help"},
    subcommands = {
      DatasetInfoCommand.class,
      DatasetConvertCommand.class,
      DatasetCheckDynamicsCommand.class
    })
final class DatasetCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
