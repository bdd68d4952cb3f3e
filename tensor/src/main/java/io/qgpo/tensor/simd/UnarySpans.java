package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.qgpo.tensor.UnaryOp;

/**
 * Functions of one argument over adjacent elements: z[k + i] = op(x[j + i]), in vectors for the
 * reason in {@link BinarySpans}. Where {@link VectorMath} is needed it is one loop of it each over
 * whole vectors, and its bit-equal scalar twins for the rest.
 *
 * <p>The vector loops are methods of their own, entered only when there is a vector: the compiler
 * inlines what is called at least once in four entries, and a vector that is passed to a method
 * that is not inlined becomes an object.
 */
final class UnarySpans {
  private static final int LENGTH = SPECIES.length();

  private UnarySpans() {}

  static void apply(UnaryOp op, float[] x, int j, float[] z, int k, int n) {
    switch (op) {
      case NEG -> neg(x, j, z, k, n);
      case SQRT -> sqrt(x, j, z, k, n);
      case SQUARE -> square(x, j, z, k, n);
      case ABS -> abs(x, j, z, k, n);
      case RECIPROCAL -> reciprocal(x, j, z, k, n);
      case RELU -> relu(x, j, z, k, n);
      case EXP, LOG, SIN, COS, TANH, SIGMOID, SILU -> {
        int whole = SPECIES.loopBound(n);
        if (whole > 0) {
          vectors(op, x, j, z, k, whole);
        }
        for (int i = whole; i < n; i++) {
          z[k + i] = scalar(op, x[j + i]);
        }
      }
    }
  }

  private static void vectors(UnaryOp op, float[] x, int j, float[] z, int k, int n) {
    switch (op) {
      case EXP -> exp(x, j, z, k, n);
      case LOG -> log(x, j, z, k, n);
      case SIN -> sin(x, j, z, k, n);
      case COS -> cos(x, j, z, k, n);
      case TANH -> tanh(x, j, z, k, n);
      case SIGMOID -> sigmoid(x, j, z, k, n);
      case SILU -> silu(x, j, z, k, n);
      case NEG, SQRT, SQUARE, ABS, RECIPROCAL, RELU -> throw new AssertionError(op);
    }
  }

  private static float scalar(UnaryOp op, float x) {
    return switch (op) {
      case EXP -> VectorMath.exp(x);
      case LOG -> VectorMath.log(x);
      case SIN -> VectorMath.sin(x);
      case COS -> VectorMath.cos(x);
      case TANH -> VectorMath.tanh(x);
      case SIGMOID -> VectorMath.sigmoid(x);
      case SILU -> VectorMath.silu(x);
      case NEG, SQRT, SQUARE, ABS, RECIPROCAL, RELU -> throw new AssertionError(op);
    };
  }

  private static void neg(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).neg().intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = -x[j + i];
    }
  }

  private static void sqrt(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).sqrt().intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = (float) Math.sqrt(x[j + i]);
    }
  }

  private static void square(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).mul(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] * x[j + i];
    }
  }

  private static void abs(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).abs().intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.abs(x[j + i]);
    }
  }

  private static void reciprocal(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      broadcast(SPECIES, 1f).div(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = 1 / x[j + i];
    }
  }

  private static void relu(float[] x, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).max(0f).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.max(x[j + i], 0f);
    }
  }

  private static void exp(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.exp(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }

  private static void log(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.log(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }

  private static void sin(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.sin(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }

  private static void cos(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.cos(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }

  private static void tanh(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.tanh(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }

  private static void sigmoid(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.sigmoid(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }

  private static void silu(float[] x, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.silu(fromArray(SPECIES, x, j + i)).intoArray(z, k + i);
    }
  }
}
