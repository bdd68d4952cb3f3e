package io.qgpo.cli;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.kernel.HostKernels;

/** Right as long as one thread calls it: what it works in is a field. */
public final class SharedScratchSoftmax implements HostKernels.Softmax {
  private double[] exponentials = new double[0];

  @Override
  public void softmax(Tensor in, Tensor out) {
    for (int r = 0; r < in.rows(); r++) {
      exponentials = new double[in.columns()];
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < in.columns(); c++) {
        most = Math.max(most, PlainLinear.get(in, r, c));
      }
      double sum = 0;
      for (int c = 0; c < in.columns(); c++) {
        exponentials[c] = Math.exp(PlainLinear.get(in, r, c) - most);
        sum += exponentials[c];
      }
      Thread.yield(); // so that others come by on any machine
      for (int c = 0; c < in.columns(); c++) {
        PlainLinear.set(out, r, c, exponentials[c] / sum);
      }
    }
  }
}
