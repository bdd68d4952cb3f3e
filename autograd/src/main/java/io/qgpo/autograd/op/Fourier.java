package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Gaussian Fourier features of time. */
public final class Fourier {
  private Fourier() {}

  /**
   * y[r] = [sin(2 pi t[r] w), cos(2 pi t[r] w)] (Tancik et al. 2020; Song et al. 2021); dt[r] = 2
   * pi sum_i w_i (cos_i dsin_i - sin_i dcos_i). The frequencies are fixed.
   *
   * @param t rows x 1
   * @param frequencies w: n
   * @return rows x 2n
   */
  public static Var features(Var t, Tensor frequencies) {
    Operands.match("fourierFeatures", t.value(), frequencies);
    int n = frequencies.size();
    Tensor value = Tensor.empty(t.backend(), t.dtype(), t.shape().withColumns(2 * n));
    t.backend().fourierFeatures(t.value(), frequencies, value);
    return Tape.record(
        "fourierFeatures",
        value,
        (gradOut, node) -> {
          Shape half = value.shape().withColumns(n);
          Tensor a = Tensor.empty(t.backend(), t.dtype(), half);
          Tensor b = Tensor.empty(t.backend(), t.dtype(), half);
          t.backend().binary(BinaryOp.MUL, value.columns(n, 2 * n), gradOut.columns(0, n), a);
          t.backend().binary(BinaryOp.MUL, value.columns(0, n), gradOut.columns(n, 2 * n), b);
          t.backend().addScaled(2 * Math.PI, a, -2 * Math.PI, b, a);
          Tensor gradIn = Tensor.empty(t.backend(), t.dtype(), t.shape());
          t.backend().matmul(false, true, a, frequencies.reshape(Shape.of(1, n)), gradIn, false);
          node.give(0, gradIn);
        },
        t);
  }
}
