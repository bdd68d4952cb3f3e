package io.qgpo.cli;

import io.qgpo.tensor.kernel.HostKernel;
import io.qgpo.tensor.kernel.HostOp;
import io.qgpo.tensor.kernel.KernelOp;
import java.nio.file.Path;
import java.util.List;

/** A kernel of a user's, as typed, and what it computes. */
sealed interface KernelName {
  /** A source in CUDA C++, or PTX. */
  record Source(KernelOp op, Path file) implements KernelName {}

  /** A Java class. */
  record OfClass(HostOp op, String className) implements KernelName {
    HostKernel load(List<Path> classpath) {
      return HostKernel.load(op, className, classpath);
    }
  }

  /**
   * Reads one.
   *
   * @param option for messages
   * @param kernel a file, or {@code class:} and a name
   * @throws UsageException if no kernel of that kind computes the operation
   */
  static KernelName of(String option, String op, String kernel) {
    if (kernel.startsWith(HostKernel.CLASS_PREFIX)) {
      String className = kernel.substring(HostKernel.CLASS_PREFIX.length());
      return HostOp.find(op)
          .map(found -> new OfClass(found, className))
          .orElseThrow(() -> UsageException.unknown(option + " of a class", HostOp.ids(), op));
    }
    return KernelOp.find(op)
        .map(found -> new Source(found, Path.of(kernel)))
        .orElseThrow(() -> UsageException.unknown(option, KernelOp.ids(), op));
  }
}
