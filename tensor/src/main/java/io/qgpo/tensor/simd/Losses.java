package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;

/** Losses along rows, and their gradients. */
final class Losses {
  private static final int LENGTH = SPECIES.length();

  private Losses() {}

  static void squaredError(Parallel pool, Tensor a, float scale, Tensor b, Tensor out) {
    float[] x = HostStorage.floats(a);
    float[] y = HostStorage.floats(b);
    float[] z = HostStorage.floats(out);
    int n = a.columns();
    Chunks.rows(
        pool,
        a.rows(),
        RowOps.cost(a),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            z[at(out, r, 0)] = squaredError(x, at(a, r, 0), scale, y, at(b, r, 0), n);
          }
        });
  }

  private static float squaredError(float[] x, int j, float scale, float[] y, int h, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : squaredErrorOfVectors(x, j, scale, y, h, whole);
    for (int i = whole; i < n; i++) {
      float error = Math.fma(y[h + i], -scale, x[j + i]);
      sum = Math.fma(error, error, sum);
    }
    return sum;
  }

  // As in UnarySpans, the vector loops are apart.

  private static float squaredErrorOfVectors(
      float[] x, int j, float scale, float[] y, int h, int n) {
    FloatVector sums = zero(SPECIES);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector error =
          fromArray(SPECIES, y, h + i)
              .fma(broadcast(SPECIES, -scale), fromArray(SPECIES, x, j + i));
      sums = error.fma(error, sums);
    }
    return VectorMath.sum(sums);
  }

  static void squaredErrorGrad(
      Parallel pool, Tensor a, float scale, Tensor b, Tensor gradOut, Tensor gradA) {
    float[] x = HostStorage.floats(a);
    float[] y = HostStorage.floats(b);
    float[] g = HostStorage.floats(gradOut);
    float[] z = HostStorage.floats(gradA);
    int n = a.columns();
    Chunks.rows(
        pool,
        a.rows(),
        n,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int j = at(a, r, 0);
            int h = at(b, r, 0);
            int k = at(gradA, r, 0);
            float slope = 2 * g[at(gradOut, r, 0)];
            for (int i = 0; i < n; i++) {
              z[k + i] = slope * Math.fma(y[h + i], -scale, x[j + i]);
            }
          }
        });
  }

  static void softmaxCrossEntropy(Parallel pool, Tensor logits, Tensor target, Tensor out) {
    float[] x = HostStorage.floats(logits);
    float[] t = HostStorage.floats(target);
    float[] z = HostStorage.floats(out);
    int n = logits.columns();
    Chunks.rows(
        pool,
        logits.rows(),
        RowOps.cost(logits),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int j = at(logits, r, 0);
            float max = Lanes.max(x, j, n, 1);
            float logSum = VectorMath.log(RowOps.expSum(x, j, 1, max, n));
            z[at(out, r, 0)] = crossEntropy(x, j, max, logSum, t, at(target, r, 0), n);
          }
        });
  }

  private static float crossEntropy(
      float[] x, int j, float max, float logSum, float[] t, int h, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : crossEntropyOfVectors(x, j, max, logSum, t, h, whole);
    for (int i = whole; i < n; i++) {
      sum = Math.fma(t[h + i], x[j + i] - max - logSum, sum);
    }
    return -sum;
  }

  private static float crossEntropyOfVectors(
      float[] x, int j, float max, float logSum, float[] t, int h, int n) {
    FloatVector sums = zero(SPECIES);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector logProbability = fromArray(SPECIES, x, j + i).sub(max).sub(logSum);
      sums = fromArray(SPECIES, t, h + i).fma(logProbability, sums);
    }
    return VectorMath.sum(sums);
  }

  static void softmaxCrossEntropyGrad(
      Parallel pool, Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits) {
    float[] x = HostStorage.floats(logits);
    float[] t = HostStorage.floats(target);
    float[] g = HostStorage.floats(gradOut);
    float[] z = HostStorage.floats(gradLogits);
    int n = logits.columns();
    Chunks.rows(
        pool,
        logits.rows(),
        RowOps.cost(logits),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int j = at(logits, r, 0);
            int h = at(target, r, 0);
            float slope = g[at(gradOut, r, 0)];
            float max = Lanes.max(x, j, n, 1);
            // The exponentials are computed twice, not kept: the result may be the target.
            float scale = Lanes.sum(t, h, n) / RowOps.expSum(x, j, 1, max, n);
            crossEntropyGrad(x, j, max, scale, t, h, slope, z, at(gradLogits, r, 0), n);
          }
        });
  }

  /** z = slope (scale exp(x - max) - t). */
  private static void crossEntropyGrad(
      float[] x,
      int j,
      float max,
      float scale,
      float[] t,
      int h,
      float slope,
      float[] z,
      int k,
      int n) {
    int whole = SPECIES.loopBound(n);
    if (whole > 0) {
      crossEntropyGradVectors(x, j, max, scale, t, h, slope, z, k, whole);
    }
    for (int i = whole; i < n; i++) {
      float e = VectorMath.exp(x[j + i] - max);
      z[k + i] = Math.fma(e, scale, -t[h + i]) * slope;
    }
  }

  private static void crossEntropyGradVectors(
      float[] x,
      int j,
      float max,
      float scale,
      float[] t,
      int h,
      float slope,
      float[] z,
      int k,
      int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.exp(fromArray(SPECIES, x, j + i).sub(max))
          .fma(broadcast(SPECIES, scale), fromArray(SPECIES, t, h + i).neg())
          .mul(slope)
          .intoArray(z, k + i);
    }
  }
}
