package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;
import static io.qgpo.tensor.simd.Lanes.constant;
import static io.qgpo.tensor.simd.Lanes.load;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;

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
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector sums = Lanes.zero();
      for (; i <= n - LENGTH; i += LENGTH) {
        FloatVector error = load(y, h + i).fma(constant(-scale), load(x, j + i));
        sums = error.fma(error, sums);
      }
      sum = Lanes.sum(sums);
    }
    for (; i < n; i++) {
      float error = Math.fma(y[h + i], -scale, x[j + i]);
      sum = Math.fma(error, error, sum);
    }
    return sum;
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
            float logSum = VectorMath.log(RowOps.expSum(x, j, max, n));
            z[at(out, r, 0)] = crossEntropy(x, j, max, logSum, t, at(target, r, 0), n);
          }
        });
  }

  private static float crossEntropy(
      float[] x, int j, float max, float logSum, float[] t, int h, int n) {
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector sums = Lanes.zero();
      for (; i <= n - LENGTH; i += LENGTH) {
        FloatVector logProbability = load(x, j + i).sub(max).sub(logSum);
        sums = load(t, h + i).fma(logProbability, sums);
      }
      sum = Lanes.sum(sums);
    }
    for (; i < n; i++) {
      sum = Math.fma(t[h + i], x[j + i] - max - logSum, sum);
    }
    return -sum;
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
            float scale = Lanes.sum(t, h, n) / RowOps.expSum(x, j, max, n);
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
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      FloatVector e = VectorMath.exp(load(x, j + i).sub(max));
      e.fma(constant(scale), load(t, h + i).neg()).mul(slope).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      float e = VectorMath.exp(x[j + i] - max);
      z[k + i] = Math.fma(e, scale, -t[h + i]) * slope;
    }
  }
}
