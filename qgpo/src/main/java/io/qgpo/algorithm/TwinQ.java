package io.qgpo.algorithm;

import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.nn.MlpGroup;
import io.qgpo.autograd.nn.Module;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Two Q functions over [action, state]; the smaller one is believed (Fujimoto et al. 2018). */
public final class TwinQ extends Module {
  private final MlpGroup twins;

  /** Freshly initialised; the paper has 3 hidden layers of 256. */
  public TwinQ(Rng rng, DType dtype, int stateDim, int actionDim, int hidden, int layers) {
    int in = actionDim + stateDim;
    Mlp first = Mlp.of(rng, dtype, Activation.RELU, in, hidden, layers, 1);
    Mlp second = Mlp.of(rng, dtype, Activation.RELU, in, hidden, layers, 1);
    twins = new MlpGroup(List.of(first, second));
    child("q1", twins.members().getFirst());
    child("q2", twins.members().getLast());
  }

  /** The first Q of rows x (actionDim + stateDim): rows x 1. */
  public Var q1(Var actionState) {
    return twins.members().getFirst().apply(actionState);
  }

  /** The second Q. */
  public Var q2(Var actionState) {
    return twins.members().getLast().apply(actionState);
  }

  /** The first Q of rows x (actionDim + stateDim), then the second: (2 rows) x 1. */
  public Var both(Var actionState) {
    return twins.apply(actionState);
  }

  /**
   * The twins with their weights beside each other, for the gradient of {@link #both}: what {@link
   * #parameters} lists are parts of its parameters.
   */
  public MlpGroup twins() {
    return twins;
  }

  /**
   * The smaller of the two, without a tape: rows x 1. Where the backend packs weights, ranges of
   * rows go through all layers, whose weights are packed once for all ranges.
   */
  public Tensor min(Tensor actionState) {
    Backend backend = actionState.backend();
    Tensor min = Tensor.empty(backend, actionState.dtype(), Shape.of(actionState.rows(), 1));
    try (GradMode _ = GradMode.off();
        Scope _ = Scope.open("twin critics")) {
      Tensor[] first = twins.members().getFirst().pack();
      Tensor[] second = twins.members().getLast().pack();
      if (!arePacked(first)) {
        Tensor both = both(Var.constant(actionState)).value();
        backend.binary(BinaryOp.MIN, both.rowBlock(0, 2), both.rowBlock(1, 2), min);
        return min;
      }
      backend.byRows(
          actionState.rows(),
          1,
          (from, to) -> min(actionState.rows(from, to), first, second, min.rows(from, to)));
    }
    return min;
  }

  /** But for the output, whose one column is read straight on as it is. */
  private static boolean arePacked(Tensor[] layers) {
    return Arrays.stream(layers, 0, layers.length - 1).noneMatch(Objects::isNull);
  }

  /** Of a range of rows, on any thread. */
  private void min(Tensor actionState, Tensor[] first, Tensor[] second, Tensor min) {
    try (GradMode _ = GradMode.off();
        Scope _ = Scope.open("rows of twin critics")) {
      Var x = Var.constant(actionState);
      Tensor q1 = twins.members().getFirst().apply(x, first).value();
      Tensor q2 = twins.members().getLast().apply(x, second).value();
      min.backend().binary(BinaryOp.MIN, q1, q2, min);
    }
  }
}
