package io.qgpo.diffusion;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;

/**
 * Doubles of the host into tensors of either floating-point type, for what no primitive computes.
 */
final class HostCopies {
  private HostCopies() {}

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
