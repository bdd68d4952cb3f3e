package io.qgpo.cli;

import io.qgpo.tensor.kernel.HostWorkshop;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Times a kernel of a user's beside ours. */
@Command(
    name = "bench",
    description = {
      "Times a kernel of yours beside the one that is built in and, where it is installed, cuBLAS:"
          + " microseconds, FLOP/s, bytes a second, the share of what the GPU could do; and tells"
          + " the registers, spills and shared memory it needs. Of a class for the CPU the former"
          + " alone, beside the processor's peak.",
      "Without a GPU it tells of CUDA C++ the latter alone, with exit code 2. It does not ask"
          + " whether the results are right: that is 'check'."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo kernel bench my.cu --op linear_silu",
      "  qgpo kernel bench class:com.acme.MyLinear --op linear --kernel-classpath my.jar"
    })
final class KernelBenchCommand implements Callable<Integer> {
  @Mixin private KernelArguments arguments;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Consumer<String> out = KernelArguments.lines(spec.commandLine().getOut());
    switch (arguments.name()) {
      case KernelName.Source source -> {
        boolean timed = KernelArguments.device().bench(source.op(), source.file(), out);
        return timed ? Main.OK : Main.USAGE_ERROR;
      }
      case KernelName.OfClass ofClass ->
          HostWorkshop.bench(
              ofClass.load(arguments.classpath()),
              QgpoCommand.globalOptions(spec.commandLine()).chooseOnTheCpu(),
              out);
    }
    return Main.OK;
  }
}
