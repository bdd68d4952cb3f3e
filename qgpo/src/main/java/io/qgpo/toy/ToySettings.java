package io.qgpo.toy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * How toys are learnt: the same sizes for both networks.
 *
 * @param name of the preset
 * @param width of the hidden layers
 * @param layers hidden layers
 * @param embedding of time
 * @param fourierScale standard deviation of its frequencies
 * @param batchSize points of an update
 * @param candidates points of one time that CEP compares; divides the batch
 * @param timeExponent times of the training are u to this power with u uniform: the larger, the
 *     more of them are small, where what is narrow in the data shows
 * @param scoreRate learning rate of the score network
 * @param energyRate of the energy network
 * @param annealed whether rates fall to 0 along half a cosine, or stay
 * @param averageShare of the steps, the last ones, over which weights are averaged to be the
 *     result; 0 for none
 * @param steps updates of each network
 */
public record ToySettings(
    String name,
    int width,
    int layers,
    int embedding,
    double fourierScale,
    int batchSize,
    int candidates,
    int timeExponent,
    double scoreRate,
    double energyRate,
    boolean annealed,
    double averageShare,
    int steps) {
  /** The authors' code: 759 epochs of a million points, one time for the whole batch. */
  private static final ToySettings PAPER =
      new ToySettings("paper", 512, 4, 32, 30, 2048, 2048, 1, 1e-4, 3e-4, false, 0, 371_151);

  private static final ToySettings QUICK =
      new ToySettings("quick", 256, 3, 32, 2, 1024, 128, 3, 2e-3, 2e-3, true, 0.04, 5000);

  /** Names of presets. */
  public static List<String> names() {
    return List.of(PAPER.name, QUICK.name);
  }

  /** The preset of a name. */
  public static Optional<ToySettings> find(String name) {
    return List.of(PAPER, QUICK).stream().filter(preset -> preset.name.equals(name)).findFirst();
  }

  /** The same with another number of updates. */
  public ToySettings withSteps(int number) {
    return new ToySettings(
        name,
        width,
        layers,
        embedding,
        fourierScale,
        batchSize,
        candidates,
        timeExponent,
        scoreRate,
        energyRate,
        annealed,
        averageShare,
        number);
  }

  /** Writes all as keys of {@code json}. */
  void putInto(ObjectNode json) {
    json.put("preset", name).put("width", width).put("layers", layers);
    json.put("embedding", embedding).put("fourierScale", fourierScale);
    json.put("batchSize", batchSize).put("candidates", candidates);
    json.put("timeExponent", timeExponent);
    json.put("scoreRate", scoreRate).put("energyRate", energyRate).put("annealed", annealed);
    json.put("averageShare", averageShare).put("steps", steps);
  }
}
