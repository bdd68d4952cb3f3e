package io.qgpo.algorithm;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;

/** Two Q functions over [action, state]; the smaller one is believed (Fujimoto et al. 2018). */
public final class TwinQ extends Module {
  private final Mlp first;
  private final Mlp second;

  /** Freshly initialised; the paper has 3 hidden layers of 256. */
  public TwinQ(Rng rng, DType dtype, int stateDim, int actionDim, int hidden, int layers) {
    int in = actionDim + stateDim;
    first = child("q1", Mlp.of(rng, dtype, Activation.RELU, in, hidden, layers, 1));
    second = child("q2", Mlp.of(rng, dtype, Activation.RELU, in, hidden, layers, 1));
  }

  /** The first Q of rows x (actionDim + stateDim): rows x 1. */
  public Var q1(Var actionState) {
    return first.apply(actionState);
  }

  /** The second Q. */
  public Var q2(Var actionState) {
    return second.apply(actionState);
  }

  /** The smaller of the two. */
  public Var min(Var actionState) {
    return Arithmetic.min(first.apply(actionState), second.apply(actionState));
  }
}
