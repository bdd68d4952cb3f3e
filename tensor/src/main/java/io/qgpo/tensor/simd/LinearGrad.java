package io.qgpo.tensor.simd;

import static io.qgpo.tensor.simd.Elementwise.at;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;
import java.util.Arrays;

/** The elementwise part of a linear layer's backward pass, with the sums for its bias. */
final class LinearGrad {
  /** Partial sums at most: bounds the work of adding them up, which one thread does. */
  private static final int MAX_PARTS = 64;

  private LinearGrad() {}

  static void linearGrad(
      Parallel pool,
      Activation activation,
      Tensor z,
      Tensor gradOut,
      Tensor gradZ,
      Tensor gradBias) {
    if (activation == Activation.IDENTITY) {
      if (gradZ != null && gradZ != gradOut) {
        Broadcast.copy(pool, gradOut, gradZ);
      }
      if (gradBias != null) {
        float[] sums = HostStorage.floats(gradBias);
        Reduce.columnSums(pool, gradOut, sums, gradBias.offset());
      }
    } else if (gradBias == null) {
      UnaryOp op = activation == Activation.RELU ? UnaryOp.RELU : UnaryOp.SILU;
      Elementwise.unaryGrad(pool, op, z, z, gradOut, gradZ);
    } else {
      withBias(pool, activation, z, gradOut, gradZ, gradBias);
    }
  }

  /**
   * Each part of the rows sums its columns while they are in the cache; then the parts, in order.
   */
  private static void withBias(
      Parallel pool,
      Activation activation,
      Tensor z,
      Tensor gradOut,
      Tensor gradZ,
      Tensor gradBias) {
    float[] x = HostStorage.floats(z);
    float[] g = HostStorage.floats(gradOut);
    float[] dz = HostStorage.floats(gradZ);
    int rows = gradOut.rows();
    int n = gradOut.columns();
    int each =
        Math.max(Math.max(1, Chunks.ELEMENTS / Math.max(1, n)), Chunks.count(rows, MAX_PARTS));
    int parts = Chunks.count(rows, each);
    float[] partial = Scratch.floats(parts * n);
    Arrays.fill(partial, 0, parts * n, 0);
    pool.run(
        parts,
        part -> {
          int to = Math.min(rows, (part + 1) * each);
          for (int r = part * each; r < to; r++) {
            int k = at(gradZ, r, 0);
            if (activation == Activation.RELU) {
              UnaryGradSpans.reluWithSum(
                  x, at(z, r, 0), g, at(gradOut, r, 0), dz, k, partial, part * n, n);
            } else {
              UnaryGradSpans.siluWithSum(
                  x, at(z, r, 0), g, at(gradOut, r, 0), dz, k, partial, part * n, n);
            }
          }
        });
    float[] sums = HostStorage.floats(gradBias);
    Arrays.fill(sums, gradBias.offset(), gradBias.offset() + n, 0);
    for (int part = 0; part < parts; part++) {
      int at = gradBias.offset();
      BinarySpans.add(sums, at, partial, part * n, sums, at, n);
    }
  }
}
