package io.qgpo.algorithm;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.nn.Module;
import io.qgpo.tensor.Shape;
import java.util.function.Predicate;

/**
 * Floating-point operations of matrix products, which are nearly all there are: 2 for a weight and
 * row forward, 4 backward (the gradients of input and of weight). Gradients of inputs that nobody
 * needs are counted, which makes a few per cent too much.
 *
 * @param behaviourStep of one update of the behaviour model
 * @param supportState of the support actions of one state
 * @param criticStep of one update of the twin critics, with its target
 * @param energyStep of one update of the energy, with its labels
 */
public record FlopCount(
    double behaviourStep, double supportState, double criticStep, double energyStep) {
  private static final int FORWARD = 2;
  private static final int TRAINED = 6;

  /** Of these networks with these settings. */
  static FlopCount of(QgpoConfig config, ScoreNet score, TwinQ q, EnergyNet energy) {
    double states = config.critic().batchSize();
    double candidates = states * config.support().candidates();
    // MSE regresses on the data's own actions alone.
    boolean ownActions = config.energy().loss() == EnergyLoss.MSE;
    double energyRows = ownActions ? states : candidates;
    double condition = weights(score, ScoreNet::isOfCondition); // once for all actions of a state
    return new FlopCount(
        TRAINED * weights(score) * config.behaviour().batchSize(),
        FORWARD
            * config.support().evaluations()
            * ((weights(score) - condition) * config.support().candidates() + condition),
        TRAINED * weights(q) * states + FORWARD * weights(q) * candidates,
        (TRAINED * weights(energy) + FORWARD * weights(q)) * energyRows);
  }

  private static double weights(Module net) {
    return weights(net, name -> true);
  }

  /** Of matrices: biases are added in passing. */
  private static double weights(Module net, Predicate<String> named) {
    return net.state().entrySet().stream()
        .filter(weight -> named.test(weight.getKey()))
        .map(weight -> weight.getValue().shape())
        .filter(shape -> shape.rank() > 1)
        .mapToDouble(Shape::size)
        .sum();
  }

  /**
   * Of one guidance step.
   *
   * @param trainsCritic whether the critic is updated in it
   * @param trainsEnergy whether the energy is
   */
  public double guidanceStep(boolean trainsCritic, boolean trainsEnergy) {
    return (trainsCritic ? criticStep : 0) + (trainsEnergy ? energyStep : 0);
  }
}
