package io.qgpo.toy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.run.JsonFiles;
import java.util.List;
import java.util.Map;

/**
 * What one guidance came to.
 *
 * @param set by name
 * @param method the loss it was learnt by
 * @param beta inverse temperature of the target
 * @param seed of all that was random
 * @param metrics of the samples
 * @param floor of the errors, by name: what two draws of the truth have
 * @param shares of the samples in the set's regions
 * @param trueShares of the truth's draw
 * @param deviations standard deviations of the samples within the regions; NaN with fewer than two
 *     points
 * @param trueDeviations of the truth's draw
 * @param fields errors of the learnt fields by time; empty if the exact ones are not known
 * @param seconds that training and sampling took
 */
public record ToyResult(
    String set,
    EnergyLoss method,
    double beta,
    long seed,
    ToyMetrics metrics,
    Map<String, Double> floor,
    List<Double> shares,
    List<Double> trueShares,
    List<Double> deviations,
    List<Double> trueDeviations,
    List<FieldErrors> fields,
    Seconds seconds) {

  /**
   * Time taken.
   *
   * @param score by the score's training
   * @param energy by the guidance's
   * @param sampling by the samples
   */
  public record Seconds(double score, double energy, double sampling) {
    /** All of it. */
    public double total() {
      return score + energy + sampling;
    }
  }

  /** An error as a multiple of its floor; NaN if that is 0. */
  public double multiple(String error) {
    double least = floor.get(error);
    return least > 0 ? metrics.errors().get(error) / least : Double.NaN;
  }

  /** All of it, multiples included. */
  ObjectNode toJson() {
    ObjectNode json = JsonFiles.object();
    json.put("set", set).put("method", method.name()).put("beta", beta).put("seed", seed);
    ObjectNode of = json.putObject("metrics");
    of.put("slicedW1", metrics.slicedW1()).put("slicedW2", metrics.slicedW2());
    of.put("mmd2", metrics.mmd2()).put("totalVariation", metrics.totalVariation());
    of.put("deviationRatio", metrics.deviationRatio());
    of.put("meanEnergy", metrics.meanEnergy()).put("trueMeanEnergy", metrics.trueMeanEnergy());
    ObjectNode floors = json.putObject("floor");
    floor.forEach(floors::put);
    ObjectNode multiples = json.putObject("timesFloor");
    floor.forEach(
        (name, least) -> {
          if (least > 0) {
            multiples.put(name, multiple(name));
          }
        });
    put(json.putArray("shares"), shares);
    put(json.putArray("trueShares"), trueShares);
    put(json.putArray("deviations"), deviations);
    put(json.putArray("trueDeviations"), trueDeviations);
    ArrayNode byTime = json.putArray("relativeErrors");
    for (FieldErrors one : fields) {
      byTime
          .addObject()
          .put("t", one.t())
          .put("guidance", one.guidance())
          .put("score", one.score());
    }
    json.putObject("seconds")
        .put("score", seconds.score())
        .put("energy", seconds.energy())
        .put("sampling", seconds.sampling());
    return json;
  }

  private static void put(ArrayNode array, List<Double> values) {
    for (double value : values) {
      if (Double.isNaN(value)) {
        array.addNull();
      } else {
        array.add(value);
      }
    }
  }
}
