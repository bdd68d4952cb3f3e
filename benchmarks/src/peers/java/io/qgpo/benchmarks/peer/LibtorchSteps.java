package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.index_select;
import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;

import io.qgpo.benchmarks.TimedCase;
import io.qgpo.benchmarks.Workload;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Steps of one workload on libtorch. Random batches are drawn from a table on the device, as ours
 * are, and the network sees the same sizes in the same order.
 */
abstract class LibtorchSteps implements TimedCase {
  /** VP schedule of the paper: log alpha(t) = -t^2 (20 - 0.1) / 4 - 0.1 t / 2. */
  private static final double QUADRATIC = -(20 - 0.1) / 4;

  private static final double LINEAR = -0.1 / 2;

  /** Times are drawn on [T_MIN, 1). */
  private static final double T_MIN = 1e-3;

  private double lossSum;
  private int lossCount;

  /** Mean loss since the last call. */
  @Override
  public final double result() {
    double mean = lossSum / lossCount;
    lossSum = 0;
    lossCount = 0;
    return mean;
  }

  /** Takes a step's loss; waits for it, which on the CPU is no wait. */
  final void meter(Tensor loss) {
    lossSum += loss.item_float();
    lossCount++;
  }

  /** A table of uniform values on [-1, 1). */
  static Tensor table(int rows, int columns) {
    return rand(rows, columns).mul(scalar(2)).sub(scalar(1));
  }

  /** Random rows of the data set. */
  static Tensor indices(int batch) {
    return randint(Workload.TRANSITIONS, new long[] {batch}).to(ScalarType.Long);
  }

  /** Rows by index. */
  static Tensor gather(Tensor source, Tensor indices) {
    return index_select(source, 0, indices);
  }

  /** Times, rows x 1. */
  static Tensor times(int rows) {
    return rand(rows, 1).mul(scalar(1 - T_MIN)).add(scalar(T_MIN));
  }

  /** alpha a + sigma z, with t broadcast to a. */
  static Tensor perturb(Tensor a, Tensor t, Tensor noise) {
    Tensor logAlpha = t.mul(t).mul(scalar(QUADRATIC)).add(t.mul(scalar(LINEAR)));
    Tensor alpha = logAlpha.exp();
    Tensor sigma = alpha.mul(alpha).neg().add(scalar(1)).sqrt();
    return a.mul(alpha).add(noise.mul(sigma));
  }

  /** Standard normal of a's shape. */
  static Tensor noiseLike(Tensor a) {
    return randn(a.size(0), a.size(1));
  }

  /** Columns side by side. */
  static Tensor join(Tensor... parts) {
    return cat(new TensorVector(parts), 1);
  }

  /** A number for an operation. */
  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  /** No explicit result type. */
  static ScalarTypeOptional sameType() {
    return new ScalarTypeOptional();
  }
}
