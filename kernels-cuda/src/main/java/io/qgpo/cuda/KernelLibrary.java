package io.qgpo.cuda;

import java.util.HashMap;
import java.util.Map;

/**
 * The kernels by name. A module is compiled by the driver when its first kernel is asked for, which
 * must not be while a graph is recorded.
 */
final class KernelLibrary {
  private final CudaDriver driver;
  private final Map<String, CudaModule> modules = new HashMap<>();

  KernelLibrary(CudaDriver driver) {
    this.driver = driver;
  }

  /**
   * A kernel.
   *
   * @param module name of its source without extension
   */
  CudaKernel kernel(String module, String kernel) {
    return module(module).kernel(kernel);
  }

  /** Has modules compiled now. */
  void load(String... names) {
    for (String name : names) {
      module(name);
    }
  }

  private CudaModule module(String name) {
    CudaModule module = modules.get(name);
    if (module == null) {
      module = driver.load(name, PtxManifest.ptx(name));
      modules.put(name, module);
    }
    return module;
  }
}
