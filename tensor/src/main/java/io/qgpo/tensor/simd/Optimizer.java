package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;
import static io.qgpo.tensor.simd.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import jdk.incubator.vector.FloatVector;

/** What updates parameters. */
final class Optimizer {
  private static final int LENGTH = SPECIES.length();

  private Optimizer() {}

  /** The numbers of one step of Adam; see {@link io.qgpo.tensor.Backend#adam}. */
  record AdamStep(
      float gradientScale,
      float rest1,
      float rest2,
      float inverseC2,
      float epsilon,
      float rate,
      float shrink) {

    static AdamStep of(
        Tensor scalars, double beta1, double beta2, double epsilon, double weightDecay) {
      float[] s = HostStorage.floats(scalars);
      int o = scalars.offset();
      double rate = s[o];
      return new AdamStep(
          s[o + 3],
          (float) (1 - beta1),
          (float) (1 - beta2),
          (float) (1.0 / s[o + 2]),
          (float) epsilon,
          (float) (rate / s[o + 1]),
          (float) (rate * weightDecay));
    }

    /**
     * The averages are written as steps towards the new value: b2 = 0.999 rounded to a float is
     * 5e-5 of 1 - b2 off, and the average would settle that far from the truth.
     */
    void apply(float[] p, int l, float[] g, int j, float[] m, int h, float[] v, int k, int n) {
      int whole = SPECIES.loopBound(n);
      for (int i = 0; i < whole; i += LENGTH) {
        FloatVector gradient = fromArray(SPECIES, g, j + i).mul(gradientScale);
        FloatVector first = fromArray(SPECIES, m, h + i);
        first = gradient.sub(first).fma(broadcast(SPECIES, rest1), first);
        FloatVector second = fromArray(SPECIES, v, k + i);
        second = second.fma(broadcast(SPECIES, -rest2), second);
        second = gradient.mul(rest2).fma(gradient, second);
        first.intoArray(m, h + i);
        second.intoArray(v, k + i);
        FloatVector scale = second.mul(inverseC2).sqrt().add(epsilon);
        FloatVector parameter = fromArray(SPECIES, p, l + i);
        parameter
            .fma(broadcast(SPECIES, -shrink), parameter)
            .sub(first.mul(rate).div(scale))
            .intoArray(p, l + i);
      }
      for (int i = whole; i < n; i++) {
        float gradient = gradientScale * g[j + i];
        float first = Math.fma(rest1, gradient - m[h + i], m[h + i]);
        float kept = Math.fma(-rest2, v[k + i], v[k + i]);
        float second = Math.fma(rest2 * gradient, gradient, kept);
        m[h + i] = first;
        v[k + i] = second;
        float scale = (float) Math.sqrt(second * inverseC2) + epsilon;
        float parameter = p[l + i];
        p[l + i] = Math.fma(-shrink, parameter, parameter) - rate * first / scale;
      }
    }
  }

  static void adam(
      Parallel pool, Tensor parameter, Tensor gradient, Tensor m, Tensor v, AdamStep step) {
    float[] p = HostStorage.floats(parameter);
    float[] g = HostStorage.floats(gradient);
    float[] first = HostStorage.floats(m);
    float[] second = HostStorage.floats(v);
    Chunks.spans(
        pool,
        parameter.isContiguous() && gradient.isContiguous() && m.isContiguous() && v.isContiguous(),
        parameter.rows(),
        parameter.columns(),
        (r, c, n) ->
            step.apply(
                p,
                at(parameter, r, c),
                g,
                at(gradient, r, c),
                first,
                at(m, r, c),
                second,
                at(v, r, c),
                n));
  }

  static void lerp(Parallel pool, Tensor target, Tensor source, float weight) {
    float[] z = HostStorage.floats(target);
    float[] x = HostStorage.floats(source);
    Chunks.spans(
        pool,
        target.isContiguous() && source.isContiguous(),
        target.rows(),
        target.columns(),
        (r, c, n) -> lerp(z, at(target, r, c), x, at(source, r, c), weight, n));
  }

  private static void lerp(float[] z, int k, float[] x, int j, float weight, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      fromArray(SPECIES, x, j + i)
          .sub(fromArray(SPECIES, z, k + i))
          .fma(broadcast(SPECIES, weight), fromArray(SPECIES, z, k + i))
          .intoArray(z, k + i);
    }
    for (; i < n; i++) {
      z[k + i] = Math.fma(weight, x[j + i] - z[k + i], z[k + i]);
    }
  }

  /** The sum of squares of one tensor: chunks in float, their sum in double, in order. */
  static double sumOfSquares(Parallel pool, Tensor tensor) {
    float[] x = HostStorage.floats(tensor);
    boolean flat = tensor.isContiguous();
    int runs = flat ? Chunks.count(tensor.size(), Chunks.ELEMENTS) : tensor.rows();
    float[] partial = Scratch.floats(runs);
    Chunks.spans(
        pool,
        flat,
        tensor.rows(),
        tensor.columns(),
        (r, c, n) -> partial[r + c / Chunks.ELEMENTS] = Lanes.sumOfSquares(x, at(tensor, r, c), n));
    double sum = 0;
    for (int i = 0; i < runs; i++) {
      sum += partial[i];
    }
    return sum;
  }
}
