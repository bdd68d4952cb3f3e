package io.qgpo.toy;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import java.util.List;
import java.util.Map;

/**
 * One set with one seed: what was learnt of it.
 *
 * @param data points that it was learnt from, some of them
 * @param density of the behaviour's score
 * @param columns one for each beta
 * @param results one for each beta and method
 */
public record ToyRun(
    ToySet set,
    long seed,
    ToyData data,
    DensityMap density,
    List<Column> columns,
    List<ToyResult> results) {
  /**
   * Points of one beta, x and y by turns.
   *
   * @param truth drawn from the target
   * @param samples of the guided score, by the loss that the guidance was learnt by
   */
  public record Column(double beta, float[] truth, Map<EnergyLoss, float[]> samples) {}
}
