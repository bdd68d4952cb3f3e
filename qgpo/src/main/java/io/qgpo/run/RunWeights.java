package io.qgpo.run;

import io.qgpo.algorithm.WeightCount;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a run has learnt, without a device to compute on.
 *
 * @param info what the run is
 * @param which {@link TrainedPolicy#LAST} or {@link TrainedPolicy#BEST}
 * @param step steps taken over all stages
 * @param arrays weights and whatever else the checkpoint holds, by the names of {@link
 *     io.qgpo.algorithm.Qgpo#state}
 */
public record RunWeights(RunInfo info, String which, long step, Map<String, NamedArray> arrays) {
  /**
   * Loads a checkpoint of a run.
   *
   * @param which {@link TrainedPolicy#LAST} or {@link TrainedPolicy#BEST}
   * @param messages takes a sentence for each damaged checkpoint that is passed over
   * @throws RunException if the folder holds no run, or the run has no such checkpoint
   */
  public static RunWeights load(Path folder, String which, Consumer<String> messages) {
    if (!RunDirectory.isRun(folder)) {
      throw new RunException(
          "The folder " + folder + " holds no run: give the folder that 'train' made.");
    }
    RunInfo info = RunInfo.read(RunDirectory.configIn(folder));
    var checkpoints =
        new Checkpoints(
            RunDirectory.checkpointsIn(folder), info.settings().checkpoint().keep(), messages);
    Checkpoint checkpoint =
        which.equals(TrainedPolicy.BEST) ? best(checkpoints, folder) : last(checkpoints, folder);
    requireRoom(info, checkpoint.arrays().values(), folder.toString());
    return new RunWeights(info, which, checkpoint.step(), checkpoint.arrays());
  }

  /**
   * Refuses settings whose networks are more than twice of what a file holds, before they are made.
   * A weight or two that are missing are named later.
   *
   * @param file for messages
   * @throws TensorFileException if the arrays hold that few numbers
   */
  public static void requireRoom(RunInfo info, Collection<NamedArray> arrays, String file) {
    long expected = WeightCount.of(info.settings(), info.stateDim(), info.actionDim());
    long found = arrays.stream().mapToLong(NamedArray::size).sum();
    if (found < expected / 2) {
      throw TensorFileException.content(
          file, "weights", expected + " numbers for its settings", found + "");
    }
  }

  /**
   * Makes a folder of these weights, from which a policy acts like that of a run which was trained
   * there. There is nothing to resume in it.
   *
   * @throws RunException if the folder holds a run already
   */
  public void writeTo(Path folder) {
    RunDirectory.create(
            folder,
            info.toJsonOfImported(),
            checkpoints ->
                new Checkpoints(checkpoints, 1, _ -> {})
                    .save(step, JsonFiles.object(), arrays.values()))
        .close();
  }

  private static Checkpoint last(Checkpoints checkpoints, Path folder) {
    return checkpoints
        .latest()
        .orElseThrow(
            () ->
                new RunException(
                    "The run "
                        + folder
                        + " has no checkpoint yet: go on with qgpo train --resume "
                        + ShellWord.of(folder)
                        + "."));
  }

  private static Checkpoint best(Checkpoints checkpoints, Path folder) {
    return checkpoints
        .best()
        .orElseThrow(
            () ->
                new RunException(
                    "The run "
                        + folder
                        + " kept no best checkpoint: train with --env and evaluation.everySteps"
                        + " above 0."));
  }
}
