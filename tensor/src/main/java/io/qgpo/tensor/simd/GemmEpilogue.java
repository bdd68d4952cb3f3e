package io.qgpo.tensor.simd;

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
    for (int i = 0; i < rows; i++) {
      int from = zOffset + i * zRow;
      int to = outOffset + (row + i) * outRow + column;
      int rest = residualOffset + (row + i) * residualRow + column;
      if (bias != null) {
        addBias(column, z, from, columns);
      }
      switch (activation) {
        case IDENTITY -> identity(z, from, to, rest, columns);
        case RELU -> relu(z, from, to, rest, columns);
        case SILU -> silu(z, from, to, rest, columns);
      }
    }
  }

  /** Drops the references to arrays that belong to the caller. */
  void release() {
    bias = null;
    residual = null;
    out = null;
  }

  private void addBias(int column, float[] z, int from, int count) {
    float[] x = bias;
    int first = biasOffset + column;
    for (int j = 0; j < count; j++) {
      z[from + j] += x[first + j];
    }
  }

  // Each reads an element of the residual before it writes that of out, since they may be the same.

  private void identity(float[] z, int from, int to, int rest, int count) {
    float[] y = out;
    float[] r = residual;
    if (r == null) {
      if (z != y || from != to) {
        System.arraycopy(z, from, y, to, count);
      }
      return;
    }
    for (int j = 0; j < count; j++) {
      y[to + j] = z[from + j] + r[rest + j];
    }
  }

  /** Where NaN stays NaN. */
  private void relu(float[] z, int from, int to, int rest, int count) {
    float[] y = out;
    float[] r = residual;
    if (r == null) {
      for (int j = 0; j < count; j++) {
        y[to + j] = Math.max(z[from + j], 0);
      }
      return;
    }
    for (int j = 0; j < count; j++) {
      y[to + j] = Math.max(z[from + j], 0) + r[rest + j];
    }
  }

  private void silu(float[] z, int from, int to, int rest, int count) {
    float[] y = out;
    float[] r = residual;
    int whole = SPECIES.loopBound(count);
    if (whole > 0 && r == null) {
      siluOfVectors(z, from, y, to, whole);
    } else if (whole > 0) {
      siluOfVectors(z, from, r, rest, y, to, whole);
    }
    for (int j = whole; j < count; j++) {
      float value = VectorMath.silu(z[from + j]);
      y[to + j] = r != null ? value + r[rest + j] : value;
    }
  }

  // As in UnarySpans, the vector loops are apart.

  private static void siluOfVectors(float[] z, int from, float[] y, int to, int count) {
    for (int j = 0; j < count; j += LANES) {
      VectorMath.silu(FloatVector.fromArray(SPECIES, z, from + j)).intoArray(y, to + j);
    }
  }

  private static void siluOfVectors(
      float[] z, int from, float[] r, int rest, float[] y, int to, int count) {
    for (int j = 0; j < count; j += LANES) {
      VectorMath.silu(FloatVector.fromArray(SPECIES, z, from + j))
          .add(FloatVector.fromArray(SPECIES, r, rest + j))
          .intoArray(y, to + j);
    }
  }
}
