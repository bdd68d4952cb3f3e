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
 * Gaussian Fourier features. The angle is counted in turns, and whole turns are dropped before
 * multiplying by 2 pi: a frequency of 100 would otherwise cost 9 of the 24 bits. The product t w is
 * kept as its rounded value and what rounding lost.
 */
final class FourierFeatures {
  private static final int LENGTH = SPECIES.length();
  private static final float TWO_PI = (float) (2 * Math.PI);

  /** Adding and subtracting it rounds to an integer; beyond, a float has no fraction. */
  private static final float ROUNDER = 0x1.8p23f;

  /** Sine and cosine cost about as much as this many simple operations. */
  private static final int COST = 8;

  private FourierFeatures() {}

  static void fourierFeatures(Parallel pool, Tensor t, Tensor frequencies, Tensor out) {
    float[] ts = HostStorage.floats(t);
    float[] w = HostStorage.floats(frequencies);
    float[] z = HostStorage.floats(out);
    int n = frequencies.size();
    int first = frequencies.offset();
    Chunks.rows(
        pool,
        out.rows(),
        COST * n,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            row(ts[at(t, r, 0)], w, first, z, at(out, r, 0), n);
          }
        });
  }

  private static void row(float t, float[] w, int j, float[] z, int k, int n) {
    int i = 0;
    for (; i <= n - LENGTH; i += LENGTH) {
      FloatVector frequency = load(w, j + i);
      FloatVector turns = frequency.mul(t);
      FloatVector lost = frequency.fma(constant(t), turns.neg());
      FloatVector whole = turns.add(ROUNDER).sub(ROUNDER);
      FloatVector angle = turns.sub(whole).add(lost).mul(TWO_PI);
      VectorMath.sin(angle).intoArray(z, k + i);
      VectorMath.cos(angle).intoArray(z, k + n + i);
    }
    for (; i < n; i++) {
      float turns = w[j + i] * t;
      float lost = Math.fma(w[j + i], t, -turns);
      float whole = turns + ROUNDER - ROUNDER;
      float angle = (turns - whole + lost) * TWO_PI;
      z[k + i] = VectorMath.sin(angle);
      z[k + n + i] = VectorMath.cos(angle);
    }
  }
}
