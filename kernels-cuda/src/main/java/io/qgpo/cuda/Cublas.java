package io.qgpo.cuda;

import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGetVersion;
import static jcuda.jcublas.JCublas2.cublasSetMathMode;
import static jcuda.jcublas.JCublas2.cublasSetStream;
import static jcuda.jcublas.JCublas2.cublasSetWorkspace;
import static jcuda.jcublas.JCublas2.cublasSgemm;

import io.qgpo.cuda.ProductKernels.Precision;
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
 * ElfSoname}). To be closed before its driver.
 */
public final class Cublas implements AutoCloseable {
  private static final String LIBRARY = "JCublas2";
  private static final String LINKED = "libcublas.so.12";
  private static final String NEWER = "libcublas.so.13";

  /**
   * In elements: the 32 MiB that cuBLAS' manual recommends for Hopper. Its own memory may change
   * from call to call, and results with it.
   */
  private static final long WORKSPACE = 8L << 20;

  private static ToolkitLibraries.Loaded library;

  private final CudaDriver driver;
  private final cublasHandle handle = new cublasHandle();
  private final DeviceMemory workspace;
  private final String version;
  private boolean closed;
  private final Pointer one = Pointer.to(new float[] {1});
  private final Pointer zero = Pointer.to(new float[] {0});

  /**
   * Opens it on a driver's stream.
   *
   * @throws IllegalStateException if it is not installed
   */
  public Cublas(CudaDriver driver) {
    this.driver = driver;
    load();
    driver.enter();
    JCublas2.setExceptionsEnabled(false);
    workspace = driver.allocate(WORKSPACE);
    try {
      check("cublasCreate", cublasCreate(handle));
      check("cublasSetStream", cublasSetStream(handle, new cudaStream_t(driver.stream())));
      // Behind the stream, which resets it.
      check(
          "cublasSetWorkspace",
          cublasSetWorkspace(handle, workspace.address(), WORKSPACE * Float.BYTES));
      int[] number = new int[1];
      check("cublasGetVersion", cublasGetVersion(handle, number));
      version = words(number[0]);
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  /** By cublas_api.h: major * 10000 + minor * 100 + patch. */
  private static String words(int version) {
    return "cuBLAS %d.%d.%d".formatted(version / 10000, version / 100 % 100, version % 100);
  }

  /** Which library computes, and whether JCublas2 had to be patched for it. */
  public String provider() {
    return library.name()
        + (library.isPatched() ? " by a patched JCublas2" : " as JCublas2 expects it");
  }

  /** Name and version, as in {@code cuBLAS 12.6.4}. */
  String version() {
    return version;
  }

  private static synchronized void load() {
    if (library != null) {
      return;
    }
    library = ToolkitLibraries.load("jcuda.jcublas.JCublas2", LIBRARY, LINKED, NEWER);
    if (library == null) {
      throw new IllegalStateException(
          "no cuBLAS: neither %s nor %s is found; install CUDA's libcublas, or put its folder into"
                  .formatted(LINKED, NEWER)
              + " LD_LIBRARY_PATH or -Dqgpo.cuda.libraries");
    }
  }

  /**
   * out = op(a) op(b), where op transposes if asked; all with elements of a row adjacent.
   *
   * @param accumulate whether it is added to what out holds
   */
  public void gemm(
      Precision precision,
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      boolean accumulate) {
    driver.enter();
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
            accumulate ? one : zero,
            out.memory().address(),
            out.leadingDimension()));
  }

  static void check(String call, int status) {
    if (status == cublasStatus.CUBLAS_STATUS_SUCCESS) {
      return;
    }
    boolean outside = true;
    String hint =
        switch (status) {
          case cublasStatus.CUBLAS_STATUS_NOT_INITIALIZED ->
              "cuBLAS and the driver do not fit each other, or the GPU's memory is full";
          case cublasStatus.CUBLAS_STATUS_ALLOC_FAILED ->
              "the GPU's memory is full: use smaller batches, or end other programs on it";
          case cublasStatus.CUBLAS_STATUS_ARCH_MISMATCH -> "this cuBLAS is not for this GPU";
          default -> {
            outside = false;
            yield status == cublasStatus.CUBLAS_STATUS_EXECUTION_FAILED
                ? "a kernel failed, perhaps one before; compute-sanitizer names it"
                : "see cuBLAS' status codes";
          }
        };
    throw new CudaException(call, status, cublasStatus.stringFor(status), hint, outside);
  }

  /** Gives back what it holds; the driver has to be open. */
  @Override
  public void close() {
    if (closed || !driver.isOpen()) {
      return;
    }
    closed = true;
    driver.enter();
    // After a failed kernel every call fails, and the context's end frees all: that is ignored.
    cublasDestroy(handle);
    try {
      driver.free(workspace);
    } catch (CudaException e) {
      // As well.
    }
  }
}
