package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;
import static io.qgpo.tensor.simd.Lanes.constant;
import static io.qgpo.tensor.simd.Lanes.load;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;

/**
 * Primitives along rows: the softmax family. A row is one thread's, whatever its length; usual rows
 * are 16 or 32 candidates, one or two vectors.
 */
final class RowOps {
  private static final int LENGTH = SPECIES.length();

  /** A row's work in units of elementwise work: several sweeps, and folding lanes at their ends. */
  private static final int SWEEPS = 4;

  private static final int ROW_START = 32;

  private RowOps() {}

  /** What a row of a row-wise primitive costs; see {@link Chunks#rows}. */
  static int cost(Tensor tensor) {
    return SWEEPS * tensor.columns() + ROW_START;
  }

  static void softmax(Parallel pool, Tensor in, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    int n = in.columns();
    Chunks.rows(
        pool,
        in.rows(),
        cost(in),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int j = at(in, r, 0);
            int k = at(out, r, 0);
            float max = Lanes.max(x, j, n, 1);
            float sum = expSum(x, j, max, z, k, n);
            for (int i = 0; i < n; i++) {
              z[k + i] /= sum;
            }
          }
        });
  }

  static void logSoftmax(Parallel pool, Tensor in, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    int n = in.columns();
    Chunks.rows(
        pool,
        in.rows(),
        cost(in),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int j = at(in, r, 0);
            int k = at(out, r, 0);
            float max = Lanes.max(x, j, n, 1);
            float logSum = VectorMath.log(expSum(x, j, max, n));
            for (int i = 0; i < n; i++) {
              z[k + i] = x[j + i] - max - logSum;
            }
          }
        });
  }

  static void softmaxGrad(Parallel pool, Tensor y, Tensor gradOut, Tensor gradIn) {
    float[] ys = HostStorage.floats(y);
    float[] g = HostStorage.floats(gradOut);
    float[] z = HostStorage.floats(gradIn);
    int n = y.columns();
    Chunks.rows(
        pool,
        y.rows(),
        cost(y),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int j = at(y, r, 0);
            int h = at(gradOut, r, 0);
            int k = at(gradIn, r, 0);
            float dot = Lanes.dot(ys, j, g, h, n);
            for (int i = 0; i < n; i++) {
              z[k + i] = ys[j + i] * (g[h + i] - dot);
            }
          }
        });
  }

  static void logSoftmaxGrad(Parallel pool, Tensor y, Tensor gradOut, Tensor gradIn) {
    float[] ys = HostStorage.floats(y);
    float[] g = HostStorage.floats(gradOut);
    float[] z = HostStorage.floats(gradIn);
    int n = y.columns();
    Chunks.rows(
        pool,
        y.rows(),
        cost(y),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int h = at(gradOut, r, 0);
            float sum = Lanes.sum(g, h, n);
            logSoftmaxGrad(ys, at(y, r, 0), g, h, sum, z, at(gradIn, r, 0), n);
          }
        });
  }

  private static void logSoftmaxGrad(
      float[] y, int j, float[] g, int h, float sum, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      VectorMath.exp(load(y, j + i)).fma(constant(-sum), load(g, h + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.fma(VectorMath.exp(y[j + i]), -sum, g[h + i]);
    }
  }

  static void softmaxValue(Parallel pool, Tensor q, float beta, Tensor out) {
    float[] x = HostStorage.floats(q);
    float[] z = HostStorage.floats(out);
    int n = q.columns();
    Chunks.rows(
        pool,
        q.rows(),
        cost(q),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            z[at(out, r, 0)] = softmaxValue(x, at(q, r, 0), beta, n);
          }
        });
  }

  private static float softmaxValue(float[] x, int j, float beta, int n) {
    float max = Lanes.max(x, j, n, beta);
    float sum = 0;
    float value = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector sums = Lanes.zero();
      FloatVector values = Lanes.zero();
      for (; i <= n - LENGTH; i += LENGTH) {
        FloatVector v = load(x, j + i);
        FloatVector e = VectorMath.exp(v.fma(constant(beta), constant(-max)));
        sums = sums.add(e);
        values = e.fma(v, values);
      }
      sum = Lanes.sum(sums);
      value = Lanes.sum(values);
    }
    for (; i < n; i++) {
      float e = VectorMath.exp(Math.fma(x[j + i], beta, -max));
      sum += e;
      value = Math.fma(e, x[j + i], value);
    }
    return n == 0 ? 0 : value / sum;
  }

  /** z = exp(x - max) over one row. The result is its sum. */
  private static float expSum(float[] x, int j, float max, float[] z, int k, int n) {
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector sums = Lanes.zero();
      for (; i <= n - LENGTH; i += LENGTH) {
        FloatVector e = VectorMath.exp(load(x, j + i).sub(max));
        e.intoArray(z, k + i);
        sums = sums.add(e);
      }
      sum = Lanes.sum(sums);
    }
    for (; i < n; i++) {
      float e = VectorMath.exp(x[j + i] - max);
      z[k + i] = e;
      sum += e;
    }
    return sum;
  }

  /** The sum of exp(x - max) over one row. */
  static float expSum(float[] x, int j, float max, int n) {
    float sum = 0;
    int i = 0;
    if (n >= LENGTH) {
      FloatVector sums = Lanes.zero();
      for (; i <= n - LENGTH; i += LENGTH) {
        sums = sums.add(VectorMath.exp(load(x, j + i).sub(max)));
      }
      sum = Lanes.sum(sums);
    }
    for (; i < n; i++) {
      sum += VectorMath.exp(x[j + i] - max);
    }
    return sum;
  }
}
