package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.qgpo.tensor.BinaryOp;

/**
 * Functions of two arguments over adjacent elements, of two spans or of a span and one number.
 * Written in vectors, because the compiler's own vectors come in strides of 256 elements or so, and
 * a row of a layer has few of those: at 512 elements a plain loop took .37 ns for each, this .07.
 */
final class BinarySpans {
  private static final int LENGTH = SPECIES.length();

  private BinarySpans() {}

  /** z[k + i] = op(x[j + i], y[h + i]). */
  static void apply(BinaryOp op, float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    switch (op) {
      case ADD -> add(x, j, y, h, z, k, n);
      case SUB -> sub(x, j, y, h, z, k, n);
      case MUL -> mul(x, j, y, h, z, k, n);
      case DIV -> div(x, j, y, h, z, k, n);
      case MIN -> min(x, j, y, h, z, k, n);
      case MAX -> max(x, j, y, h, z, k, n);
      case LESS -> less(x, j, y, h, z, k, n);
    }
  }

  /** z[k + i] = op(x[j + i], y). */
  static void apply(BinaryOp op, float[] x, int j, float y, float[] z, int k, int n) {
    switch (op) {
      case ADD -> add(x, j, y, z, k, n);
      case SUB -> add(x, j, -y, z, k, n);
      case MUL -> mul(x, j, y, z, k, n);
      case DIV -> div(x, j, y, z, k, n);
      case MIN -> min(x, j, y, z, k, n);
      case MAX -> max(x, j, y, z, k, n);
      case LESS -> less(x, j, y, z, k, n);
    }
  }

  /** z[k + i] = op(x, y[h + i]). */
  static void apply(BinaryOp op, float x, float[] y, int h, float[] z, int k, int n) {
    switch (op) {
      case ADD -> add(y, h, x, z, k, n);
      case SUB -> sub(x, y, h, z, k, n);
      case MUL -> mul(y, h, x, z, k, n);
      case DIV -> div(x, y, h, z, k, n);
      case MIN -> min(y, h, x, z, k, n);
      case MAX -> max(y, h, x, z, k, n);
      case LESS -> greater(y, h, x, z, k, n);
    }
  }

  static void add(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).add(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] + y[h + i];
    }
  }

  private static void sub(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).sub(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] - y[h + i];
    }
  }

  private static void mul(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).mul(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] * y[h + i];
    }
  }

  private static void div(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).div(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] / y[h + i];
    }
  }

  private static void min(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).min(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.min(x[j + i], y[h + i]);
    }
  }

  static void max(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).max(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.max(x[j + i], y[h + i]);
    }
  }

  private static void less(float[] x, int j, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      zero(SPECIES)
          .blend(
              broadcast(SPECIES, 1f),
              fromArray(SPECIES, x, j + i).compare(LT, fromArray(SPECIES, y, h + i)))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] < y[h + i] ? 1 : 0;
    }
  }

  private static void add(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).add(y).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] + y;
    }
  }

  private static void mul(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).mul(y).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] * y;
    }
  }

  private static void div(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).div(y).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] / y;
    }
  }

  private static void min(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).min(y).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.min(x[j + i], y);
    }
  }

  private static void max(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i).max(y).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.max(x[j + i], y);
    }
  }

  private static void less(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      zero(SPECIES)
          .blend(broadcast(SPECIES, 1f), fromArray(SPECIES, x, j + i).compare(LT, y))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] < y ? 1 : 0;
    }
  }

  private static void greater(float[] x, int j, float y, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      zero(SPECIES)
          .blend(broadcast(SPECIES, 1f), fromArray(SPECIES, x, j + i).compare(GT, y))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x[j + i] > y ? 1 : 0;
    }
  }

  private static void sub(float x, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      broadcast(SPECIES, x).sub(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x - y[h + i];
    }
  }

  private static void div(float x, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      broadcast(SPECIES, x).div(fromArray(SPECIES, y, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = x / y[h + i];
    }
  }
}
