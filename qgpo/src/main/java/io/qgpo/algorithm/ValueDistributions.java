package io.qgpo.algorithm;

import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * What critic and energy make of the data: whether Q tells actions apart, and whether the energy
 * has learnt beta Q, which contrastive prediction determines up to a constant for each state (Lu et
 * al. 2023, equation 12).
 *
 * @param dataQ Q of the data's actions
 * @param supportQ Q of the support actions in the same states
 * @param betaQ beta Q of the support actions, less the state's mean
 * @param energy of the support actions without noise, less the state's mean
 */
public record ValueDistributions(
    Histogram dataQ, Histogram supportQ, Histogram betaQ, Histogram energy) {

  private static final int BINS = 50;

  /**
   * Measures a number of batches.
   *
   * @param q whose smaller twin is Q
   * @param t the smallest of training, at which actions have hardly any noise
   * @param rng draws the states
   */
  static ValueDistributions of(
      CandidateBatch batch,
      TwinQ q,
      EnergyNet energyNet,
      double beta,
      double t,
      int batches,
      Rng rng) {
    int states = batch.size();
    int candidates = batch.candidates();
    float[] dataQ = new float[batches * states];
    float[] supportQ = new float[batches * states * candidates];
    float[] energies = new float[supportQ.length];
    for (int i = 0; i < batches; i++) {
      batch.draw(rng);
      try (Scope _ = Scope.open("value distributions");
          GradMode _ = GradMode.off()) {
        copy(q.min(batch.actionStates), dataQ, i * states);
        int at = i * states * candidates;
        copy(q.min(Candidates.join(batch.supportActions, batch.states)), supportQ, at);
        Tensor times = Tensor.full(batch.states.backend(), DType.FLOAT32, Shape.of(states, 1), t);
        Var energy =
            energyNet.apply(
                Var.constant(batch.supportActions),
                Var.constant(times),
                Var.constant(batch.states));
        copy(energy.value(), energies, at);
      }
    }
    return new ValueDistributions(
        Histogram.of(dataQ, BINS),
        Histogram.of(supportQ, BINS),
        Histogram.of(centred(supportQ, candidates, beta), BINS),
        Histogram.of(centred(energies, candidates, 1), BINS));
  }

  private static void copy(Tensor values, float[] target, int at) {
    float[] source = values.toFloatArray();
    System.arraycopy(source, 0, target, at, source.length);
  }

  /** Times a factor, less the mean of each group. */
  private static float[] centred(float[] values, int group, double factor) {
    float[] out = new float[values.length];
    for (int first = 0; first < values.length; first += group) {
      double mean = 0;
      for (int i = first; i < first + group; i++) {
        mean += factor * values[i] / group;
      }
      for (int i = first; i < first + group; i++) {
        out[i] = (float) (factor * values[i] - mean);
      }
    }
    return out;
  }
}
