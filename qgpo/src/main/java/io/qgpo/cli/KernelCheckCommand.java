package io.qgpo.cli;

import io.qgpo.tensor.kernel.HostWorkshop;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a kernel of a user's beside the oracle. */
@Command(
    name = "check",
    description = {
      "Runs a kernel of yours beside float64 loops, over odd sizes, gaps between rows, null"
          + " pointers and results in the place of inputs; looks for writes outside, results not"
          + " written, and other bits when run again. Exit code 1 if it is wrong.",
      "Without a GPU, g++ compiles it for an emulator, whose threads run in several orders: a"
          + " missing barrier gives other bits."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo kernel check my.cu --op linear_silu",
      "  qgpo kernel check class:com.acme.MyLinear --op linear --kernel-classpath my.jar"
    })
final class KernelCheckCommand implements Callable<Integer> {
  @Mixin private KernelArguments arguments;

  @Option(
      names = "--emulator",
      description = "Check on the emulator, even where there is a GPU: it finds races.")
  private boolean emulator;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Consumer<String> out = KernelArguments.lines(spec.commandLine().getOut());
    boolean right =
        switch (arguments.name()) {
          case KernelName.Source source ->
              KernelArguments.device().check(source.op(), source.file(), emulator, out);
          case KernelName.OfClass ofClass ->
              HostWorkshop.check(
                  ofClass.load(arguments.classpath()),
                  QgpoCommand.globalOptions(spec.commandLine()).chooseOnTheCpu(),
                  out);
        };
    return right ? Main.OK : Main.INTERNAL_ERROR;
  }
}
