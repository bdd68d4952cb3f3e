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
import java.util.Set;
import java.util.TreeSet;

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
    List<NamedArray> arrays = new ArrayList<>();
    for (String ours : shapes(run.info()).keySet()) {
      arrays.add(run.arrays().get(ours).withName(theirs(ours)));
    }
    SafeTensors.write(file, arrays, Map.of(RUN, run.info().portable().text()));
  }

  /**
   * Reads weights.
   *
   * @param like what the weights are of; null: what the file's metadata say
   * @throws TensorFileException if a weight is missing, has another shape or is not finite, if
   *     there are others, or if the file does not say what the weights are of
   */
  public static RunWeights read(Path file, RunInfo like) {
    SafeTensors content = SafeTensors.read(file);
    String name = file.toString();
    RunInfo info = like == null ? info(content, name) : like;
    RunWeights.requireRoom(info, content.arrays().values(), name);
    Map<String, NamedArray> arrays = new LinkedHashMap<>();
    Set<String> others = new TreeSet<>(content.arrays().keySet());
    shapes(info)
        .forEach(
            (ours, shape) -> {
              String theirs = theirs(ours);
              NamedArray array = content.arrays().get(theirs);
              String expected = ElementType.F32 + " " + Arrays.toString(shape);
              String found =
                  array == null ? "none" : array.type() + " " + Arrays.toString(array.shape());
              if (!found.equals(expected)) {
                throw TensorFileException.content(name, "tensor '" + theirs + "'", expected, found);
              }
              requireFinite(array, name);
              arrays.put(ours, array.withName(ours));
              others.remove(theirs);
            });
    if (!others.isEmpty()) {
      throw TensorFileException.content(
          name,
          "tensors",
          "those of these settings",
          others.size() + " more, " + TensorFileException.quote(others.iterator().next()));
    }
    return new RunWeights(info, TrainedPolicy.LAST, 0, arrays);
  }

  private static void requireFinite(NamedArray array, String file) {
    for (float weight : array.floats()) {
      if (!Float.isFinite(weight)) {
        throw TensorFileException.content(
            file, "tensor '" + array.name() + "'", "finite numbers", weight + "");
      }
    }
  }

  private static Map<String, int[]> shapes(RunInfo info) {
    return PolicyNetworks.shapes(info.settings(), info.stateDim(), info.actionDim());
  }

  /** There, one behaviour model is all there is. */
  private static String theirs(String ours) {
    return StateDictNames.theirs(ours.replaceFirst("^scoreAverage\\.", "score."));
  }

  private static RunInfo info(SafeTensors content, String file) {
    String text = content.metadata().get(RUN);
    if (text == null) {
      throw TensorFileException.content(
          file, "metadata '" + RUN + "'", "what the weights are of, or --like RUN", "none");
    }
    return RunInfo.parse(text, file).portable();
  }
}
