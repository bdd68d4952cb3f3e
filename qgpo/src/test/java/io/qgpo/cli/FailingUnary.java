package io.qgpo.cli;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.kernel.HostKernels;

/** Knows one function only. */
public final class FailingUnary implements HostKernels.Unary {
  @Override
  public void unary(UnaryOp op, Tensor in, Tensor out) {
    if (op != UnaryOp.EXP) {
      throw new UnsupportedOperationException(op + " is not there yet");
    }
    for (int r = 0; r < in.rows(); r++) {
      for (int c = 0; c < in.columns(); c++) {
        PlainLinear.set(out, r, c, (float) Math.exp(PlainLinear.get(in, r, c)));
      }
    }
  }
}
