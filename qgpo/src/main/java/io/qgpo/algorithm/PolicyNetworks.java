package io.qgpo.algorithm;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.MemoryCount;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The networks that acting needs, to be filled from a checkpoint: no critic, no optimiser. */
public final class PolicyNetworks {
  private final QgpoConfig config;
  private final ScoreNet score;
  private final EnergyNet energy;
  private final int actionDim;

  /** Networks of these settings, with weights that are to be written over. */
  public PolicyNetworks(Backend backend, QgpoConfig config, int stateDim, int actionDim) {
    this.config = config;
    this.actionDim = actionDim;
    Rng rng = new Rng(backend, 0, "weights to be replaced");
    score = Qgpo.newScoreNet(config, stateDim, actionDim, rng);
    energy = Qgpo.newEnergyNet(config, stateDim, actionDim, rng);
  }

  /**
   * What the names of the behaviour model that acts begin with: of its average, where there is one.
   */
  public static String scorePrefix(QgpoConfig config) {
    return config.behaviour().emaDecay() > 0 ? "scoreAverage." : "score.";
  }

  /** Their tensors, by the names they have in {@link Qgpo#state}. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    String prefix = scorePrefix(config);
    score.state().forEach((name, tensor) -> state.put(prefix + name, tensor));
    energy.state().forEach((name, tensor) -> state.put("energy." + name, tensor));
    return state;
  }

  /**
   * Names and shapes of all weights of these settings that training learns and others may use: the
   * behaviour model that acts, the energy, the critics and their targets.
   */
  public static Map<String, int[]> shapes(QgpoConfig config, int stateDim, int actionDim) {
    Backend backend = Backends.choose("scalar", 1).backend();
    Map<String, int[]> shapes = new LinkedHashMap<>();
    new PolicyNetworks(backend, config, stateDim, actionDim)
        .state()
        .forEach((name, tensor) -> shapes.put(name, tensor.shape().toArray()));
    Rng rng = new Rng(backend, 0, "weights to be replaced");
    Qgpo.newTwinQ(config, stateDim, actionDim, rng)
        .state()
        .forEach(
            (name, tensor) -> {
              shapes.put("critic." + name, tensor.shape().toArray());
              shapes.put("criticTarget." + name, tensor.shape().toArray());
            });
    return shapes;
  }

  /**
   * Bytes that networks of these settings take on a device, with one drawing of actions.
   *
   * @param states drawn for at once
   * @param perState actions for each
   */
  public static long bytesToSample(
      QgpoConfig config,
      int stateDim,
      int actionDim,
      int states,
      int perState,
      double guidanceScale) {
    return MemoryCount.of(
        backend -> {
          DiffusionPolicy policy =
              new PolicyNetworks(backend, config, stateDim, actionDim).policy();
          Rng rng = new Rng(backend, 0, "policy");
          try (Scope _ = Scope.open("policy")) {
            Tensor some = Tensor.empty(backend, DType.FLOAT32, Shape.of(states, stateDim));
            policy.sample(some, perState, guidanceScale, rng);
          }
        });
  }

  /** Takes the weights of trained networks of the same settings. */
  void copyFrom(ScoreNet trainedScore, EnergyNet trainedEnergy) {
    score.copyFrom(trainedScore);
    energy.copyFrom(trainedEnergy);
  }

  /** The policy that samples with them as they are now; they must not be changed afterwards. */
  public DiffusionPolicy policy() {
    return policy(config.sampler().evaluations());
  }

  /**
   * The same with another number of evaluations.
   *
   * @param evaluations of the networks for each action
   */
  DiffusionPolicy policy(int evaluations) {
    score.freeze();
    energy.freeze();
    return new DiffusionPolicy(
        score, energy, Qgpo.noiseSchedule(config), Qgpo.solver(config, evaluations), actionDim);
  }
}
