package io.qgpo.algorithm;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;

/**
 * One batch for the critic and the energy: transitions, and the support actions of their two
 * states. The tensors stay the same from batch to batch.
 */
public final class CandidateBatch {
  private final DeviceData data;
  private final MappedFloats support;
  private final int size;
  private final int candidates;
  private final int[] transitions;
  private final int[] rows;
  private final float[] host;
  private final int[] hostStateIndex;
  private final int[] hostNextIndex;

  final Tensor states;
  final Tensor nextStates;
  final Tensor actions;
  final Tensor rewards;
  final Tensor continues;
  final Tensor supportActions;
  final Tensor nextSupportActions;

  /**
   * A batch, empty until {@link #draw}. Make it outside any scope.
   *
   * @param support a row per row of the state table: its candidates' actions
   * @param size transitions in a batch
   */
  public CandidateBatch(DeviceData data, MappedFloats support, int size) {
    int actionDim = data.actionDim();
    if (support.columns() % actionDim != 0 || support.rows() != data.stateCount()) {
      throw new IllegalArgumentException(
          "CandidateBatch: expected support actions of "
              + data.stateCount()
              + " rows and a multiple of "
              + actionDim
              + " columns, found "
              + support.rows()
              + " x "
              + support.columns());
    }
    this.data = data;
    this.support = support;
    this.size = size;
    candidates = support.columns() / actionDim;
    transitions = new int[size];
    rows = new int[size];
    host = new float[size * support.columns()];
    hostStateIndex = data.stateIndex().toIntArray();
    hostNextIndex = data.nextIndex().toIntArray();
    states = zeros(Shape.of(size, data.stateDim()));
    nextStates = zeros(Shape.of(size, data.stateDim()));
    actions = zeros(Shape.of(size, actionDim));
    rewards = zeros(Shape.of(size, 1));
    continues = zeros(Shape.of(size, 1));
    supportActions = zeros(Shape.of(size * candidates, actionDim));
    nextSupportActions = zeros(Shape.of(size * candidates, actionDim));
  }

  private Tensor zeros(Shape shape) {
    return Tensor.zeros(data.backend(), DType.FLOAT32, shape);
  }

  /** Transitions in the batch. */
  public int size() {
    return size;
  }

  /** Support actions per state. */
  public int candidates() {
    return candidates;
  }

  /** Fills the batch with transitions drawn uniformly, with replacement. */
  public void draw(Rng rng) {
    Backend backend = data.backend();
    try (Scope _ = Scope.open("candidate batch")) {
      Tensor indices = rng.indices(size, data.size());
      backend.read(indices, transitions, 0);
      backend.gatherRows(data.actions(), indices, actions);
      backend.gatherRows(data.rewards(), indices, rewards);
      backend.gatherRows(data.continues(), indices, continues);
      backend.gatherRows(data.states(), DeviceData.gather(data.stateIndex(), indices), states);
      backend.gatherRows(data.states(), DeviceData.gather(data.nextIndex(), indices), nextStates);
    }
    gatherSupport(hostStateIndex, supportActions);
    gatherSupport(hostNextIndex, nextSupportActions);
  }

  private void gatherSupport(int[] tableRow, Tensor target) {
    for (int i = 0; i < size; i++) {
      rows[i] = tableRow[transitions[i]];
    }
    support.gather(rows, host, 0);
    data.backend().write(host, 0, target);
  }
}
