package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Folds of adjacent elements into one number, in an order that is written out here. The order
 * depends on the count and the vector width and on nothing else ({@code reduceLanes(ADD)} promises
 * no order).
 */
final class Lanes {
  private static final int LENGTH = SPECIES.length();
  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_1 = swap(1);

  /** Four accumulators cover the latency of an addition. */
  private static final int BLOCK = 4 * LENGTH;

  private Lanes() {}

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % LENGTH);
  }

  static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(SPECIES, x, at);
  }

  static FloatVector zero() {
    return FloatVector.zero(SPECIES);
  }

  static FloatVector constant(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** The sum of the lanes by halves: lanes LENGTH/2 apart first, neighbours last. */
  static float sum(FloatVector v) {
    FloatVector s = v;
    if (LENGTH >= 16) {
      s = s.add(s.rearrange(SWAP_8));
    }
    if (LENGTH >= 8) {
      s = s.add(s.rearrange(SWAP_4));
    }
    if (LENGTH >= 4) {
      s = s.add(s.rearrange(SWAP_2));
    }
    return s.add(s.rearrange(SWAP_1)).lane(0);
  }

  /** x[at] + ... + x[at + n - 1]. */
  static float sum(float[] x, int at, int n) {
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector s0 = zero();
      FloatVector s1 = zero();
      FloatVector s2 = zero();
      FloatVector s3 = zero();
      for (; i <= n - BLOCK; i += BLOCK) {
        s0 = s0.add(load(x, at + i));
        s1 = s1.add(load(x, at + i + LENGTH));
        s2 = s2.add(load(x, at + i + 2 * LENGTH));
        s3 = s3.add(load(x, at + i + 3 * LENGTH));
      }
      FloatVector s = s0.add(s1).add(s2.add(s3));
      for (; i <= n - LENGTH; i += LENGTH) {
        s = s.add(load(x, at + i));
      }
      sum = sum(s);
    }
    for (; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  /** The sum of the squares. */
  static float sumOfSquares(float[] x, int at, int n) {
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector s0 = zero();
      FloatVector s1 = zero();
      FloatVector s2 = zero();
      FloatVector s3 = zero();
      for (; i <= n - BLOCK; i += BLOCK) {
        FloatVector v0 = load(x, at + i);
        FloatVector v1 = load(x, at + i + LENGTH);
        FloatVector v2 = load(x, at + i + 2 * LENGTH);
        FloatVector v3 = load(x, at + i + 3 * LENGTH);
        s0 = v0.fma(v0, s0);
        s1 = v1.fma(v1, s1);
        s2 = v2.fma(v2, s2);
        s3 = v3.fma(v3, s3);
      }
      FloatVector s = s0.add(s1).add(s2.add(s3));
      for (; i <= n - LENGTH; i += LENGTH) {
        FloatVector v = load(x, at + i);
        s = v.fma(v, s);
      }
      sum = sum(s);
    }
    for (; i < n; i++) {
      sum = Math.fma(x[at + i], x[at + i], sum);
    }
    return sum;
  }

  /** x[at] y[from] + ... over {@code n} pairs. */
  static float dot(float[] x, int at, float[] y, int from, int n) {
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector s = zero();
      for (; i <= n - LENGTH; i += LENGTH) {
        s = load(x, at + i).fma(load(y, from + i), s);
      }
      sum = sum(s);
    }
    for (; i < n; i++) {
      sum = Math.fma(x[at + i], y[from + i], sum);
    }
    return sum;
  }

  /** The largest of scale x[at + i]; NaN if any is; -Infinity for none. */
  static float max(float[] x, int at, int n, float scale) {
    float max = Float.NEGATIVE_INFINITY;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector m = constant(max);
      for (; i <= n - LENGTH; i += LENGTH) {
        m = m.max(load(x, at + i).mul(scale));
      }
      max = m.reduceLanes(VectorOperators.MAX);
    }
    for (; i < n; i++) {
      max = Math.max(max, scale * x[at + i]);
    }
    return max;
  }
}
