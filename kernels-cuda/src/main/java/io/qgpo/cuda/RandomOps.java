package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Tensor;

/** Launches of kernels/random.cu, kernels/fourier.cu and kernels/perturb.cu. */
final class RandomOps {
  private final KernelLibrary library;

  RandomOps(KernelLibrary library) {
    this.library = library;
  }

  void uniform(Tensor state, double low, double high, Tensor out) {
    Views.requireFloat(out);
    float top = (float) high;
    Arguments arguments =
        state(state)
            .doublePrecision(low)
            .doublePrecision(high - low)
            .real(top)
            .real(Math.max((float) low, Math.nextDown(top)));
    draw("uniform", arguments, out);
  }

  void normal(Tensor state, Tensor out) {
    Views.requireFloat(out);
    draw("normal", state(state), out);
  }

  void indices(Tensor state, int bound, Tensor out) {
    if (bound < 1) {
      throw new IllegalArgumentException("randomIndices: bound must be 1 or more, found " + bound);
    }
    ShapeChecks.type("randomIndices", "out", DType.INT32, out);
    draw("random_indices", state(state).integer(bound), out);
  }

  private static Arguments state(Tensor state) {
    ShapeChecks.vector("random", "state", 4, state);
    return new Arguments().memory(CudaStorage.memory(DType.INT32, state));
  }

  private void draw(String kernel, Arguments arguments, Tensor out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    arguments.structure(Views.rows(out)).integer(out.columns()).integer(n);
    library
        .kernel("random", kernel)
        .launch(Views.grid(GemmPlan.ceil(n, 4)), Views.THREADS, 0, arguments);
  }

  void fourierFeatures(Tensor t, Tensor frequencies, Tensor out) {
    int n = frequencies.size();
    int size = t.rows() * n;
    if (size == 0) {
      return;
    }
    Arguments arguments = Views.rows(new Arguments(), t).memory(Views.floats(frequencies));
    Views.rows(arguments, out).integer(n).integer(size);
    library
        .kernel("fourier", "fourier_features")
        .launch(Views.grid(size), Views.THREADS, 0, arguments);
  }

  void perturb(Tensor x, Tensor t, Tensor noise, double quadratic, double linear, Tensor out) {
    int size = x.size();
    if (size == 0) {
      return;
    }
    Arguments arguments = Views.rows(new Arguments(), x, t, noise).real(quadratic).real(linear);
    Views.rows(arguments, out).integer(x.columns()).integer(x.rows() / t.rows()).integer(size);
    library.kernel("perturb", "perturb").launch(Views.grid(size), Views.THREADS, 0, arguments);
  }
}
