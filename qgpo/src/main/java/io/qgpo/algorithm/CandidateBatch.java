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
 * states. The tensors stay the same from batch to batch. A device with room to spare keeps the
 * support actions too, so that drawing is a step that it records and the host is not waited for.
 */
public final class CandidateBatch {
  /** Of the table at a time on its way to the device. */
  private static final int PART_ROWS = 4096;

  /** Of the free memory that the table may take one part: training takes most of the rest. */
  private static final int SHARE = 4;

  private final DeviceData data;
  private final int size;
  private final int candidates;
  private final Tensor table;
  private final HostGather host;
  private Rng drawsWith;
  private Runnable body;

  /** Inputs of a Q function, [action, state], of which {@link #actions} and {@link #states} are. */
  final Tensor actionStates;

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
    this.size = size;
    candidates = support.columns() / actionDim;
    table = copyOnDevice(data.backend(), support);
    host = table == null ? new HostGather(data, support, size) : null;
    actionStates = zeros(Shape.of(size, actionDim + data.stateDim()));
    actions = actionStates.columns(0, actionDim);
    states = actionStates.columns(actionDim, actionStates.columns());
    nextStates = zeros(Shape.of(size, data.stateDim()));
    rewards = zeros(Shape.of(size, 1));
    continues = zeros(Shape.of(size, 1));
    supportActions = zeros(Shape.of(size * candidates, actionDim));
    nextSupportActions = zeros(Shape.of(size * candidates, actionDim));
  }

  /** Whether a device with so many free bytes keeps a table of support actions. */
  static boolean isKept(long tableBytes, long free) {
    return tableBytes <= free / SHARE;
  }

  /** Null if the device has no room to spare. */
  private static Tensor copyOnDevice(Backend backend, MappedFloats support) {
    int columns = support.columns();
    long size = (long) support.rows() * columns;
    if (size > Integer.MAX_VALUE || !isKept(size * Float.BYTES, backend.freeBytes())) {
      return null;
    }
    Tensor table = Tensor.empty(backend, DType.FLOAT32, Shape.of(support.rows(), columns));
    float[] part = new float[PART_ROWS * columns];
    for (int from = 0; from < support.rows(); from += PART_ROWS) {
      int count = Math.min(PART_ROWS, support.rows() - from);
      support.read(from, count, part, 0);
      backend.write(part, 0, table.rows(from, from + count));
    }
    return table;
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
    if (rng != drawsWith) {
      drawsWith = rng;
      body = () -> drawOnDevice(rng);
    }
    try (Scope _ = Scope.open("candidate batch")) {
      if (table != null) {
        data.backend().step("candidates", body);
        return;
      }
      host.gather(drawOnDevice(rng), supportActions, nextSupportActions);
    }
  }

  /** Fills in all that is on the device; returns the transitions' numbers. */
  private Tensor drawOnDevice(Rng rng) {
    Backend backend = data.backend();
    Tensor indices = rng.indices(size, data.size());
    backend.gatherRows(data.actions(), indices, actions);
    backend.gatherRows(data.rewards(), indices, rewards);
    backend.gatherRows(data.continues(), indices, continues);
    Tensor current = DeviceData.gather(data.stateIndex(), indices);
    Tensor next = DeviceData.gather(data.nextIndex(), indices);
    backend.gatherRows(data.states(), current, states);
    backend.gatherRows(data.states(), next, nextStates);
    if (table != null) {
      Shape byState = Shape.of(size, table.columns());
      backend.gatherRows(table, current, supportActions.reshape(byState));
      backend.gatherRows(table, next, nextSupportActions.reshape(byState));
    }
    return indices;
  }

  /** Support actions from the mapped file, for a device that does not keep them. */
  private static final class HostGather {
    private final MappedFloats support;
    private final int[] stateIndex;
    private final int[] nextIndex;
    private final int[] transitions;
    private final int[] rows;
    private final float[] values;

    HostGather(DeviceData data, MappedFloats support, int size) {
      this.support = support;
      stateIndex = data.stateIndex().toIntArray();
      nextIndex = data.nextIndex().toIntArray();
      transitions = new int[size];
      rows = new int[size];
      values = new float[size * support.columns()];
    }

    void gather(Tensor drawn, Tensor ofStates, Tensor ofNextStates) {
      drawn.backend().read(drawn, transitions, 0);
      gather(stateIndex, ofStates);
      gather(nextIndex, ofNextStates);
    }

    private void gather(int[] tableRow, Tensor target) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = tableRow[transitions[i]];
      }
      support.gather(rows, values, 0);
      target.backend().write(values, 0, target);
    }
  }
}
