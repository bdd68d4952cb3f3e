package io.qgpo.algorithm;

import io.qgpo.data.ActionBounds;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.StateTransform;
import io.qgpo.data.Transitions;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * Transitions on the device, ready to be gathered into batches: actions mapped to [-1, 1], states
 * and rewards scaled.
 *
 * @param states stateCount x stateDim, the table of distinct states
 * @param actions n x actionDim
 * @param rewards n x 1: the reward, or with several steps their discounted sum
 * @param continues n x 1: 0 where that ends the episode for good, else 1, or with k steps
 *     discount^(k - 1)
 * @param stateIndex n x 1, int32: row of s in the table
 * @param nextIndex n x 1, int32: row in the table of s', or of the state after the last step
 */
public record DeviceData(
    Tensor states,
    Tensor actions,
    Tensor rewards,
    Tensor continues,
    Tensor stateIndex,
    Tensor nextIndex) {

  /**
   * Copies transitions of one step each to a backend, states as they are. Call outside any scope.
   */
  public static DeviceData of(
      Backend backend,
      Transitions transitions,
      ActionBounds bounds,
      RewardScaling.Transform scaling) {
    var states = StateTransform.identity(transitions.observationSize());
    return of(backend, transitions, states, bounds, scaling, 1, 1);
  }

  /**
   * Copies transitions to a backend. Call outside any scope.
   *
   * @param steps of a critic's target, at least 1; see {@link MultiStepReturns}
   * @param discount of the rewards of such a target
   */
  public static DeviceData of(
      Backend backend,
      Transitions transitions,
      StateTransform stateTransform,
      ActionBounds bounds,
      RewardScaling.Transform scaling,
      int steps,
      double discount) {
    int n = transitions.size();
    int stateDim = transitions.observationSize();
    int actionDim = transitions.actionSize();
    float[] states = new float[transitions.stateCount() * stateDim];
    transitions.copyStates(0, transitions.stateCount(), states, 0, stateDim);
    stateTransform.apply(states, transitions.stateCount());
    float[] actions = new float[n * actionDim];
    transitions.copyActions(0, n, actions, 0, actionDim);
    bounds.toUnit(actions, 0, n, actionDim);
    var returns = MultiStepReturns.of(transitions, scaling, steps, discount);
    return new DeviceData(
        Tensor.of(backend, Shape.of(transitions.stateCount(), stateDim), states),
        Tensor.of(backend, Shape.of(n, actionDim), actions),
        Tensor.of(backend, Shape.of(n, 1), returns.rewards()),
        Tensor.of(backend, Shape.of(n, 1), returns.continues()),
        Tensor.of(backend, Shape.of(n, 1), transitions.stateIndices()),
        Tensor.of(backend, Shape.of(n, 1), returns.nextIndex()));
  }

  /** Transitions. */
  public int size() {
    return actions.rows();
  }

  /** Rows of the state table. */
  public int stateCount() {
    return states.rows();
  }

  /** Numbers in a state. */
  public int stateDim() {
    return states.columns();
  }

  /** Numbers in an action. */
  public int actionDim() {
    return actions.columns();
  }

  /** The device. */
  public Backend backend() {
    return states.backend();
  }

  /**
   * Rows of {@code source} by index, in the current scope.
   *
   * @param indices int32
   */
  static Tensor gather(Tensor source, Tensor indices) {
    Tensor out =
        Tensor.empty(source.backend(), source.dtype(), Shape.of(indices.size(), source.columns()));
    source.backend().gatherRows(source, indices, out);
    return out;
  }
}
