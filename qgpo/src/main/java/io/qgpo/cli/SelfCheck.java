package io.qgpo.cli;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** A matrix product against a plain loop in double, and how fast large ones are. */
final class SelfCheck {
  /** Odd on purpose: every kernel meets its tails. */
  private static final int ROWS = 67;

  private static final int INNER = 129;
  private static final int COLUMNS = 51;

  private static final int LARGE = 512;

  /** Small products compile the kernels soonest: they are called most often. */
  private static final int SMALL = 96;

  private static final long WARM_UP_NANOS = 1_500_000_000;

  private static final long TIMED_NANOS = 500_000_000;

  /**
   * What came out.
   *
   * @param error largest |difference| / sum |a| |b| over the elements
   * @param bound of that error: the backend's rounding cannot exceed it, whatever the order of sums
   * @param gigaFlops 1e9 floating-point operations a second, the best product's
   */
  record Result(double error, double bound, double gigaFlops) {
    boolean right() {
      return error <= bound;
    }
  }

  private SelfCheck() {}

  static Result run(Backend backend) {
    Rng rng = new Rng(backend, 0, "self-check");
    // Both factors of a term are rounded; to the second order is what is added.
    double operands = backend.operandRounding();
    double bound = (INNER + 1) * Math.ulp(1f) + 2 * operands + operands * operands;
    return new Result(error(backend, rng), bound, gigaFlops(backend, rng));
  }

  private static double error(Backend backend, Rng rng) {
    Tensor a = rng.normal(DType.FLOAT32, Shape.of(ROWS, INNER));
    Tensor b = rng.normal(DType.FLOAT32, Shape.of(INNER, COLUMNS));
    Tensor product = Tensor.empty(backend, DType.FLOAT32, Shape.of(ROWS, COLUMNS));
    backend.matmul(false, false, a, b, product, false);
    float[] left = a.toFloatArray();
    float[] right = b.toFloatArray();
    float[] found = product.toFloatArray();
    double worst = 0;
    for (int r = 0; r < ROWS; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        double sum = 0;
        double size = 0;
        for (int k = 0; k < INNER; k++) {
          double term = (double) left[r * INNER + k] * right[k * COLUMNS + c];
          sum += term;
          size += Math.abs(term);
        }
        double error = Math.abs(found[r * COLUMNS + c] - sum) / size;
        worst = error <= worst ? worst : error; // NaN becomes the worst
      }
    }
    return worst;
  }

  private static double gigaFlops(Backend backend, Rng rng) {
    bestNanos(backend, rng, SMALL, WARM_UP_NANOS);
    long best = bestNanos(backend, rng, LARGE, TIMED_NANOS);
    return 2.0 * LARGE * LARGE * LARGE / Math.max(1, best);
  }

  /** The shortest time of a product of square matrices, repeated for so long. */
  private static long bestNanos(Backend backend, Rng rng, int size, long duration) {
    Tensor a = rng.normal(DType.FLOAT32, Shape.of(size, size));
    Tensor b = rng.normal(DType.FLOAT32, Shape.of(size, size));
    Tensor product = Tensor.empty(backend, DType.FLOAT32, Shape.of(size, size));
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long start = begin;
    while (start - begin < duration) {
      backend.matmul(false, false, a, b, product, false);
      backend.synchronize();
      long end = System.nanoTime();
      best = Math.min(best, end - start);
      start = end;
    }
    return best;
  }
}
