package io.qgpo.autograd.op;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * One argument of a sample: uniform numbers in a range, exactly representable in float32 so that
 * both types compute on the same ones.
 */
record Arg(Shape shape, double low, double high, boolean differentiated) {
  /** How the elements lie in the storage. */
  enum Layout {
    CONTIGUOUS,
    /** Rows with gaps between them, and an offset. */
    STRIDED
  }

  /** A differentiated argument of numbers in [-2, 2). */
  static Arg of(int... dims) {
    return new Arg(Shape.ofDims(dims), -2, 2, true);
  }

  Arg in(double newLow, double newHigh) {
    return new Arg(shape, newLow, newHigh, differentiated);
  }

  Arg constant() {
    return new Arg(shape, low, high, false);
  }

  double[] values(long seed) {
    return uniform(seed, shape.size(), low, high);
  }

  /** Numbers that float32 holds exactly. */
  static double[] uniform(long seed, int n, double low, double high) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(low, high);
    }
    return values;
  }

  Var var(Backend backend, DType dtype, Layout layout, long seed) {
    Tensor tensor = tensor(backend, dtype, layout, seed);
    return differentiated ? Var.parameter(tensor) : Var.constant(tensor);
  }

  private Tensor tensor(Backend backend, DType dtype, Layout layout, long seed) {
    Tensor dense = Tensor.of(backend, dtype, shape, values(seed));
    if (layout == Layout.CONTIGUOUS) {
      return dense;
    }
    Shape wider = shape.withColumns(shape.columns() + 5);
    // What lies in the gaps must not be read.
    Tensor all = Tensor.full(backend, dtype, wider, Double.NaN);
    Tensor view = all.columns(3, 3 + shape.columns()).reshape(shape);
    backend.copy(dense, view);
    return view;
  }
}
