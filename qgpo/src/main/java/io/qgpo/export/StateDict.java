package io.qgpo.export;

import io.qgpo.algorithm.PolicyNetworks;
import io.qgpo.run.RunInfo;
import io.qgpo.run.RunWeights;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.io.ElementType;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.SafeTensors;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a run as a safetensors file by the names and shapes of the authors' PyTorch state
 * dicts, and back. The file's metadata say under {@code qgpo.run} what else a policy needs: the
 * settings, the bounds of actions, the map of states.
 */
public final class StateDict {
  private static final String RUN = "qgpo.run";

  private StateDict() {}

  /** Writes the behaviour model, the critics and the energy, atomically. */
  public static void write(Path file, RunWeights run) {
    String score = PolicyWeights.scorePrefix(run);
    List<NamedArray> arrays = new ArrayList<>();
    run.arrays()
        .forEach(
            (name, array) -> {
              String ours =
                  name.startsWith(score) ? "score." + name.substring(score.length()) : name;
              boolean isOther = name.startsWith("score") && !name.startsWith(score);
              if (isWeight(ours) && !isOther) {
                arrays.add(array.withName(StateDictNames.theirs(ours)));
              }
            });
    SafeTensors.write(file, arrays, Map.of(RUN, run.info().text()));
  }

  private static boolean isWeight(String name) {
    return name.startsWith("score.")
        || name.startsWith("critic.")
        || name.startsWith("criticTarget.")
        || name.startsWith("energy.");
  }

  /**
   * Reads weights.
   *
   * @param like what the weights are of; null: what the file's metadata say
   * @throws TensorFileException if a weight is missing or has another shape, or the file does not
   *     say what the weights are of
   */
  public static RunWeights read(Path file, RunInfo like) {
    SafeTensors content = SafeTensors.read(file);
    String name = file.toString();
    RunInfo info = like == null ? info(content, name) : like;
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    PolicyNetworks.shapes(info.settings(), info.stateDim(), info.actionDim())
        .forEach(
            (ours, shape) -> {
              String plain = ours.replaceFirst("^scoreAverage\\.", "score.");
              String theirs = StateDictNames.theirs(plain);
              NamedArray array = content.arrays().get(theirs);
              String expected = ElementType.F32 + " " + Arrays.toString(shape);
              String found =
                  array == null ? "none" : array.type() + " " + Arrays.toString(array.shape());
              if (!found.equals(expected)) {
                throw TensorFileException.content(name, "tensor '" + theirs + "'", expected, found);
              }
              arrays.put(ours, array.withName(ours));
            });
    return new RunWeights(info, TrainedPolicy.LAST, 0, arrays);
  }

  private static RunInfo info(SafeTensors content, String file) {
    String text = content.metadata().get(RUN);
    if (text == null) {
      throw TensorFileException.content(
          file, "metadata '" + RUN + "'", "what the weights are of, or --like RUN", "none");
    }
    return RunInfo.parse(text, file);
  }
}
