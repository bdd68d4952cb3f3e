package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Backend;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Kernels of users' on a device: what a backend offers for them, announced through {@link
 * ServiceLoader}. A file that cannot be used, or a machine that lacks what is needed, is a {@link
 * KernelException}.
 */
public interface DeviceWorkshop {
  /** The name of the backend that they are for. */
  String backend();

  /** How a kernel says how it is launched, with examples. */
  String launchSyntax();

  /**
   * Runs a kernel beside the oracle, over odd sizes, gaps between rows and operands left out.
   *
   * @param emulated without a GPU, even where there is one
   * @param out takes the lines of the report
   * @return whether it is right
   */
  boolean check(KernelOp op, Path file, boolean emulated, Consumer<String> out);

  /**
   * Times a kernel beside the backend's own.
   *
   * @param out takes the lines of the report
   * @return false if there is no device, and so nothing timed
   */
  boolean bench(KernelOp op, Path file, Consumer<String> out);

  /** Has a backend of this name compute with kernels in the place of its own, from now on. */
  void use(Backend backend, Map<KernelOp, Path> kernels);

  /** The workshop of a backend, if it has one. */
  static Optional<DeviceWorkshop> find(String backend) {
    return ServiceLoader.load(DeviceWorkshop.class, DeviceWorkshop.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(workshop -> workshop.backend().equals(backend))
        .findFirst();
  }
}
