package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Lanes.load;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;

import io.qgpo.tensor.UnaryOp;

/**
 * Functions of one argument over adjacent elements: z[k + i] = op(x[j + i]). The compiler
 * vectorises the plain loops by itself; the others call {@link VectorMath}, and its bit-equal
 * scalar twin for what is left at the end.
 */
final class UnarySpans {
  private static final int LENGTH = SPECIES.length();

  private UnarySpans() {}

  static void apply(UnaryOp op, float[] x, int j, float[] z, int k, int n) {
    switch (op) {
      case NEG -> neg(x, j, z, k, n);
      case EXP -> exp(x, j, z, k, n);
      case LOG -> log(x, j, z, k, n);
      case SQRT -> sqrt(x, j, z, k, n);
      case SQUARE -> square(x, j, z, k, n);
      case ABS -> abs(x, j, z, k, n);
      case RECIPROCAL -> reciprocal(x, j, z, k, n);
      case SIN -> sin(x, j, z, k, n);
      case COS -> cos(x, j, z, k, n);
      case TANH -> tanh(x, j, z, k, n);
      case SIGMOID -> sigmoid(x, j, z, k, n);
      case RELU -> relu(x, j, z, k, n);
      case SILU -> silu(x, j, z, k, n);
    }
  }

  private static void neg(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = -x[j + i];
    }
  }

  private static void sqrt(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = (float) Math.sqrt(x[j + i]);
    }
  }

  private static void square(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = x[j + i] * x[j + i];
    }
  }

  private static void abs(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = Math.abs(x[j + i]);
    }
  }

  private static void reciprocal(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = 1 / x[j + i];
    }
  }

  private static void relu(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      z[k + i] = Math.max(x[j + i], 0f);
    }
  }

  private static void exp(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.exp(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.exp(x[j + i]);
    }
  }

  private static void log(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.log(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.log(x[j + i]);
    }
  }

  private static void sin(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.sin(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.sin(x[j + i]);
    }
  }

  private static void cos(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.cos(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.cos(x[j + i]);
    }
  }

  private static void tanh(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.tanh(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.tanh(x[j + i]);
    }
  }

  private static void sigmoid(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.sigmoid(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.sigmoid(x[j + i]);
    }
  }

  private static void silu(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.silu(load(x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = VectorMath.silu(x[j + i]);
    }
  }
}
