package io.qgpo.algorithm;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * Adds up losses on the device, so that a step need not wait for its own. Its state is saved with
 * the training's, so that a resumed run reports the same means.
 */
final class LossMeter {
  private final Tensor sumAndCount;

  /** Make it outside any scope. */
  LossMeter(Backend backend) {
    sumAndCount = Tensor.zeros(backend, DType.FLOAT32, Shape.of(2));
  }

  /** Adds a loss of one element; part of a replayed step. */
  void add(Tensor loss) {
    Backend backend = loss.backend();
    Tensor sum = sumAndCount.columns(0, 1);
    Tensor count = sumAndCount.columns(1, 2);
    backend.binary(BinaryOp.ADD, sum, loss.reshape(Shape.of(1)), sum);
    backend.affine(count, 1, 1, count);
  }

  /** The mean since {@link #takeMean}; NaN if there was none. */
  double mean() {
    float[] values = sumAndCount.toFloatArray();
    return (double) values[0] / values[1];
  }

  /** The mean since the last call, and starts anew; NaN if there was none. */
  double takeMean() {
    double mean = mean();
    sumAndCount.backend().fill(sumAndCount, 0);
    return mean;
  }

  /** What is to be saved. */
  Tensor state() {
    return sumAndCount;
  }
}
