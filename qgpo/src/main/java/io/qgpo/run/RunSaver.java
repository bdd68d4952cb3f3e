package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.tensor.io.NamedArray;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Saves a training: now, or when the last time is long enough ago; nothing that has diverged. */
final class RunSaver {
  private final RunDirectory directory;
  private final Checkpoints checkpoints;
  private final long interval;
  private final Qgpo qgpo;
  private final Metrics metrics;
  private final EvaluationCurve curve;
  private final StageTimes times;
  private final LossLog losses;
  private final DivergenceGuard guard;
  private long lastSave;

  /**
   * @param checkpoints where to
   * @param everySeconds {@link #saveIfDue} saves
   */
  RunSaver(
      RunDirectory directory,
      Checkpoints checkpoints,
      int everySeconds,
      Qgpo qgpo,
      Metrics metrics,
      EvaluationCurve curve,
      StageTimes times,
      LossLog losses,
      DivergenceGuard guard) {
    this.directory = directory;
    this.checkpoints = checkpoints;
    interval = TimeUnit.SECONDS.toNanos(everySeconds);
    this.qgpo = qgpo;
    this.metrics = metrics;
    this.curve = curve;
    this.times = times;
    this.losses = losses;
    this.guard = guard;
    begin();
  }

  /** The interval begins here. */
  void begin() {
    lastSave = System.nanoTime();
  }

  /** Steps taken over all stages. */
  long steps() {
    return qgpo.behaviourDone() + qgpo.guidanceDone();
  }

  /**
   * Judges the steps since the last line of the metrics.
   *
   * @return false if a search has gone past a limit, from where on nothing is saved
   * @throws DivergedException if the training has diverged
   */
  boolean maySave() {
    losses.judge();
    return !guard.isPastALimit();
  }

  /** Saves if the last time is long enough ago. */
  void saveIfDue() {
    if (System.nanoTime() - lastSave >= interval && maySave()) {
      save();
    }
  }

  /**
   * Saves.
   *
   * @throws DivergedException if the training has diverged
   */
  void save() {
    checkpoints.save(steps(), state(), sound());
    JsonFiles.write(RunDirectory.timingsIn(directory.folder()), times.toJson());
    begin();
  }

  /** Saves as the best so far. */
  void saveBest() {
    checkpoints.saveBest(steps(), state(), sound());
  }

  private List<NamedArray> sound() {
    losses.judge();
    return guard.sound(TensorArrays.of(qgpo.state()), steps());
  }

  private ObjectNode state() {
    return new RunState(
            qgpo.behaviourDone(),
            qgpo.guidanceDone(),
            metrics.sync(),
            curve.bestReturn(),
            curve.isUnfinished(),
            times.state())
        .toJson();
  }
}
