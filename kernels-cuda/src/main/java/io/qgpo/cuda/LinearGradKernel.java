package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.Activation;

/**
 * The first part of a linear layer's backward pass: through its activation, with the gradient of
 * its bias ({@code kernels/linear_grad.cu}).
 */
final class LinearGradKernel {
  private static final int THREADS = 256;
  private static final int STRIP = 64;
  private static final int MOST_GROUPS = 4096;

  private final KernelLibrary library;

  LinearGradKernel(KernelLibrary library) {
    this.library = library;
  }

  /** The elements of workspace that a bias gradient needs. */
  static int workspace(int rows, int columns) {
    return workspace(1, rows, columns);
  }

  /** The same of {@code layers} of equal shape. */
  static int workspace(int layers, int rows, int columns) {
    return Math.multiplyExact(layers, GemmPlan.ceil(rows, STRIP) * columns);
  }

  /** Whether a launch of {@link #compute} takes so many layers of so many columns. */
  static boolean fits(int layers, int columns) {
    return (long) layers * GemmPlan.ceil(columns, 32) <= MOST_GROUPS
        && layers <= ProductKernels.MOST_LAYERS;
  }

  /**
   * gradZ = gradOut activation'(z), and gradBias = its column sums.
   *
   * @param z null for IDENTITY
   * @param gradZ null if not wanted; may be gradOut
   * @param gradBias null if not wanted
   * @param workspace of {@link #workspace}; null without gradBias
   */
  void compute(
      Activation activation,
      DeviceMatrix z,
      DeviceMatrix gradOut,
      DeviceMatrix gradZ,
      DeviceMemory gradBias,
      DeviceMemory workspace) {
    compute(1, activation, z, gradOut, gradZ, gradBias, workspace);
  }

  /** The same of layers of equal shape: block i of the rows of each matrix is that of layer i. */
  void compute(
      int layers,
      Activation activation,
      DeviceMatrix z,
      DeviceMatrix gradOut,
      DeviceMatrix gradZ,
      DeviceMemory gradBias,
      DeviceMemory workspace) {
    ProductKernels.requireLayers("linearGrad", layers, gradOut.rows());
    int rows = gradOut.rows() / layers;
    int columns = gradOut.columns();
    if (z == null && activation != Activation.IDENTITY) {
      throw new IllegalArgumentException(
          "linearGrad: expected z for " + activation + ", found null");
    }
    if (z != null) {
      z.require("linearGrad", "z", gradOut.rows(), columns);
    }
    if (gradZ != null) {
      gradZ.require("linearGrad", "gradZ", gradOut.rows(), columns);
    }
    Arguments arguments = ProductKernels.add(new Arguments().integer(activation.ordinal()), z);
    ProductKernels.add(arguments, gradOut);
    ProductKernels.add(arguments, gradZ)
        .memory(gradBias == null ? null : workspace)
        .memory(gradBias)
        .integer(rows)
        .integer(columns);
    int groups = GemmPlan.ceil(columns, 32);
    if (!fits(layers, columns)) {
      throw new IllegalArgumentException(
          "linearGrad: expected at most %d groups of 32 columns over all layers, found %d x %d"
              .formatted(MOST_GROUPS, layers, groups));
    }
    library
        .kernel("linear_grad", "linear_grad")
        .launch(new Grid(groups, GemmPlan.ceil(rows, STRIP), layers), THREADS, 0, arguments);
  }
}
