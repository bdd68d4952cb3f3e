package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;

import io.qgpo.tensor.BinaryOp;
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
          if (n == LENGTH) {
            int j = at(in, from, 0);
            int k = at(out, from, 0);
            softmaxOfVectors(x, j, in.leadingDimension(), z, k, out.leadingDimension(), to - from);
            return;
          }
          for (int r = from; r < to; r++) {
            int j = at(in, r, 0);
            int k = at(out, r, 0);
            float max = Lanes.max(x, j, n, 1);
            float sum = expSum(x, j, max, z, k, n);
            BinarySpans.apply(BinaryOp.DIV, z, k, sum, z, k, n);
          }
        });
  }

  /** Rows of one vector, which stay in registers: half the time of a sweep for each step. */
  private static void softmaxOfVectors(
      float[] x, int j, int xRow, float[] z, int k, int zRow, int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector v = fromArray(SPECIES, x, j + r * xRow);
      FloatVector e = VectorMath.exp(v.sub(VectorMath.maxInEachLane(v)));
      e.div(VectorMath.sumInEachLane(e)).intoArray(z, k + r * zRow);
    }
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
            float logSum = VectorMath.log(expSum(x, j, 1, max, n));
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
            softmaxGrad(ys, j, g, h, Lanes.dot(ys, j, g, h, n), z, k, n);
          }
        });
  }

  private static void softmaxGrad(
      float[] y, int j, float[] g, int h, float dot, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, g, h + i).sub(dot).mul(fromArray(SPECIES, y, j + i)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = y[j + i] * (g[h + i] - dot);
    }
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
    int whole = SPECIES.loopBound(n);
    if (whole > 0) {
      logSoftmaxGradVectors(y, j, g, h, sum, z, k, whole);
    }
    for (int i = whole; i < n; i++) {
      z[k + i] = Math.fma(VectorMath.exp(y[j + i]), -sum, g[h + i]);
    }
  }

  // As in UnarySpans, the vector loops are apart.

  private static void logSoftmaxGradVectors(
      float[] y, int j, float[] g, int h, float sum, float[] z, int k, int n) {
    for (int i = 0; i < n; i += LENGTH) {
      VectorMath.exp(fromArray(SPECIES, y, j + i))
          .fma(broadcast(SPECIES, -sum), fromArray(SPECIES, g, h + i))
          .intoArray(z, k + i);
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
            int j = at(q, r, 0);
            float max = Lanes.max(x, j, n, beta);
            // Exponentials twice: with both sums in one loop it is more than the compiler takes in.
            float value = expDot(x, j, beta, max, n);
            z[at(out, r, 0)] = n == 0 ? 0 : value / expSum(x, j, beta, max, n);
          }
        });
  }

  /** z = exp(x - max) over one row. The result is its sum. */
  private static float expSum(float[] x, int j, float max, float[] z, int k, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : expSumOfVectors(x, j, max, z, k, whole);
    for (int i = whole; i < n; i++) {
      float e = VectorMath.exp(x[j + i] - max);
      z[k + i] = e;
      sum += e;
    }
    return sum;
  }

  private static float expSumOfVectors(float[] x, int j, float max, float[] z, int k, int n) {
    FloatVector sums = zero(SPECIES);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = VectorMath.exp(fromArray(SPECIES, x, j + i).sub(max));
      e.intoArray(z, k + i);
      sums = sums.add(e);
    }
    return VectorMath.sum(sums);
  }

  /** The sum of exp(scale x - max) over one row. */
  static float expSum(float[] x, int j, float scale, float max, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : expSumOfVectors(x, j, scale, max, whole);
    for (int i = whole; i < n; i++) {
      sum += VectorMath.exp(Math.fma(x[j + i], scale, -max));
    }
    return sum;
  }

  private static float expSumOfVectors(float[] x, int j, float scale, float max, int n) {
    FloatVector sums = zero(SPECIES);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, j + i);
      sums = sums.add(VectorMath.exp(v.fma(broadcast(SPECIES, scale), broadcast(SPECIES, -max))));
    }
    return VectorMath.sum(sums);
  }

  /** The sum of exp(scale x - max) x over one row. */
  private static float expDot(float[] x, int j, float scale, float max, int n) {
    int whole = SPECIES.loopBound(n);
    float sum = whole == 0 ? 0 : expDotOfVectors(x, j, scale, max, whole);
    for (int i = whole; i < n; i++) {
      sum = Math.fma(VectorMath.exp(Math.fma(x[j + i], scale, -max)), x[j + i], sum);
    }
    return sum;
  }

  private static float expDotOfVectors(float[] x, int j, float scale, float max, int n) {
    FloatVector sums = zero(SPECIES);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, j + i);
      FloatVector e = VectorMath.exp(v.fma(broadcast(SPECIES, scale), broadcast(SPECIES, -max)));
      sums = e.fma(v, sums);
    }
    return VectorMath.sum(sums);
  }
}
