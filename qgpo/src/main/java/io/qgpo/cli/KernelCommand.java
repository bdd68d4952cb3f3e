package io.qgpo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands about kernels of users'; alone it prints their help. */
@Command(
    name = "kernel",
    description =
        "Checks and times kernels of your own; 'qgpo help kernels' teaches to write them.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo kernel ops", "  qgpo kernel check my.cu --op linear_silu"},
    subcommands = {KernelOpsCommand.class, KernelCheckCommand.class, KernelBenchCommand.class})
final class KernelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
