package io.qgpo.algorithm;

import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Inputs of a Q function: [action, state] rows. */
final class Candidates {
  private Candidates() {}

  /**
   * Joins actions with their states, each of which belongs to equally many consecutive actions.
   *
   * @param actions rows x actionDim
   * @param states rows / k x stateDim
   * @return rows x (actionDim + stateDim), in the current scope
   */
  static Tensor join(Tensor actions, Tensor states) {
    int actionDim = actions.columns();
    int stateDim = states.columns();
    int n = states.rows();
    int k = actions.rows() / n;
    Tensor joined =
        Tensor.empty(actions.backend(), actions.dtype(), Shape.of(n, k, actionDim + stateDim));
    actions
        .backend()
        .copy(actions.reshape(Shape.of(n, k, actionDim)), joined.columns(0, actionDim));
    actions
        .backend()
        .copy(
            states.reshape(Shape.of(n, 1, stateDim)),
            joined.columns(actionDim, actionDim + stateDim));
    return joined.reshape(Shape.of(n * k, actionDim + stateDim));
  }
}
