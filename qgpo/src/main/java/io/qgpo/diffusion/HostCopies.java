package io.qgpo.diffusion;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;

/** Floating-point tensors as doubles of the host and back, for what no primitive computes. */
final class HostCopies {
  private HostCopies() {}

  /** All values in row order. */
  static double[] doubles(Tensor x) {
    if (x.dtype() == DType.FLOAT64) {
      return x.toDoubleArray();
    }
    float[] floats = x.toFloatArray();
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** Overwrites a tensor, rounding to its type. */
  static void write(double[] values, Tensor out) {
    if (out.dtype() == DType.FLOAT64) {
      out.backend().write(values, 0, out);
      return;
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    out.backend().write(floats, 0, out);
  }
}
