package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Folds of adjacent elements into one number, in an order that is written out here. The order
 * depends on the count and the vector width and on nothing else ({@code reduceLanes(ADD)} promises
 * no order).
 */
final class Lanes {
  private static final int LENGTH = SPECIES.length();

  /** Four accumulators cover the latency of an addition. */
  private static final int BLOCK = 4 * LENGTH;

  private Lanes() {}

  /** x[at] + ... + x[at + n - 1]. */
  static float sum(float[] x, int at, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : sumOfVectors(x, at, whole);
    for (int i = whole; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  // As in UnarySpans, the vector loops are apart, since they pass vectors to VectorMath.sum.

  private static float sumOfVectors(float[] x, int at, int n) {
    FloatVector s0 = zero(SPECIES);
    FloatVector s1 = zero(SPECIES);
    FloatVector s2 = zero(SPECIES);
    FloatVector s3 = zero(SPECIES);
    int i = 0;
    for (; i <= n - BLOCK; i += BLOCK) {
      s0 = s0.add(fromArray(SPECIES, x, at + i));
      s1 = s1.add(fromArray(SPECIES, x, at + i + LENGTH));
      s2 = s2.add(fromArray(SPECIES, x, at + i + 2 * LENGTH));
      s3 = s3.add(fromArray(SPECIES, x, at + i + 3 * LENGTH));
    }
    FloatVector s = s0.add(s1).add(s2.add(s3));
    for (; i < n; i += LENGTH) {
      s = s.add(fromArray(SPECIES, x, at + i));
    }
    return VectorMath.sum(s);
  }

  /** The sum of the squares. */
  static float sumOfSquares(float[] x, int at, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : sumOfSquaredVectors(x, at, whole);
    for (int i = whole; i < n; i++) {
      sum = Math.fma(x[at + i], x[at + i], sum);
    }
    return sum;
  }

  private static float sumOfSquaredVectors(float[] x, int at, int n) {
    FloatVector s0 = zero(SPECIES);
    FloatVector s1 = zero(SPECIES);
    FloatVector s2 = zero(SPECIES);
    FloatVector s3 = zero(SPECIES);
    int i = 0;
    for (; i <= n - BLOCK; i += BLOCK) {
      FloatVector v0 = fromArray(SPECIES, x, at + i);
      FloatVector v1 = fromArray(SPECIES, x, at + i + LENGTH);
      FloatVector v2 = fromArray(SPECIES, x, at + i + 2 * LENGTH);
      FloatVector v3 = fromArray(SPECIES, x, at + i + 3 * LENGTH);
      s0 = v0.fma(v0, s0);
      s1 = v1.fma(v1, s1);
      s2 = v2.fma(v2, s2);
      s3 = v3.fma(v3, s3);
    }
    FloatVector s = s0.add(s1).add(s2.add(s3));
    for (; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      s = v.fma(v, s);
    }
    return VectorMath.sum(s);
  }

  /** x[at] y[from] + ... over {@code n} pairs. */
  static float dot(float[] x, int at, float[] y, int from, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : dotOfVectors(x, at, y, from, whole);
    for (int i = whole; i < n; i++) {
      sum = Math.fma(x[at + i], y[from + i], sum);
    }
    return sum;
  }

  private static float dotOfVectors(float[] x, int at, float[] y, int from, int n) {
    FloatVector s = zero(SPECIES);
    for (int i = 0; i < n; i += LENGTH) {
      s = fromArray(SPECIES, x, at + i).fma(fromArray(SPECIES, y, from + i), s);
    }
    return VectorMath.sum(s);
  }

  /** The largest of scale x[at + i]; NaN if any is; -Infinity for none. */
  static float max(float[] x, int at, int n, float scale) {
    int whole = SPECIES.loopBound(n);
    float max = whole == 0 ? Float.NEGATIVE_INFINITY : maxOfVectors(x, at, whole, scale);
    for (int i = whole; i < n; i++) {
      max = Math.max(max, scale * x[at + i]);
    }
    return max;
  }

  private static float maxOfVectors(float[] x, int at, int n, float scale) {
    FloatVector m = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i += LENGTH) {
      m = m.max(fromArray(SPECIES, x, at + i).mul(scale));
    }
    return m.reduceLanes(VectorOperators.MAX);
  }
}
