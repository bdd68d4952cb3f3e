package io.qgpo.cuda;

import io.qgpo.cuda.Kernels.Epilogue;
import io.qgpo.cuda.Kernels.Gradients;
import io.qgpo.cuda.Kernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Matrix products and linear layers, with the memory that their kernels work in. */
final class Products {
  private final Kernels kernels;
  private final Moves moves;
  private final Precision precision;

  Products(KernelLibrary library, Moves moves, Precision precision) {
    kernels = new Kernels(library);
    this.moves = moves;
    this.precision = precision;
  }

  void matmul(boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
    if (!transA || !transB) {
      gemm(transA, transB, a, b, out, Epilogue.adding(accumulate ? Views.matrix(out) : null));
      return;
    }
    try (Scope _ = Scope.open("matmul")) {
      Shape shape = Shape.of(a.columns(), a.rows());
      Tensor transposed = Tensor.empty(a.backend(), DType.FLOAT32, shape);
      moves.transpose(a, transposed);
      matmul(false, true, transposed, b, out, accumulate);
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
    int needed = kernels.gemmWorkspace(transA, out.rows(), out.columns(), inner);
    try (Scope _ = Scope.open("matrix product")) {
      DeviceMemory workspace = needed == 0 ? null : workspace(out, needed);
      DeviceMatrix to = Views.matrix(out);
      kernels.gemm(
          precision, transA, transB, Views.matrix(a), Views.matrix(b), to, epilogue, workspace);
    }
  }

  /** Of a result with elements. */
  void linearGrad(Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    boolean identity = activation == Activation.IDENTITY;
    DeviceMatrix to = identity && gradZ == gradOut ? null : Views.matrix(gradZ);
    int needed = Kernels.biasGradWorkspace(gradOut.rows(), gradOut.columns());
    try (Scope _ = Scope.open("linear gradient")) {
      kernels.linearGrad(
          activation,
          identity ? null : Views.matrix(z),
          Views.matrix(gradOut),
          to,
          gradBias == null ? null : Views.floats(gradBias),
          gradBias == null ? null : workspace(gradOut, needed));
    }
  }

  /** Of a weight with elements. */
  void linearGradProducts(
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      boolean accumulateX,
      Tensor gradWeight,
      boolean accumulateWeight,
      Tensor gradBias) {
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
  }

  // ---- Several layers, whose rows are behind each other --------------------------------------

  void groupedLinear(
      int groups,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor preActivation,
      Tensor out) {
    Epilogue epilogue =
        new Epilogue(Views.floats(bias), activation, null, Views.matrix(preActivation));
    DeviceMatrix to = Views.matrix(out);
    kernels.grouped(precision, groups, Views.matrix(x), Views.matrix(weight), to, epilogue);
  }

  void groupedLinearGrad(
      int groups, Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    int needed = Kernels.biasGradWorkspace(groups, gradOut.rows() / groups, gradOut.columns());
    try (Scope _ = Scope.open("linear gradient")) {
      kernels.linearGrad(
          groups,
          activation,
          Views.matrix(z),
          Views.matrix(gradOut),
          Views.matrix(gradZ),
          gradBias == null ? null : Views.floats(gradBias),
          gradBias == null ? null : workspace(gradOut, needed));
    }
  }

  /** x is shared if it has the rows of one layer, and then has no gradient. */
  void groupedLinearGradProducts(
      int groups,
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      Tensor gradWeight,
      Tensor gradBias) {
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
  }

  private static DeviceMemory workspace(Tensor beside, int elements) {
    return Views.floats(Tensor.empty(beside.backend(), DType.FLOAT32, Shape.of(elements)));
  }
}
