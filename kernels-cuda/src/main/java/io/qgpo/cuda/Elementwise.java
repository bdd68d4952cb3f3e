package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/** Launches of kernels/elementwise.cu. */
final class Elementwise {
  private final KernelLibrary library;
  private final CudaDriver driver;

  Elementwise(KernelLibrary library, CudaDriver driver) {
    this.library = library;
    this.driver = driver;
  }

  void fill(Tensor out, double value) {
    int bits = out.dtype() == DType.INT32 ? (int) value : Float.floatToRawIntBits((float) value);
    if (out.size() > 0 && out.isContiguous()) {
      driver.fill(CudaStorage.memory(out).part(0, out.size()), bits);
    } else {
      launch("fill", new Arguments().integer(bits), out);
    }
  }

  /** Any type. */
  void copy(Tensor in, Tensor out) {
    launch("copy", new Arguments(), in, out);
  }

  void unary(UnaryOp op, Tensor in, Tensor out) {
    floats("unary", new Arguments().integer(op.ordinal()), in, out);
  }

  void unaryGrad(UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn) {
    floats("unary_grad", new Arguments().integer(op.ordinal()), x, y, gradOut, gradIn);
  }

  void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    floats("binary", new Arguments().integer(op.ordinal()), a, b, out);
  }

  void affine(Tensor in, double scale, double shift, Tensor out) {
    floats("affine", new Arguments().real(scale).real(shift), in, out);
  }

  void addScaled(double alpha, Tensor a, double beta, Tensor b, Tensor out) {
    floats("add_scaled", new Arguments().real(alpha).real(beta), a, b, out);
  }

  void clamp(Tensor in, double low, double high, Tensor out) {
    floats("clamp", new Arguments().real(low).real(high), in, out);
  }

  /** The floats within [low, high] are those within the floats that the bounds include. */
  void clampGrad(Tensor in, double low, double high, Tensor gradOut, Tensor gradIn) {
    float least = (float) low;
    float most = (float) high;
    floats(
        "clamp_grad",
        new Arguments()
            .real(least < low ? Math.nextUp(least) : least)
            .real(most > high ? Math.nextDown(most) : most),
        in,
        gradOut,
        gradIn);
  }

  private void floats(String kernel, Arguments arguments, Tensor... tensors) {
    Views.requireFloat(tensors);
    launch(kernel, arguments, tensors);
  }

  /** The last is the result, to whose shape the others are broadcast. */
  private void launch(String kernel, Arguments arguments, Tensor... tensors) {
    Shape shape = tensors[tensors.length - 1].shape();
    int n = shape.size();
    if (n == 0) {
      return;
    }
    boolean flat = true;
    for (Tensor tensor : tensors) {
      flat &= tensor.isContiguous() && tensor.size() == n;
    }
    for (Tensor tensor : tensors) {
      arguments.structure(
          flat ? Views.view(CudaStorage.memory(tensor), 0, 0, 0, 1) : Views.view(tensor));
    }
    arguments.structure(flat ? Views.extents(1, 1, 1, n) : Views.extents(shape)).integer(n);
    library.kernel("elementwise", kernel).launch(Views.grid(n), Views.THREADS, 0, arguments);
  }
}
