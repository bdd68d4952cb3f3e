package io.qgpo.benchmarks.peer;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import io.qgpo.benchmarks.Case;
import io.qgpo.benchmarks.CaseTimer;
import io.qgpo.benchmarks.TimedCase;
import java.io.IOException;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/**
 * Times OpenBLAS's products in this process: {@code OpenBlasTimer GROUP THREADS ONLY}. How many
 * threads it has, OPENBLAS_NUM_THREADS says.
 */
public final class OpenBlasTimer {
  private OpenBlasTimer() {}

  /** Prints a {@link io.qgpo.benchmarks.Timing} for each product of the group. */
  public static void main(String[] args) throws IOException {
    String library = "OpenBLAS " + Loader.getVersion("org.bytedeco", "openblas");
    CaseTimer.run(Case.Group.of(args[0]), args[2], library, OpenBlasTimer::prepare, Case::flop);
  }

  private static TimedCase prepare(Case one) {
    return switch (one.kind()) {
      // Of a layer the product without its bias, which it has no call for.
      case GEMM_NT, GEMM_NN, GEMM_TN, LINEAR -> new Product(one);
      default -> null;
    };
  }

  private static final class Product implements TimedCase {
    private final boolean transA;
    private final boolean transB;
    private final int m;
    private final int n;
    private final int k;
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer c;

    Product(Case one) {
      transA = one.kind() == Case.Kind.GEMM_TN;
      transB = one.kind() == Case.Kind.GEMM_NT || one.kind() == Case.Kind.LINEAR;
      m = one.sizes()[0];
      n = one.sizes()[1];
      k = one.sizes()[2];
      SplittableRandom random = new SplittableRandom(1);
      a = filled((long) m * k, random);
      b = filled((long) k * n, random);
      c = new FloatPointer((long) m * n);
    }

    private static FloatPointer filled(long size, SplittableRandom random) {
      float[] values = new float[Math.toIntExact(size)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return new FloatPointer(values);
    }

    @Override
    public void call() {
      cblas_sgemm(
          CblasRowMajor,
          transA ? CblasTrans : CblasNoTrans,
          transB ? CblasTrans : CblasNoTrans,
          m,
          n,
          k,
          1,
          a,
          transA ? m : k,
          b,
          transB ? k : n,
          0,
          c,
          n);
    }

    @Override
    public double result() {
      return c.get(0);
    }

    @Override
    public void close() {
      a.close();
      b.close();
      c.close();
    }
  }
}
