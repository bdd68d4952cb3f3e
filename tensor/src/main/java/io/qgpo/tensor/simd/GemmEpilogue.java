package io.qgpo.tensor.simd;

import static jdk.incubator.vector.VectorOperators.LE;

import io.qgpo.tensor.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What a linear layer does with the product: z += bias, out = activation(z) + residual. It is
 * applied to a few rows at a time, which the product has just left in the first-level cache; there
 * each step below costs less than the memory traffic of a sweep of its own.
 */
final class GemmEpilogue {
  private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
  private static final int LANES = SPECIES.length();

  float[] bias;
  int biasOffset;
  Activation activation;
  float[] residual;
  int residualOffset;
  int residualRow;

  float[] out;
  int outOffset;
  int outRow;

  /**
   * Finishes a part of the result.
   *
   * @param z where the product of that part is, with the bias added on return unless it is out
   * @param zOffset the place of its first element
   */
  void apply(int row, int column, int rows, int columns, float[] z, int zOffset, int zRow) {
    int whole = SPECIES.loopBound(columns);
    for (int i = 0; i < rows; i++) {
      int from = zOffset + i * zRow;
      int to = outOffset + (row + i) * outRow + column;
      int first = biasOffset + column;
      int rest = residualOffset + (row + i) * residualRow + column;
      boolean keep = z != out || from != to;
      if (whole > 0) {
        vectors(z, from, first, rest, to, whole, keep);
      }
      for (int j = whole; j < columns; j++) {
        element(z, from + j, first + j, rest + j, to + j);
      }
    }
  }

  /** Drops the references to arrays that belong to the caller. */
  void release() {
    bias = null;
    residual = null;
    out = null;
  }

  private void element(float[] z, int from, int first, int rest, int to) {
    float x = bias == null ? z[from] : z[from] + bias[first];
    // Before that of out is written, since they may be the same.
    float r = residual == null ? 0 : residual[rest];
    z[from] = x;
    float y =
        switch (activation) {
          case IDENTITY -> x;
          case RELU -> Math.max(x, 0);
          case SILU -> VectorMath.silu(x);
        };
    out[to] = residual == null ? y : y + r;
  }

  /**
   * Whole vectors of a row. One loop, whose invariant conditions the compiler takes out of it: a
   * method for each part of it would make an object of each vector where it is not inlined.
   */
  private void vectors(float[] z, int from, int first, int rest, int to, int count, boolean keep) {
    float[] b = bias;
    float[] r = residual;
    float[] y = out;
    boolean silu = activation == Activation.SILU;
    boolean relu = activation == Activation.RELU;
    for (int j = 0; j < count; j += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, z, from + j);
      if (b != null) {
        x = x.add(FloatVector.fromArray(SPECIES, b, first + j));
      }
      if (keep) {
        x.intoArray(z, from + j);
      }
      if (silu) {
        x = VectorMath.silu(x);
      } else if (relu) {
        x = x.blend(0f, x.compare(LE, 0f)); // where NaN stays NaN
      }
      if (r != null) {
        x = x.add(FloatVector.fromArray(SPECIES, r, rest + j));
      }
      x.intoArray(y, to + j);
    }
  }
}
