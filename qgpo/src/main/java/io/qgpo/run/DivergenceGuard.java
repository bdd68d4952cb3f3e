package io.qgpo.run;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.data.Dataset;
import io.qgpo.tensor.io.ElementType;
import io.qgpo.tensor.io.NamedArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Ends a training that has diverged, before a checkpoint takes that in: a loss that is not finite,
 * or a hundred times what knowing nothing costs, which no training that goes well comes near.
 */
final class DivergenceGuard {
  private static final double FACTOR = 100;

  private final double behaviourLimit;
  private final double energyLimit;
  private final double valueLimit;
  private final Path folder;

  /**
   * @param folder of the run, for messages
   */
  DivergenceGuard(RunInfo info, Dataset dataset, Path folder) {
    this.folder = folder;
    // E|z|^2 of the noise that the network would not predict at all.
    behaviourLimit = FACTOR * info.actionDim();
    // The cross-entropy of taking all candidates for equally good.
    energyLimit =
        info.settings().energy().loss() == EnergyLoss.CEP
            ? FACTOR * Math.log(info.settings().support().candidates())
            : Double.POSITIVE_INFINITY;
    double largest = 0;
    for (float reward : info.reward().apply(dataset.transitions())) {
      largest = Math.max(largest, Math.abs(reward));
    }
    // No policy earns more than the largest reward for ever.
    valueLimit = FACTOR * largest / (1 - info.settings().critic().discount());
  }

  /** The denoising loss as it is, if it is sound. */
  double behaviour(double loss, long step) {
    return check("behaviour loss", loss, behaviourLimit, step);
  }

  /** The energy's loss. */
  double energy(double loss, long step) {
    return check("energy loss", loss, energyLimit, step);
  }

  /** The critic's loss. */
  double critic(double loss, long step) {
    return check("critic loss", loss, Double.POSITIVE_INFINITY, step);
  }

  /** The mean of Q. */
  double value(double meanQ, long step) {
    return check("critic's mean Q", meanQ, valueLimit, step);
  }

  /** Weights, moments and meters, before they are saved. */
  List<NamedArray> finite(List<NamedArray> state, long step) {
    for (NamedArray array : state) {
      if (array.type() == ElementType.F32) {
        for (float value : array.floats()) {
          if (!Float.isFinite(value)) {
            throw diverged("'" + array.name() + "'", value, "", step);
          }
        }
      }
    }
    return state;
  }

  private double check(String what, double value, double limit, long step) {
    // A limit of 0 is that of data without any reward, whose Q is learnt to be 0.
    if (Double.isFinite(value) && (Math.abs(value) <= limit || limit == 0)) {
      return value;
    }
    throw diverged(
        what, value, Double.isFinite(value) ? ", beyond %.4g".formatted(limit) : "", step);
  }

  private DivergedException diverged(String what, double value, String beyond, long step) {
    return new DivergedException(
        String.format(
            Locale.ROOT,
            "The training has diverged: by step %d the %s became %.4g%s; what %s holds"
                + " was saved before and is good; find the operation with qgpo train --resume %s"
                + " --detect-nan, or start anew with a lower learning rate.",
            step,
            what,
            value,
            beyond,
            folder,
            folder));
  }
}
