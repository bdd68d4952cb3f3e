package io.qgpo.cli;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.kernel.DeviceWorkshop;
import io.qgpo.tensor.kernel.HostKernel;
import io.qgpo.tensor.kernel.KernelBackend;
import io.qgpo.tensor.kernel.KernelOp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Kernels of a user's that a training computes with. */
final class KernelOptions {
  private static final String OPTION = "--kernel";

  @Option(
      names = OPTION,
      paramLabel = "OP=FILE",
      description = {
        "Compute an operation by a kernel of yours: OP=FILE.cu on a GPU, OP=class:NAME on the CPU;"
            + " may be repeated. 'qgpo kernel ops' lists the operations. A run is resumed with the"
            + " kernels that it began with."
      })
  private List<String> kernels = new ArrayList<>();

  @Option(
      names = "--kernel-classpath",
      paramLabel = "PATH",
      split = ",",
      description = "Jars and folders, separated by commas, in which the class of --kernel is.")
  private List<Path> classpath = new ArrayList<>();

  /**
   * The backend with the kernels in the place of its own; as it is, if none was given.
   *
   * @throws UsageException if they cannot be used with it
   */
  Backend in(Backend backend) {
    if (kernels.isEmpty()) {
      if (!classpath.isEmpty()) {
        throw new UsageException(
            "--kernel-classpath: expected together with --kernel, found alone");
      }
      return backend;
    }
    Map<KernelOp, Path> sources = new LinkedHashMap<>();
    List<HostKernel> classes = new ArrayList<>();
    Map<String, String> given = new LinkedHashMap<>();
    for (String kernel : kernels) {
      String[] parts = kernel.split("=", 2);
      if (parts.length < 2 || parts[1].isBlank()) {
        throw new UsageException(
            OPTION
                + ": expected OP=FILE or OP=class:NAME, as in --kernel linear_silu=my.cu, found '"
                + kernel
                + "'");
      }
      if (given.put(parts[0], parts[1]) != null) {
        throw new UsageException(OPTION + ": expected one kernel for " + parts[0] + ", found two");
      }
      switch (KernelName.of(OPTION, parts[0], parts[1])) {
        case KernelName.Source source -> sources.put(source.op(), source.file());
        case KernelName.OfClass ofClass -> classes.add(ofClass.load(classpath));
      }
    }
    if (!sources.isEmpty()) {
      DeviceWorkshop.find(backend.name())
          .orElseThrow(() -> notOnTheCpu(sources.values().iterator().next(), backend))
          .use(backend, sources);
    }
    return classes.isEmpty() ? backend : KernelBackend.of(backend, classes);
  }

  private static UsageException notOnTheCpu(Path file, Backend backend) {
    return new UsageException(
        "%s: %s is a kernel for a GPU, expected --backend cuda, found the backend %s"
            .formatted(OPTION, file, backend.name()));
  }
}
