package io.qgpo.algorithm;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Adds up losses on the device, so that a step need not wait for its own. */
final class LossMeter {
  private final Tensor sum;
  private int count;

  /** Make it outside any scope. */
  LossMeter(Backend backend) {
    sum = Tensor.zeros(backend, DType.FLOAT32, Shape.SCALAR);
  }

  /** Adds a loss; part of a replayed step. */
  void add(Tensor loss) {
    loss.backend().binary(BinaryOp.ADD, sum, loss, sum);
  }

  /** Notes that a step ran. */
  void count() {
    count++;
  }

  /** The mean since the last call, and starts anew; NaN if there was no step. */
  double takeMean() {
    double mean = sum.item() / count;
    sum.backend().fill(sum, 0);
    count = 0;
    return mean;
  }
}
