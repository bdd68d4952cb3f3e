package io.qgpo.cli;

import io.qgpo.tensor.kernel.HostOp;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the contract of every operation that a kernel may compute. */
@Command(
    name = "ops",
    description =
        "Prints what a kernel may compute: the declaration it must have, shapes, and what may be"
            + " null.",
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {"  qgpo kernel ops"})
final class KernelOpsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        """
        In CUDA C++. All numbers are float32; a matrix is a pointer and a leading dimension, the elements
        from one row to the next, those of a row being adjacent; addresses may be any multiple of 4 bytes.
        One comment line says how it is launched:
        """);
    out.println(KernelArguments.device().launchSyntax());
    out.println(
        """

        A tile is a block's part of the result: blockIdx.x counts along the columns, blockIdx.y along the
        rows. 'elements', 'rows' and 'columns' give each block so many, counted by blockIdx.x. Threads are
        counted by threadIdx.x.
        """);
    for (KernelOp op : KernelOp.values()) {
      out.println(op.contract());
    }
    out.println(
        "As a Java class (class:NAME), the interfaces of io.qgpo.tensor.kernel.HostKernels:");
    for (HostOp op : HostOp.values()) {
      out.printf("  %-12s %s%n", op.id(), op.type().getCanonicalName());
    }
    return Main.done(out);
  }
}
