package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;

/** Primitives that map tensors of one shape element by element. */
final class Elementwise {
  private static final int LENGTH = SPECIES.length();

  private Elementwise() {}

  static void unary(Parallel pool, UnaryOp op, Tensor in, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    Chunks.spans(
        pool,
        in.isContiguous() && out.isContiguous(),
        out.rows(),
        out.columns(),
        (r, c, n) -> UnarySpans.apply(op, x, at(in, r, c), z, at(out, r, c), n));
  }

  static void unaryGrad(
      Parallel pool, UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn) {
    Tensor of = UnaryGradSpans.usesResult(op) ? y : x;
    float[] v = HostStorage.floats(of);
    float[] g = HostStorage.floats(gradOut);
    float[] z = HostStorage.floats(gradIn);
    Chunks.spans(
        pool,
        of.isContiguous() && gradOut.isContiguous() && gradIn.isContiguous(),
        gradIn.rows(),
        gradIn.columns(),
        (r, c, n) ->
            UnaryGradSpans.apply(
                op, v, at(of, r, c), g, at(gradOut, r, c), z, at(gradIn, r, c), n));
  }

  static void affine(Parallel pool, Tensor in, float scale, float shift, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    Chunks.spans(
        pool,
        in.isContiguous() && out.isContiguous(),
        out.rows(),
        out.columns(),
        (r, c, n) -> affine(x, at(in, r, c), scale, shift, z, at(out, r, c), n));
  }

  private static void affine(float[] x, int j, float scale, float shift, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i)
          .fma(broadcast(SPECIES, scale), broadcast(SPECIES, shift))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.fma(scale, x[j + i], shift);
    }
  }

  static void addScaled(Parallel pool, float alpha, Tensor a, float beta, Tensor b, Tensor out) {
    float[] x = HostStorage.floats(a);
    float[] y = HostStorage.floats(b);
    float[] z = HostStorage.floats(out);
    Chunks.spans(
        pool,
        a.isContiguous() && b.isContiguous() && out.isContiguous(),
        out.rows(),
        out.columns(),
        (r, c, n) -> addScaled(alpha, x, at(a, r, c), beta, y, at(b, r, c), z, at(out, r, c), n));
  }

  private static void addScaled(
      float alpha, float[] x, int j, float beta, float[] y, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i)
          .fma(broadcast(SPECIES, alpha), fromArray(SPECIES, y, h + i).mul(beta))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.fma(alpha, x[j + i], beta * y[h + i]);
    }
  }

  static void clamp(Parallel pool, Tensor in, float low, float high, Tensor out) {
    float[] x = HostStorage.floats(in);
    float[] z = HostStorage.floats(out);
    Chunks.spans(
        pool,
        in.isContiguous() && out.isContiguous(),
        out.rows(),
        out.columns(),
        (r, c, n) -> clamp(x, at(in, r, c), low, high, z, at(out, r, c), n));
  }

  private static void clamp(float[] x, int j, float low, float high, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, j + i);
      v.blend(high, v.compare(GT, high)).blend(low, v.compare(LT, low)).intoArray(z, k + i);
    }
    for (; i < n; i++) {
      float v = x[j + i];
      z[k + i] = v < low ? low : v > high ? high : v;
    }
  }

  static void clampGrad(
      Parallel pool, Tensor in, double low, double high, Tensor gradOut, Tensor gradIn) {
    // The floats within [low, high] are those within the nearest floats inside it.
    float lowest = (float) low < low ? Math.nextUp((float) low) : (float) low;
    float highest = (float) high > high ? Math.nextDown((float) high) : (float) high;
    float[] x = HostStorage.floats(in);
    float[] g = HostStorage.floats(gradOut);
    float[] z = HostStorage.floats(gradIn);
    Chunks.spans(
        pool,
        in.isContiguous() && gradOut.isContiguous() && gradIn.isContiguous(),
        gradIn.rows(),
        gradIn.columns(),
        (r, c, n) ->
            clampGrad(
                x, at(in, r, c), lowest, highest, g, at(gradOut, r, c), z, at(gradIn, r, c), n));
  }

  private static void clampGrad(
      float[] x, int j, float low, float high, float[] g, int h, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, j + i);
      zero(SPECIES)
          .blend(fromArray(SPECIES, g, h + i), v.compare(GE, low).and(v.compare(LE, high)))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      float v = x[j + i];
      z[k + i] = v >= low && v <= high ? g[h + i] : 0;
    }
  }

  /** The index of an element in the array of its tensor. */
  static int at(Tensor tensor, int row, int column) {
    return tensor.offset() + row * tensor.leadingDimension() + column;
  }
}
