package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.Tensor;

/** Launches of kernels/softmax.cu and kernels/losses.cu: some threads for each row of a matrix. */
final class RowOps {
  /** Columns that a thread takes at least, where there are as many. */
  private static final int COLUMNS_PER_THREAD = 4;

  private final KernelLibrary library;

  RowOps(KernelLibrary library) {
    this.library = library;
  }

  void softmax(Tensor in, Tensor out, boolean logarithm) {
    launch("softmax", "softmax", in, Views.rows(new Arguments(), in, out), logarithm ? 1 : 0);
  }

  void softmaxGrad(String kernel, Tensor y, Tensor gradOut, Tensor gradIn) {
    launch("softmax", kernel, y, Views.rows(new Arguments(), y, gradOut, gradIn));
  }

  void softmaxValue(Tensor q, double beta, Tensor out) {
    Arguments arguments = Views.rows(new Arguments(), q).real(beta);
    launch("losses", "softmax_value", q, Views.rows(arguments, out));
  }

  void softmaxCrossEntropy(Tensor logits, Tensor target, Tensor out) {
    Arguments arguments = Views.rows(new Arguments(), logits, target, out);
    launch("losses", "softmax_cross_entropy", logits, arguments);
  }

  void softmaxCrossEntropyGrad(Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits) {
    Arguments arguments = Views.rows(new Arguments(), logits, target, gradOut, gradLogits);
    launch("losses", "softmax_cross_entropy_grad", logits, arguments);
  }

  void squaredError(Tensor a, double scale, Tensor b, Tensor out) {
    Arguments arguments = Views.rows(new Arguments(), a).real(scale);
    launch("losses", "squared_error", a, Views.rows(arguments, b, out));
  }

  void squaredErrorGrad(Tensor a, double scale, Tensor b, Tensor gradOut, Tensor gradA) {
    Arguments arguments = Views.rows(new Arguments(), a).real(scale);
    launch("losses", "squared_error_grad", a, Views.rows(arguments, b, gradOut, gradA));
  }

  private void launch(
      String module, String kernel, Tensor matrix, Arguments arguments, int... flags) {
    int rows = matrix.rows();
    if (rows == 0) {
      return;
    }
    int columns = matrix.columns();
    int lines = Views.powerOfTwo(columns / COLUMNS_PER_THREAD, Views.THREADS);
    arguments.integer(rows).integer(columns).integer(lines);
    for (int flag : flags) {
      arguments.integer(flag);
    }
    library
        .kernel(module, kernel)
        .launch(
            new Grid(GemmPlan.ceil(rows, Views.THREADS / lines), 1, 1),
            Views.THREADS,
            0,
            arguments);
  }
}
