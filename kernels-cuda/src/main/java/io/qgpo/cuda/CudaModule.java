package io.qgpo.cuda;

import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;

/** Kernels compiled together. Closed with its driver, or before. */
public final class CudaModule implements AutoCloseable {
  private final CudaDriver driver;
  private final String name;
  private final CUmodule module = new CUmodule();
  private final Map<String, CudaKernel> kernels = new HashMap<>();
  private boolean closed;

  CudaModule(CudaDriver driver, String name, String ptx) {
    this.driver = driver;
    this.name = name;
    CudaDriver.check("cuModuleLoadData of " + name, cuModuleLoadData(module, ptx));
  }

  /**
   * A kernel by its name.
   *
   * @throws CudaException if there is none
   */
  public CudaKernel kernel(String kernel) {
    return kernels.computeIfAbsent(
        kernel,
        k -> {
          CUfunction function = new CUfunction();
          CudaDriver.check(
              "cuModuleGetFunction of " + k + " in " + name,
              cuModuleGetFunction(function, module, k));
          return new CudaKernel(driver, k, function);
        });
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      CudaDriver.check("cuModuleUnload of " + name, cuModuleUnload(module));
    }
  }
}
