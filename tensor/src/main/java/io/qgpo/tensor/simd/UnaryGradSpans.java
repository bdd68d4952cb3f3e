package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.GT;

import io.qgpo.tensor.UnaryOp;
import jdk.incubator.vector.FloatVector;

/**
 * Chain rule through functions of one argument over adjacent elements: z[k + i] = g[h + i] op'. The
 * derivative is written in the argument x or in the result y, as in {@link UnaryOp}; {@code v} is
 * whichever it is. Products are ordered so that none overflows where the result does not. Loops
 * that call {@link VectorMath} are apart, as in {@link UnarySpans}.
 */
final class UnaryGradSpans {
  private static final int LENGTH = SPECIES.length();

  private UnaryGradSpans() {}

  /** Whether the derivative is written in the result y, not in the argument x. */
  static boolean usesResult(UnaryOp op) {
    return switch (op) {
      case EXP, SQRT, RECIPROCAL, TANH, SIGMOID -> true;
      case NEG, LOG, SQUARE, ABS, SIN, COS, RELU, SILU -> false;
    };
  }

  static void apply(UnaryOp op, float[] v, int j, float[] g, int h, float[] z, int k, int n) {
    switch (op) {
      case NEG -> neg(g, h, z, k, n);
      case EXP -> exp(v, j, g, h, z, k, n);
      case LOG -> log(v, j, g, h, z, k, n);
      case SQRT -> sqrt(v, j, g, h, z, k, n);
      case SQUARE -> square(v, j, g, h, z, k, n);
      case ABS -> abs(v, j, g, h, z, k, n);
      case RECIPROCAL -> reciprocal(v, j, g, h, z, k, n);
      case SIN -> sin(v, j, g, h, z, k, n);
      case COS -> cos(v, j, g, h, z, k, n);
      case TANH -> tanh(v, j, g, h, z, k, n);
      case SIGMOID -> sigmoid(v, j, g, h, z, k, n);
      case RELU -> relu(v, j, g, h, z, k, n);
      case SILU -> silu(v, j, g, h, z, k, n);
    }
  }

  private static void neg(float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = -g[h + i];
    }
  }

  private static void exp(float[] y, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] * y[j + i];
    }
  }

  private static void log(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] / x[j + i];
    }
  }

  private static void sqrt(float[] y, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] * (0.5f / y[j + i]);
    }
  }

  private static void square(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = 2 * (g[h + i] * x[j + i]);
    }
  }

  private static void abs(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] * Math.signum(x[j + i]);
    }
  }

  private static void reciprocal(float[] y, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] * y[j + i] * -y[j + i];
    }
  }

  private static void tanh(float[] y, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] * Math.fma(-y[j + i], y[j + i], 1f);
    }
  }

  private static void sigmoid(float[] y, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = g[h + i] * (y[j + i] * (1 - y[j + i]));
    }
  }

  private static void sin(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    int whole = SPECIES.loopBound(n);
    if (whole > 0) {
      sinVectors(x, j, g, h, z, k, whole);
    }
    for (int i = whole; i < n; i++) {
      z[k + i] = g[h + i] * VectorMath.cos(x[j + i]);
    }
  }

  private static void sinVectors(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      fromArray(SPECIES, g, h + i)
          .mul(VectorMath.cos(fromArray(SPECIES, x, j + i)))
          .intoArray(z, k + i);
    }
  }

  private static void cos(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    int whole = SPECIES.loopBound(n);
    if (whole > 0) {
      cosVectors(x, j, g, h, z, k, whole);
    }
    for (int i = whole; i < n; i++) {
      z[k + i] = g[h + i] * -VectorMath.sin(x[j + i]);
    }
  }

  private static void cosVectors(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      fromArray(SPECIES, g, h + i)
          .mul(VectorMath.sin(fromArray(SPECIES, x, j + i)).neg())
          .intoArray(z, k + i);
    }
  }

  private static void relu(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      FloatVector slope =
          zero(SPECIES).blend(broadcast(SPECIES, 1f), fromArray(SPECIES, x, j + i).compare(GT, 0f));
      fromArray(SPECIES, g, h + i).mul(slope).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = g[h + i] * (x[j + i] > 0 ? 1f : 0f);
    }
  }

  private static void silu(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    int whole = SPECIES.loopBound(n);
    if (whole > 0) {
      siluVectors(x, j, g, h, z, k, whole);
    }
    for (int i = whole; i < n; i++) {
      z[k + i] = g[h + i] * VectorMath.siluDerivative(x[j + i]);
    }
  }

  private static void siluVectors(float[] x, int j, float[] g, int h, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      fromArray(SPECIES, g, h + i)
          .mul(VectorMath.siluDerivative(fromArray(SPECIES, x, j + i)))
          .intoArray(z, k + i);
    }
  }

  /** {@link #relu}, and sums[s + i] += z[k + i]. */
  static void reluWithSum(
      float[] x, int j, float[] g, int h, float[] z, int k, float[] sums, int s, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      FloatVector slope =
          zero(SPECIES).blend(broadcast(SPECIES, 1f), fromArray(SPECIES, x, j + i).compare(GT, 0f));
      FloatVector dz = fromArray(SPECIES, g, h + i).mul(slope);
      dz.intoArray(z, k + i);
      fromArray(SPECIES, sums, s + i).add(dz).intoArray(sums, s + i);
    }
    for (; i < n; i++) {
      float dz = g[h + i] * (x[j + i] > 0 ? 1f : 0f);
      z[k + i] = dz;
      sums[s + i] += dz;
    }
  }

  /** {@link #silu}, and sums[s + i] += z[k + i]. */
  static void siluWithSum(
      float[] x, int j, float[] g, int h, float[] z, int k, float[] sums, int s, int n) {
    int whole = SPECIES.loopBound(n);
    if (whole > 0) {
      siluVectorsWithSum(x, j, g, h, z, k, sums, s, whole);
    }
    for (int i = whole; i < n; i++) {
      float dz = g[h + i] * VectorMath.siluDerivative(x[j + i]);
      z[k + i] = dz;
      sums[s + i] += dz;
    }
  }

  private static void siluVectorsWithSum(
      float[] x, int j, float[] g, int h, float[] z, int k, float[] sums, int s, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector dz =
          fromArray(SPECIES, g, h + i).mul(VectorMath.siluDerivative(fromArray(SPECIES, x, j + i)));
      dz.intoArray(z, k + i);
      fromArray(SPECIES, sums, s + i).add(dz).intoArray(sums, s + i);
    }
  }
}
