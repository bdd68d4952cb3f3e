package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Tensor;

/** Softmax over the last axis, and the cross-entropy that goes with it. */
public final class Softmax {
  private Softmax() {}

  /** Each row of y is the softmax of the row of x; dx = y (dy - sum(y dy)). */
  public static Var softmax(Var x) {
    Tensor value = like(x);
    x.backend().softmax(x.value(), value);
    return Tape.record(
        "softmax",
        value,
        (gradOut, node) -> {
          Tensor gradIn = like(x);
          x.backend().softmaxGrad(value, gradOut, gradIn);
          node.give(0, gradIn);
        },
        x);
  }

  /** Each row of y is the log of the softmax of the row of x; dx = dy - e^y sum(dy). */
  public static Var logSoftmax(Var x) {
    Tensor value = like(x);
    x.backend().logSoftmax(x.value(), value);
    return Tape.record(
        "logSoftmax",
        value,
        (gradOut, node) -> {
          Tensor gradIn = like(x);
          x.backend().logSoftmaxGrad(value, gradOut, gradIn);
          node.give(0, gradIn);
        },
        x);
  }

  /**
   * Cross-entropy by rows, fused: y[r] = -sum_c target[r,c] logSoftmax(logits[r])_c; dlogits[r] =
   * dy[r] (softmax(logits[r]) sum(target[r]) - target[r]). Targets are not differentiated.
   *
   * @return the logits' shape with one column
   */
  public static Var crossEntropy(Var logits, Tensor target) {
    Operands.match("crossEntropy", logits.value(), target);
    Tensor value = Tensor.empty(logits.backend(), logits.dtype(), logits.shape().withColumns(1));
    logits.backend().softmaxCrossEntropy(logits.value(), target, value);
    return Tape.record(
        "crossEntropy",
        value,
        (gradOut, node) -> {
          Tensor gradIn = like(logits);
          logits.backend().softmaxCrossEntropyGrad(logits.value(), target, gradOut, gradIn);
          node.give(0, gradIn);
        },
        logits);
  }

  private static Tensor like(Var x) {
    return Tensor.empty(x.backend(), x.dtype(), x.shape());
  }
}
