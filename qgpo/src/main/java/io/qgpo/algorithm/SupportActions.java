package io.qgpo.algorithm;

import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.MappedFloats;
import java.util.function.BooleanSupplier;

/**
 * Stage 2: draws candidate actions from the behaviour model for every row of the state table, into
 * a mapped file of one row per state. As s' of a transition is mostly s of the next one, each state
 * is sampled once and serves both.
 *
 * <p>Each block of states has a random stream of its own, so that a run stopped between blocks goes
 * on with the same bits.
 */
public final class SupportActions {
  private final DiffusionPolicy behaviour;
  private final DeviceData data;
  private final long seed;
  private final int candidates;
  private final int statesPerBlock;

  /** Is told how far it has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * A block is done.
     *
     * @param rows done so far, earlier ones with them
     * @param more of these, the block's
     */
    void update(int rows, int more);
  }

  /**
   * A generator.
   *
   * @param candidates actions per state
   * @param batchRows actions sampled at once, rounded down to whole states
   */
  public SupportActions(
      DiffusionPolicy behaviour, DeviceData data, long seed, int candidates, int batchRows) {
    this.behaviour = behaviour;
    this.data = data;
    this.seed = seed;
    this.candidates = candidates;
    statesPerBlock = Math.max(1, batchRows / candidates);
  }

  /**
   * Appends what is missing to the file, and commits after each block.
   *
   * @param file stateCount rows of candidates x actionDim columns
   * @param stop asked between blocks; the file then stays incomplete and can be gone on with
   * @param progress told after each block
   */
  public void fill(MappedFloats file, BooleanSupplier stop, Progress progress) {
    float[] host = new float[statesPerBlock * file.columns()];
    while (!file.isComplete() && !stop.getAsBoolean()) {
      int first = file.rowsAppended();
      int count = Math.min(statesPerBlock, file.rows() - first);
      Rng rng = new Rng(data.backend(), seed, "support actions from state " + first);
      try (Scope _ = Scope.open("support actions")) {
        Tensor states = data.states().rows(first, first + count);
        Tensor actions = behaviour.sample(states, candidates, 0, rng);
        data.backend().read(actions, host, 0);
      }
      file.append(host, 0, count);
      file.commit();
      progress.update(first + count, count);
    }
  }
}
