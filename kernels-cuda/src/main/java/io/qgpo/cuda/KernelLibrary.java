package io.qgpo.cuda;

import java.util.HashMap;
import java.util.Map;

/** The kernels by name; a module is compiled by the driver when its first kernel is asked for. */
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
    CudaModule loaded = modules.get(module);
    if (loaded == null) {
      loaded = driver.load(module, PtxManifest.ptx(module));
      modules.put(module, loaded);
    }
    return loaded.kernel(kernel);
  }
}
