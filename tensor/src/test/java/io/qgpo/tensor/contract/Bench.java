package io.qgpo.tensor.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Sets up the tensors of a {@link Primitive} in memory, runs it, and looks at what came out. */
public final class Bench {
  /** How a tensor lies in its storage. */
  public enum Layout {
    /** From the first element on, without gaps. */
    CONTIGUOUS,
    /** Without gaps, from an odd element on. */
    OFFSET,
    /** Columns out of the middle of a wider matrix. */
    STRIDED
  }

  /** What surrounds a view: no primitive may change it. */
  private static final double GUARD = 12345;

  private final Backend backend;

  /** What it runs. */
  public final Primitive primitive;

  /** The arguments. */
  public final Tensor[] tensors;

  private final Tensor[] views;
  private final Tensor[] bases;

  /**
   * Tensors with the primitive's samples, or their absolute values.
   *
   * @param floating type of those that are not int32
   */
  public Bench(
      Backend backend, DType floating, Primitive primitive, Layout layout, boolean absolute) {
    this.backend = backend;
    this.primitive = primitive;
    int count = primitive.args.size();
    tensors = new Tensor[count];
    bases = new Tensor[count];
    for (int i = 0; i < count; i++) {
      Primitive.Arg arg = primitive.args.get(i);
      double[] values = primitive.samples()[i].clone();
      for (int e = 0; absolute && e < values.length; e++) {
        values[e] = Math.abs(values[e]);
      }
      place(i, arg.isInteger() ? DType.INT32 : floating, arg.shape(), layout);
      set(i, values);
    }
    views = tensors.clone();
  }

  /** As a tensor apart, or as a view inside a base that is larger on every side. */
  private void place(int i, DType dtype, Shape shape, Layout layout) {
    if (layout == Layout.CONTIGUOUS) {
      tensors[i] = Tensor.zeros(backend, dtype, shape);
      return;
    }
    int rows = shape.rows();
    int columns = shape.columns();
    if (layout == Layout.OFFSET) {
      bases[i] = Tensor.full(backend, dtype, Shape.of(shape.size() + 8), GUARD);
      tensors[i] = bases[i].columns(3, 3 + shape.size()).reshape(shape);
    } else {
      bases[i] = Tensor.full(backend, dtype, Shape.of(rows + 2, columns + 6), GUARD);
      Tensor view = bases[i].rows(1, rows + 1).columns(5, 5 + columns);
      tensors[i] = view.reshape(shape);
    }
  }

  private void set(int i, double[] values) {
    Tensor tensor = tensors[i];
    switch (tensor.dtype()) {
      case FLOAT64 -> backend.write(values, 0, tensor);
      case FLOAT32 -> {
        float[] floats = new float[values.length];
        for (int e = 0; e < floats.length; e++) {
          floats[e] = (float) values[e];
        }
        backend.write(floats, 0, tensor);
      }
      case INT32 -> {
        int[] ints = new int[values.length];
        for (int e = 0; e < ints.length; e++) {
          ints[e] = (int) values[e];
        }
        backend.write(ints, 0, tensor);
      }
    }
  }

  /** Runs it. */
  public Bench run() {
    primitive.body.run(backend, tensors);
    return this;
  }

  Bench run(Primitive.Body body) {
    body.run(backend, tensors);
    return this;
  }

  /** Makes the first output the same tensor as an input, as it may be. */
  Bench alias(int input) {
    tensors[primitive.inputs()] = tensors[input];
    return this;
  }

  /** The elements of an argument. */
  public double[] values(int i) {
    if (tensors[i].dtype() != DType.INT32) {
      return tensors[i].toDoubleArray();
    }
    int[] ints = tensors[i].toIntArray();
    double[] values = new double[ints.length];
    for (int e = 0; e < ints.length; e++) {
      values[e] = ints[e];
    }
    return values;
  }

  /** Nothing around the views was written. */
  void checkGuards() {
    for (int i = 0; i < bases.length; i++) {
      if (bases[i] == null) {
        continue;
      }
      // Fill the view with the guard: then the whole base must be guards.
      backend.fill(views[i], GUARD);
      double[] all =
          bases[i].dtype() == DType.INT32
              ? java.util.Arrays.stream(bases[i].toIntArray()).asDoubleStream().toArray()
              : bases[i].toDoubleArray();
      for (int e = 0; e < all.length; e++) {
        if (all[e] != GUARD) {
          fail(
              primitive
                  + ": wrote "
                  + all[e]
                  + " into element "
                  + e
                  + " of the base of argument "
                  + i);
        }
      }
    }
  }

  /** Compares with the exact results. */
  static void check(Bench exact, Bench magnitude, Bench found, double moreUlps, String how) {
    Primitive p = exact.primitive;
    double ulps = p.ulps > 0.5 ? p.ulps + moreUlps : p.ulps; // up to 0.5 it is rounded correctly
    for (int i = 0; i < p.args.size(); i++) {
      if (found.tensors[i] == found.tensors[p.inputs()] && i < p.inputs()) {
        continue; // In place: it is compared as the output.
      }
      double[] expected = exact.values(i);
      double[] actual = found.values(i);
      boolean output = i >= p.inputs();
      double[] scale = output && magnitude != null ? magnitude.values(i) : null;
      for (int e = 0; e < expected.length; e++) {
        double allowed = 0;
        if (output && !p.args.get(i).isInteger()) {
          allowed =
              ulps * Math.ulp((float) expected[e])
                  + (scale == null ? 0 : p.k * 0x1p-24 * Math.abs(scale[e]))
                  + p.absolute;
        }
        if (!close(expected[e], actual[e], allowed)) {
          fail(
              p
                  + ", "
                  + how
                  + ": argument "
                  + i
                  + ", element "
                  + e
                  + ": expected "
                  + expected[e]
                  + " +- "
                  + allowed
                  + ", found "
                  + actual[e]);
        }
      }
    }
  }

  /** Within the tolerance; NaN and infinities must be the same. */
  public static boolean close(double expected, double actual, double allowed) {
    float rounded = (float) expected;
    if (Double.isNaN(expected) || Float.isInfinite(rounded)) {
      return Double.compare(rounded, actual) == 0;
    }
    return Math.abs(expected - actual) <= allowed;
  }
}
