package io.qgpo.cli;

import io.qgpo.tensor.kernel.DeviceWorkshop;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which kernel is checked or timed. */
final class KernelArguments {
  /** Of the backend that the sources are for. */
  private static final String DEVICE = "cuda";

  @Parameters(
      paramLabel = "KERNEL",
      description = "A file of CUDA C++ (.cu) or PTX (.ptx), or class:NAME for a Java class.")
  private String kernel;

  @Option(
      names = "--op",
      paramLabel = "OP",
      required = true,
      description = "What it computes; 'qgpo kernel ops' lists the operations.")
  private String op;

  @Option(
      names = "--kernel-classpath",
      paramLabel = "PATH",
      split = ",",
      description = "Jars and folders, separated by commas, in which the class is.")
  private List<Path> classpath = new ArrayList<>();

  /**
   * The kernel.
   *
   * @throws UsageException if none of that kind computes the operation
   */
  KernelName name() {
    KernelName name = KernelName.of("--op", op, kernel);
    if (name instanceof KernelName.Source && !classpath.isEmpty()) {
      throw new UsageException("--kernel-classpath: expected together with a class, found a file");
    }
    return name;
  }

  List<Path> classpath() {
    return classpath;
  }

  /** What offers kernels on a GPU. */
  static DeviceWorkshop device() {
    return DeviceWorkshop.find(DEVICE).orElseThrow();
  }

  /** Prints lines as they come: a check takes seconds. */
  static Consumer<String> lines(PrintWriter out) {
    return line -> {
      out.println(line);
      out.flush();
    };
  }
}
