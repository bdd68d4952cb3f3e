package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Gradients;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * Matrix products and linear layers: by kernels of users' where there are any, by a library where
 * it takes them, else by ours, with the memory that these work in.
 *
 * <p>What is several products may be one launch of ours. Where it is not, such a method does
 * nothing and returns false: the caller then asks for one product after the other.
 */
final class Products {
  private final ProductKernels kernels;
  private final LinearGradKernel linearGrad;
  private final Moves moves;
  private final UserKernels users;
  private final Precision precision;
  private final LargeProducts large;

  /**
   * Products by these kernels.
   *
   * @param large what computes large ones in their place; null for nothing
   */
  Products(
      KernelLibrary library,
      Moves moves,
      UserKernels users,
      Precision precision,
      LargeProducts large) {
    kernels = new ProductKernels(library);
    linearGrad = new LinearGradKernel(library);
    this.moves = moves;
    this.users = users;
    this.precision = precision;
    this.large = large;
  }

  void matmul(boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
    if (users.matmul(transA, transB, a, b, out, accumulate)) {
      return;
    }
    Epilogue sum = Epilogue.adding(accumulate ? Views.matrix(out) : null);
    if (!transA || !transB) {
      gemm(transA, transB, a, b, out, sum);
      return;
    }
    try (Scope _ = Scope.open("matmul")) {
      Shape shape = Shape.of(a.columns(), a.rows());
      Tensor transposed = Tensor.empty(a.backend(), DType.FLOAT32, shape);
      moves.transpose(a, transposed);
      gemm(false, true, transposed, b, out, sum);
    }
  }

  void linear(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    if (users.linear(x, weight, bias, activation, residual, preActivation, out)) {
      return;
    }
    Epilogue epilogue =
        new Epilogue(
            bias == null ? null : Views.floats(bias),
            activation,
            Views.matrix(residual),
            Views.matrix(preActivation));
    gemm(false, true, x, weight, out, epilogue);
  }

  private void gemm(
      boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, Epilogue epilogue) {
    if (out.size() == 0) {
      return;
    }
    int inner = transA ? a.rows() : a.columns();
    DeviceMatrix to = Views.matrix(out);
    if (large != null && large.takes(to, inner, epilogue)) {
      large.gemm(transA, transB, Views.matrix(a), Views.matrix(b), to, epilogue);
      return;
    }
    int needed = kernels.gemmWorkspace(transA, out.rows(), out.columns(), inner);
    try (Scope _ = Scope.open("matrix product")) {
      DeviceMemory workspace = needed == 0 ? null : workspace(out, needed);
      kernels.gemm(
          precision, transA, transB, Views.matrix(a), Views.matrix(b), to, epilogue, workspace);
    }
  }

  /**
   * Whether the library takes a product.
   *
   * @param isSwept whether a sweep over the result follows
   */
  private boolean isLarge(int rows, int columns, int inner, boolean isSwept) {
    return large != null && large.takes(rows, columns, inner, isSwept);
  }

  /** Of a result with elements. */
  void linearGrad(Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    if (users.linearGrad(activation, z, gradOut, gradZ, gradBias)) {
      return;
    }
    boolean identity = activation == Activation.IDENTITY;
    DeviceMatrix to = identity && gradZ == gradOut ? null : Views.matrix(gradZ);
    int needed = LinearGradKernel.workspace(gradOut.rows(), gradOut.columns());
    try (Scope _ = Scope.open("linear gradient")) {
      linearGrad.compute(
          activation,
          identity ? null : Views.matrix(z),
          Views.matrix(gradOut),
          to,
          gradBias == null ? null : Views.floats(gradBias),
          gradBias == null ? null : workspace(gradOut, needed));
    }
  }

  boolean linearGradProducts(
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      boolean accumulateX,
      Tensor gradWeight,
      boolean accumulateWeight,
      Tensor gradBias) {
    // Of one product there is nothing to join.
    if (gradWeight == null
        || gradWeight.size() == 0
        || users.multiplyBackwards()
        || isLarge(x.rows(), x.columns(), gradZ.columns(), false)) {
      return false;
    }
    DeviceMatrix toX = Views.matrix(gradX);
    DeviceMatrix toWeight = Views.matrix(gradWeight);
    Gradients gradients =
        new Gradients(
            toX,
            accumulateX ? toX : null,
            toWeight,
            accumulateWeight ? toWeight : null,
            gradBias == null ? null : Views.floats(gradBias));
    int needed = kernels.backwardWorkspace(x.rows(), x.columns(), gradZ.columns(), gradX != null);
    try (Scope _ = Scope.open("linear gradient")) {
      kernels.linearBackward(
          precision,
          Views.matrix(gradZ),
          Views.matrix(x),
          gradX == null ? null : Views.matrix(weight),
          gradients,
          needed == 0 ? null : workspace(gradWeight, needed));
    }
    return true;
  }

  // ---- Several layers, whose rows are behind each other --------------------------------------

  boolean groupedLinear(
      int groups,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor preActivation,
      Tensor out) {
    if (out.size() == 0
        || groups > ProductKernels.MOST_LAYERS
        || !bias.isContiguous()
        || users.computeLinear(activation)
        || isLarge(out.rows() / groups, out.columns(), x.columns(), true)) {
      return false;
    }
    Epilogue epilogue =
        new Epilogue(Views.floats(bias), activation, null, Views.matrix(preActivation));
    DeviceMatrix to = Views.matrix(out);
    kernels.grouped(precision, groups, Views.matrix(x), Views.matrix(weight), to, epilogue);
    return true;
  }

  boolean groupedLinearGrad(
      int groups, Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    if (gradOut.size() == 0
        || !LinearGradKernel.fits(groups, gradOut.columns())
        || gradBias != null && !gradBias.isContiguous()
        || users.computeLinearGrad(activation)) {
      return false;
    }
    int needed = LinearGradKernel.workspace(groups, gradOut.rows() / groups, gradOut.columns());
    try (Scope _ = Scope.open("linear gradient")) {
      linearGrad.compute(
          groups,
          activation,
          Views.matrix(z),
          Views.matrix(gradOut),
          Views.matrix(gradZ),
          gradBias == null ? null : Views.floats(gradBias),
          gradBias == null ? null : workspace(gradOut, needed));
    }
    return true;
  }

  /** x is shared if it has the rows of one layer, and then must have no gradient here. */
  boolean groupedLinearGradProducts(
      int groups,
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      Tensor gradWeight,
      Tensor gradBias) {
    boolean isSum = gradX != null && x.rows() < gradZ.rows();
    if (gradWeight == null
        || gradWeight.size() == 0
        || isSum
        || groups > ProductKernels.MOST_LAYERS
        || gradBias != null && !gradBias.isContiguous()
        || users.multiplyBackwards()
        || isLarge(gradZ.rows() / groups, x.columns(), gradZ.columns(), false)) {
      return false;
    }
    Gradients gradients =
        new Gradients(
            Views.matrix(gradX),
            null,
            Views.matrix(gradWeight),
            null,
            gradBias == null ? null : Views.floats(gradBias));
    int rows = gradZ.rows() / groups;
    int needed =
        kernels.backwardWorkspace(groups, rows, x.columns(), gradZ.columns(), gradX != null);
    try (Scope _ = Scope.open("linear gradient")) {
      kernels.linearBackward(
          precision,
          groups,
          Views.matrix(gradZ),
          Views.matrix(x),
          gradX == null ? null : Views.matrix(weight),
          gradients,
          needed == 0 ? null : workspace(gradWeight, needed));
    }
    return true;
  }

  private static DeviceMemory workspace(Tensor beside, int elements) {
    return Views.floats(Tensor.empty(beside.backend(), DType.FLOAT32, Shape.of(elements)));
  }
}
