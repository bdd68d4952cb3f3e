package io.qgpo.algorithm;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Linear;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.op.Layout;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Tensor;

/**
 * y = silu(W2 (silu(W1 x) + Wt c) ) + skip(x), biases included; c is the condition after its silu,
 * and skip is a linear layer only where the widths differ.
 */
final class ResidualBlock extends Module {
  private final Linear dense1;
  private final Linear conditionLayer;
  private final Linear dense2;
  private final Linear skip;

  ResidualBlock(Rng rng, DType dtype, int in, int out, int conditionWidth) {
    dense1 = child("dense1", new Linear(rng, dtype, in, out));
    conditionLayer = child("condition", new Linear(rng, dtype, conditionWidth, out));
    dense2 = child("dense2", new Linear(rng, dtype, out, out));
    skip = in == out ? null : child("skip", new Linear(rng, dtype, in, out));
  }

  /** Wt c, which x has no part in. c: n x conditionWidth; returns n x out. */
  Var condition(Var c) {
    return conditionLayer.apply(c);
  }

  /**
   * x: rows x in; ofCondition: what {@link #condition} gave, rows / k x out; into: receives the
   * result, rows x out.
   */
  Var apply(Var x, Var ofCondition, Tensor into) {
    Var c = Layout.repeatRows(ofCondition, x.shape().rows() / ofCondition.shape().rows());
    Var h = dense1.apply(x, Activation.SILU, c);
    return dense2.apply(h, Activation.SILU, skip == null ? x : skip.apply(x), into);
  }
}
