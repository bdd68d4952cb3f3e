package io.qgpo.cuda;

import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasSetMathMode;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSgemm;

import io.qgpo.cuda.Kernels.Precision;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/**
 * Matrix products by cuBLAS, where it is installed. JCublas2 wants cuBLAS 12; where there is only
 * cuBLAS 13, whose functions are the same, a patched copy of JCublas2 is loaded ({@link
 * ElfSoname}).
 */
public final class Cublas implements AutoCloseable {
  private static final String LIBRARY = "JCublas2";
  private static final String LINKED = "libcublas.so.12";
  private static final String NEWER = "libcublas.so.13";

  private static String provider;

  private final cublasHandle handle = new cublasHandle();
  private final Pointer one = Pointer.to(new float[] {1});
  private final Pointer zero = Pointer.to(new float[] {0});

  /**
   * Opens it on a driver's stream.
   *
   * @throws IllegalStateException if it is not installed
   */
  public Cublas(CudaDriver driver) {
    load();
    JCublas2.setExceptionsEnabled(false);
    check("cublasCreate", cublasCreate(handle));
    check("cublasSetStream", cublasSetStream(handle, new cudaStream_t(driver.stream())));
  }

  /** Which library computes, and whether JCublas2 had to be patched for it. */
  public String provider() {
    return provider;
  }

  private static synchronized void load() {
    if (provider != null) {
      return;
    }
    ToolkitLibraries.Loaded loaded =
        ToolkitLibraries.load("jcuda.jcublas.JCublas2", LIBRARY, LINKED, NEWER);
    if (loaded == null) {
      throw new IllegalStateException(
          "no cuBLAS: neither %s nor %s is found; install CUDA's libcublas, or put its folder into"
                  .formatted(LINKED, NEWER)
              + " LD_LIBRARY_PATH or -Dqgpo.cuda.libraries");
    }
    provider =
        loaded.name() + (loaded.isPatched() ? " by a patched JCublas2" : " as JCublas2 expects it");
  }

  /** out = op(a) op(b), all with elements of a row adjacent. */
  public void gemm(
      Precision precision,
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out) {
    int mode =
        precision == Precision.TF32
            ? cublasMath.CUBLAS_TF32_TENSOR_OP_MATH
            : cublasMath.CUBLAS_DEFAULT_MATH;
    check("cublasSetMathMode", cublasSetMathMode(handle, mode));
    // cuBLAS has elements of a column adjacent, so it sees all three transposed: out' = b' a'.
    check(
        "cublasSgemm",
        cublasSgemm(
            handle,
            transB ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
            transA ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N,
            out.columns(),
            out.rows(),
            transA ? a.rows() : a.columns(),
            one,
            b.memory().address(),
            b.leadingDimension(),
            a.memory().address(),
            a.leadingDimension(),
            zero,
            out.memory().address(),
            out.leadingDimension()));
  }

  private static void check(String call, int status) {
    if (status != 0) {
      throw new CudaException(
          call, status, cublasStatus.stringFor(status), "see cuBLAS' status codes");
    }
  }

  @Override
  public void close() {
    check("cublasDestroy", cublasDestroy(handle));
  }
}
