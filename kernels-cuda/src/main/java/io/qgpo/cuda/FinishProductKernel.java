package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.cuda.ProductKernels.Epilogue;

/**
 * What follows the product in a linear layer, where a library has computed that ({@code
 * kernels/finish_product.cu}).
 */
final class FinishProductKernel {
  private static final int COLUMNS_AT_ONCE = 128;
  private static final int ROWS_AT_ONCE = 8;
  private static final int MOST_BLOCKS_DOWN = 65535;

  private final KernelLibrary library;

  FinishProductKernel(KernelLibrary library) {
    this.library = library;
  }

  /** Has the driver compile it. */
  void load() {
    library.load("finish_product");
  }

  /**
   * z = product + bias, out = activation(z) + residual.
   *
   * @param product of out's shape; may be where z goes, or out if that is no residual
   */
  void compute(DeviceMatrix product, DeviceMatrix out, Epilogue epilogue) {
    product.require("finishProduct", "product", out.rows(), out.columns());
    Arguments arguments = ProductKernels.add(new Arguments(), product);
    ProductKernels.add(arguments, out)
        .memory(epilogue.bias())
        .integer(epilogue.activation().ordinal());
    ProductKernels.add(arguments, epilogue.residual());
    ProductKernels.add(arguments, epilogue.preActivation())
        .integer(out.rows())
        .integer(out.columns());
    Grid grid =
        new Grid(
            GemmPlan.ceil(out.columns(), COLUMNS_AT_ONCE),
            Math.min(MOST_BLOCKS_DOWN, GemmPlan.ceil(out.rows(), ROWS_AT_ONCE)),
            1);
    library.kernel("finish_product", "finish_product").launch(grid, Views.THREADS, 0, arguments);
  }
}
