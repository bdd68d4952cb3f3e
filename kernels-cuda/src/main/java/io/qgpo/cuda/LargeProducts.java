package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.DeviceMemoryException;

/**
 * Large matrix products by cuBLAS, which is asked for by {@link CudaBackend#CUBLAS_PROPERTY}. What
 * follows a product is a kernel of its own, which costs a launch and a sweep over the result: our
 * kernels, which do it in the same launch, are quicker for small products.
 */
final class LargeProducts implements AutoCloseable {
  /**
   * Which products are large.
   *
   * @param multiplications the least there are
   * @param inner the least terms of a sum where a sweep follows
   */
  record Rule(long multiplications, int inner) {
    /**
     * Reckoned from the rates and the bandwidth of an H100 (benchmarks/RESULTS-gpu.md), in TF32: of
     * a result of 4096 x 128 with 256 terms cuBLAS gains 7 us, of one of 4096 x 512 with 128 terms
     * 3, less than the sweep takes.
     */
    static final Rule USUAL = new Rule(1L << 27, 256);

    /**
     * What {@link CudaBackend#CUBLAS_PROPERTY} asks for; null for nothing.
     *
     * @throws IllegalArgumentException if {@link CudaBackend#CUBLAS_FROM_PROPERTY} is no number
     */
    static Rule asked() {
      if (!Boolean.getBoolean(CudaBackend.CUBLAS_PROPERTY)) {
        return null;
      }
      String from = System.getProperty(CudaBackend.CUBLAS_FROM_PROPERTY);
      if (from == null) {
        return USUAL;
      }
      if (!from.matches("[1-9][0-9]{0,17}")) {
        throw new IllegalArgumentException(
            "-D%s: expected a whole number of multiplications from 1, found %s"
                .formatted(CudaBackend.CUBLAS_FROM_PROPERTY, from));
      }
      return new Rule(Long.parseLong(from), 1);
    }

    /** What tells it from the usual one, on which results depend as on the library; or nothing. */
    String words() {
      return equals(USUAL) ? "" : " from %d multiplications".formatted(multiplications);
    }
  }

  private final Cublas cublas;
  private final FinishProductKernel finish;
  private final Precision precision;
  private final Rule rule;

  /**
   * Opens cuBLAS on a driver; closes the driver if that fails.
   *
   * @param rule which products are large; null for none
   * @return null if none are
   * @throws IllegalArgumentException if cuBLAS is not installed or does not work here
   */
  static LargeProducts open(
      CudaDriver driver, KernelLibrary library, Precision precision, Rule rule) {
    if (rule == null) {
      return null;
    }
    try {
      return new LargeProducts(driver, library, precision, rule);
    } catch (RuntimeException e) {
      driver.close();
      if (e instanceof DeviceMemoryException) {
        throw e;
      }
      throw new IllegalArgumentException(
          "backend cuda cannot multiply by cuBLAS, which was asked for: " + e.getMessage(), e);
    }
  }

  LargeProducts(CudaDriver driver, KernelLibrary library, Precision precision, Rule rule) {
    finish = new FinishProductKernel(library);
    finish.load();
    cublas = new Cublas(driver);
    this.precision = precision;
    this.rule = rule;
  }

  /** Which library computes them, and how it was found. */
  String provider() {
    return cublas.provider();
  }

  /** The library's name and version, and which products it gets if these are not the usual ones. */
  String version() {
    return cublas.version() + rule.words();
  }

  /**
   * Whether it takes a product.
   *
   * @param isSwept whether a sweep over the result follows
   */
  boolean takes(int rows, int columns, int inner, boolean isSwept) {
    return (long) rows * columns * inner >= rule.multiplications
        && (!isSwept || inner >= rule.inner);
  }

  /** Whether it takes a product with what follows it. */
  boolean takes(DeviceMatrix out, int inner, Epilogue epilogue) {
    // Until the sweep the product is where z goes, or the result if no residual is there.
    boolean hasPlace = epilogue.preActivation() != null || !accumulates(epilogue, out);
    boolean isSwept = isSwept(epilogue, out);
    return takes(out.rows(), out.columns(), inner, isSwept) && (!isSwept || hasPlace);
  }

  /** out = epilogue(op(a) op(b)), where op transposes if asked; not both may be. */
  void gemm(
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      Epilogue epilogue) {
    ProductKernels.checkShapes(transA, transB, a, b, out, epilogue);
    if (!isSwept(epilogue, out)) {
      cublas.gemm(precision, transA, transB, a, b, out, accumulates(epilogue, out));
      return;
    }
    DeviceMatrix z = epilogue.preActivation();
    DeviceMatrix product = z == null ? out : z;
    cublas.gemm(precision, transA, transB, a, b, product, false);
    finish.compute(product, out, epilogue);
  }

  private static boolean isSwept(Epilogue epilogue, DeviceMatrix out) {
    return !epilogue.isSum() || epilogue.residual() != null && !accumulates(epilogue, out);
  }

  private static boolean accumulates(Epilogue epilogue, DeviceMatrix out) {
    DeviceMatrix residual = epilogue.residual();
    return residual != null
        && residual.memory().address().value() == out.memory().address().value();
  }

  @Override
  public void close() {
    cublas.close();
  }
}
