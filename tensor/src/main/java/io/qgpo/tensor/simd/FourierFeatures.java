package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;

/**
 * Gaussian Fourier features. The angle is counted in turns, and whole turns are dropped before
 * multiplying by 2 pi: a frequency of 100 would otherwise cost 9 of the 24 bits. The product t w is
 * kept as its rounded value and what rounding lost.
 */
final class FourierFeatures {
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
    angles(t, w, j, z, k, n);
    UnarySpans.apply(UnaryOp.COS, z, k, z, k + n, n);
    UnarySpans.apply(UnaryOp.SIN, z, k, z, k, n);
  }

  private static void angles(float t, float[] w, int j, float[] z, int k, int n) {
    for (int i = 0; i < n; i++) {
      float turns = w[j + i] * t;
      float lost = Math.fma(w[j + i], t, -turns);
      float whole = turns + ROUNDER - ROUNDER;
      z[k + i] = (turns - whole + lost) * TWO_PI;
    }
  }
}
