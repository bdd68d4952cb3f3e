package io.qgpo.algorithm;

import io.qgpo.data.RewardScaling;
import io.qgpo.data.StateScaling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every number of a QGPO run. What each means, its unit and its range stand in {@link ConfigTable},
 * under the dotted name of its record component ({@code behaviour.steps}); {@link Presets} holds
 * the published choices.
 *
 * <p>Immutable and always valid: the constructor checks every value and how they fit together.
 *
 * @param seed of every random stream
 * @param schedule noise schedule of both diffusion models
 * @param score network of the behaviour model
 * @param behaviour training of the behaviour model
 * @param support actions drawn from the behaviour model
 * @param critic in-support softmax Q-learning
 * @param energy contrastive energy prediction
 * @param sampler solver from noise to actions
 * @param evaluation returns in the environment
 * @param data reading of the dataset
 * @param checkpoint saving of the run
 */
public record QgpoConfig(
    long seed,
    ScheduleConfig schedule,
    ScoreNetConfig score,
    BehaviourConfig behaviour,
    SupportConfig support,
    CriticConfig critic,
    EnergyConfig energy,
    SamplerConfig sampler,
    EvaluationConfig evaluation,
    DataConfig data,
    CheckpointConfig checkpoint) {

  /**
   * Checks every value against the table, then the values against each other.
   *
   * @throws ConfigException naming the first key whose value does not fit
   */
  public QgpoConfig {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("seed", seed);
    RecordValues.flatten("schedule", schedule, values);
    RecordValues.flatten("score", score, values);
    RecordValues.flatten("behaviour", behaviour, values);
    RecordValues.flatten("support", support, values);
    RecordValues.flatten("critic", critic, values);
    RecordValues.flatten("energy", energy, values);
    RecordValues.flatten("sampler", sampler, values);
    RecordValues.flatten("evaluation", evaluation, values);
    RecordValues.flatten("data", data, values);
    RecordValues.flatten("checkpoint", checkpoint, values);
    values.forEach((name, value) -> ConfigTable.key(name).accept(value));
    requireBelow("schedule.betaMin", schedule.betaMin, "schedule.betaMax", schedule.betaMax);
    requireBelow("sampler.tEnd", sampler.tEnd, "sampler.tStart", sampler.tStart);
  }

  /**
   * The variance-preserving schedule.
   *
   * @param betaMin noise rate at t = 0
   * @param betaMax noise rate at t = 1
   * @param tMin smallest training time
   */
  public record ScheduleConfig(double betaMin, double betaMax, double tMin) {}

  /**
   * The score network.
   *
   * @param width of the widest residual block; the others have a half and a quarter of it
   * @param embedding values of the time embedding and of the state embedding
   * @param fourierScale standard deviation of the Fourier frequencies
   */
  public record ScoreNetConfig(int width, int embedding, double fourierScale) {}

  /** How a learning rate goes from the first update to the last. */
  public enum LearningRateSchedule {
    /** Never changes. */
    CONSTANT,
    /** Falls to 0 along half a cosine. */
    COSINE
  }

  /**
   * Training of the behaviour model.
   *
   * @param steps updates
   * @param batchSize transitions an update
   * @param learningRate of Adam, at the first update
   * @param learningRateSchedule what the rate does after it
   * @param emaDecay of the averaged weights that sampling uses; 0 uses the weights as they are
   * @param weightDecay decoupled, as in AdamW; 0 for plain Adam
   * @param clipNorm largest gradient norm; 0 for no clipping
   */
  public record BehaviourConfig(
      int steps,
      int batchSize,
      double learningRate,
      LearningRateSchedule learningRateSchedule,
      double emaDecay,
      double weightDecay,
      double clipNorm) {}

  /**
   * Support actions.
   *
   * @param candidates actions a state (M in the paper)
   * @param evaluations network evaluations a sample
   * @param batchRows samples solved at once
   */
  public record SupportConfig(int candidates, int evaluations, int batchRows) {}

  /**
   * The twin critics.
   *
   * @param steps updates
   * @param batchSize states an update, of the energy model's updates too
   * @param learningRate of Adam
   * @param discount of future reward (gamma)
   * @param nStep rewards of a target before the critic's own estimate
   * @param tau target networks' rate
   * @param hidden units of a hidden layer
   * @param layers hidden layers
   * @param betaQ inverse temperature of the target's softmax over support actions
   */
  public record CriticConfig(
      int steps,
      int batchSize,
      double learningRate,
      double discount,
      int nStep,
      double tau,
      int hidden,
      int layers,
      double betaQ) {}

  /** What the energy model learns from. */
  public enum EnergyLoss {
    /** Contrastive energy prediction: the paper's, exact in its optimum. */
    CEP,
    /** Mean squared error to beta Q(s, a) at the noised action. */
    MSE,
    /** Mean squared error of exponentials: exp f to exp(beta Q). */
    EMSE
  }

  /**
   * The energy model.
   *
   * @param steps updates in all, those beside the critic's included
   * @param learningRate of Adam
   * @param hidden units of a hidden layer
   * @param layers hidden layers
   * @param beta inverse temperature of the policy: exp(beta Q)
   * @param loss what it learns from
   */
  public record EnergyConfig(
      int steps, double learningRate, int hidden, int layers, double beta, EnergyLoss loss) {}

  /** Solvers offered. */
  public enum SamplerPreset {
    /** DPM-Solver++ singlestep of order 2 on uniform times: the authors' own. Too little spread. */
    PAPER,
    /** DPM-Solver++ multistep of order 2 on uniform log-SNR: the same cost, the right spread. */
    EXACT
  }

  /**
   * From noise to an action.
   *
   * @param preset which solver
   * @param evaluations network evaluations an action
   * @param tStart where it starts
   * @param tEnd where it stops
   */
  public record SamplerConfig(SamplerPreset preset, int evaluations, double tStart, double tEnd) {}

  /**
   * Evaluation in the environment.
   *
   * @param guidanceScales w to evaluate; only 1 samples the exact policy
   * @param episodes per guidance scale
   * @param everySteps energy updates between evaluations; 0 evaluates at the end alone
   * @param cloningSteps updates of the unimodal clone to compare with; 0 for none
   */
  public record EvaluationConfig(
      List<Double> guidanceScales, int episodes, int everySteps, int cloningSteps) {
    /** Copies the list. */
    public EvaluationConfig {
      guidanceScales = List.copyOf(guidanceScales);
    }
  }

  /**
   * Reading of the dataset.
   *
   * @param stateScaling what is done to states before a network sees them
   * @param rewardScaling what rewards are scaled by
   * @param maxEpisodeSteps where an episode times out if the file does not say
   */
  public record DataConfig(
      StateScaling stateScaling, RewardScaling rewardScaling, int maxEpisodeSteps) {}

  /**
   * Checkpoints.
   *
   * @param everySeconds seconds between two of them; the end of a stage always has one
   * @param keep how many of the last ones stay
   */
  public record CheckpointConfig(int everySeconds, int keep) {}

  /**
   * The settings of the given names.
   *
   * @param values by dotted name, one for every key: numbers, {@code List<Double>}, or text in the
   *     form {@code --set} takes
   * @throws ConfigException if a name is unknown or missing, or a value does not fit
   */
  public static QgpoConfig of(Map<String, ?> values) {
    Map<String, Object> accepted = new LinkedHashMap<>();
    values.forEach((name, value) -> accepted.put(name, ConfigTable.key(name).accept(value)));
    for (ConfigKey key : ConfigTable.keys()) {
      if (!accepted.containsKey(key.name())) {
        throw new ConfigException(
            "setting '%s' is missing: expected %s".formatted(key.name(), key.expected()));
      }
    }
    return RecordValues.build(QgpoConfig.class, accepted);
  }

  /** Steps of critic and energy together: the longer of the two trainings. */
  public int guidanceSteps() {
    return Math.max(critic.steps(), energy.steps());
  }

  /** Every value by its dotted name, in the order of the components. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    RecordValues.flatten("", this, values);
    return values;
  }

  /**
   * A copy with some settings changed.
   *
   * @param changes by dotted name, as in {@link #of}
   * @throws ConfigException if a name is unknown or a value does not fit
   */
  public QgpoConfig with(Map<String, ?> changes) {
    Map<String, Object> values = values();
    changes.forEach((name, value) -> values.put(ConfigTable.key(name).name(), value));
    return of(values);
  }

  /** A copy with one setting changed: {@code with("energy.beta", 10)}. */
  public QgpoConfig with(String name, Object value) {
    return with(Map.of(name, value));
  }

  private static void requireBelow(String low, double lowValue, String high, double highValue) {
    if (lowValue >= highValue) {
      throw new ConfigException(
          "setting '%s' must be below '%s': found %s and %s"
              .formatted(low, high, Numbers.text(lowValue), Numbers.text(highValue)));
    }
  }
}
