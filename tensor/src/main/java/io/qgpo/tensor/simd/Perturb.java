package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;

/** Noising to times of a variance-preserving schedule, row by row. */
final class Perturb {
  /** An exponential, a hyperbolic tangent and a root cost about as much as this many columns. */
  private static final int COST = 16;

  private Perturb() {}

  static void perturb(
      Parallel pool, Tensor x, Tensor t, Tensor noise, float quadratic, float linear, Tensor out) {
    float[] xs = HostStorage.floats(x);
    float[] ts = HostStorage.floats(t);
    float[] ns = HostStorage.floats(noise);
    float[] z = HostStorage.floats(out);
    int columns = x.columns();
    int rowsOfTime = t.rows() == 0 ? 1 : x.rows() / t.rows();
    Chunks.rows(
        pool,
        x.rows(),
        COST + columns,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            float time = ts[at(t, r / rowsOfTime, 0)];
            float logAlpha = time * Math.fma(quadratic, time, linear);
            float alpha = VectorMath.exp(logAlpha);
            // 1 - alpha^2 = -tanh(ln alpha) (1 + alpha^2), which keeps its digits near t = 0.
            float variance = -VectorMath.tanh(logAlpha) * Math.fma(alpha, alpha, 1);
            float sigma = (float) Math.sqrt(variance);
            int j = at(x, r, 0);
            int h = at(noise, r, 0);
            int k = at(out, r, 0);
            for (int c = 0; c < columns; c++) {
              z[k + c] = alpha * xs[j + c] + sigma * ns[h + c];
            }
          }
        });
  }
}
