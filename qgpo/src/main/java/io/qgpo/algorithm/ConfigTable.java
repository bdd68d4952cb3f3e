package io.qgpo.algorithm;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.algorithm.QgpoConfig.LearningRateSchedule;
import io.qgpo.algorithm.QgpoConfig.SamplerPreset;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.StateScaling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every setting with its range, unit and meaning: the one table behind checks, help and
 * documentation. In the order of {@link QgpoConfig}'s components.
 */
public final class ConfigTable {
  private static final long BILLION = 1_000_000_000;
  private static final long MILLION = 1_000_000;

  private static final List<ConfigKey> KEYS =
      List.of(
          key("seed", whole(0, Long.MAX_VALUE), "", "seed of every random stream"),
          key("schedule.betaMin", above(0, 1000), "", "noise rate at t = 0"),
          key("schedule.betaMax", above(0, 1000), "", "noise rate at t = 1"),
          key("schedule.tMin", between(0, 1), "", "smallest t of training; the largest is 1"),
          key(
              "score.width",
              new ValueRange.Whole(4, 8192, 4),
              "units",
              "widest block of the score net; the others have 1/2 and 1/4 of it"),
          key(
              "score.embedding",
              new ValueRange.Whole(2, 1024, 2),
              "values",
              "time embedding, of score net and energy net, and the score net's state embedding"),
          key("score.fourierScale", above(0, 1000), "", "sd of the time embedding's frequencies"),
          key("behaviour.steps", whole(1, BILLION), "updates", "training of the behaviour model"),
          key("behaviour.batchSize", whole(1, MILLION), "transitions", "of one behaviour update"),
          key("behaviour.learningRate", above(0, 1), "", "Adam's rate at the first update"),
          key(
              "behaviour.learningRateSchedule",
              new ValueRange.Choice(LearningRateSchedule.class),
              "",
              "whether the rate stays or falls to 0 along half a cosine"),
          key(
              "behaviour.emaDecay",
              below(0, 1),
              "per update",
              "of averaged weights to sample with; 0 = the weights as they are"),
          key("behaviour.weightDecay", from(0, 1), "", "decoupled (AdamW); 0 = plain Adam"),
          key("behaviour.clipNorm", from(0, MILLION), "", "largest gradient norm; 0 = no clipping"),
          key("support.candidates", whole(2, 1024), "actions", "drawn for each state (M)"),
          key("support.evaluations", whole(1, 1000), "evaluations", "of the score net a sample"),
          key(
              "support.batchRows",
              whole(1, MILLION),
              "samples",
              "solved at once, with random numbers of their own"),
          key("critic.steps", whole(1, BILLION), "updates", "training of the twin critics"),
          key(
              "critic.batchSize",
              whole(1, MILLION),
              "states",
              "of one critic update, and of one energy update"),
          key("critic.learningRate", above(0, 1), "", "Adam's rate"),
          key("critic.discount", from(0, 1), "per step", "of future reward (gamma)"),
          key(
              "critic.nStep",
              whole(1, 10_000),
              "steps",
              "of recorded rewards in a target before the critic's own estimate; the paper: 1"),
          key("critic.tau", above(0, 1), "per update", "rate of the target critics"),
          key("critic.hidden", whole(1, 16384), "units", "of a hidden layer"),
          key("critic.layers", whole(1, 32), "layers", "hidden layers"),
          key(
              "critic.betaQ",
              from(0, 1000),
              "",
              "inverse temperature of the target's softmax over support actions"),
          key(
              "energy.steps",
              whole(1, BILLION),
              "updates",
              "training of the energy model, in all: one after each critic update, then alone"),
          key("energy.learningRate", above(0, 1), "", "Adam's rate"),
          key("energy.hidden", whole(1, 16384), "units", "of a hidden layer"),
          key("energy.layers", whole(1, 32), "layers", "hidden layers"),
          key("energy.beta", from(0, 1000), "", "inverse temperature of the policy: exp(beta Q)"),
          key(
              "energy.loss",
              new ValueRange.Choice(EnergyLoss.class),
              "",
              "contrastive prediction (the paper's), or a squared error to beta Q or exp(beta Q)"),
          key(
              "sampler.preset",
              new ValueRange.Choice(SamplerPreset.class),
              "",
              "the paper's solver, or one of the same cost that keeps the spread of the actions"),
          key("sampler.evaluations", whole(1, 1000), "evaluations", "of the score net an action"),
          key("sampler.tStart", above(0, 1), "", "t at which sampling starts"),
          key("sampler.tEnd", between(0, 1), "", "t at which sampling ends"),
          key(
              "evaluation.guidanceScales",
              new ValueRange.Reals(from(0, 1000), 100),
              "",
              "w to evaluate; 0 is the behaviour, only 1 is the exact policy"),
          key("evaluation.episodes", whole(1, 100_000), "episodes", "for each guidance scale"),
          key(
              "evaluation.everySteps",
              whole(0, BILLION),
              "energy updates",
              "between evaluations; 0 = at the end alone"),
          key(
              "evaluation.cloningSteps",
              whole(0, MILLION),
              "updates",
              "of unimodal cloning, to compare with; 0 = without"),
          key(
              "data.stateScaling",
              new ValueRange.Choice(StateScaling.class),
              "",
              "standard: (state - mean) / sd of the data, column by column; the paper: none"),
          key(
              "data.rewardScaling",
              new ValueRange.Choice(RewardScaling.class),
              "",
              "locomotion: x 1000 / (max - min return); antmaze: reward - 1"),
          key(
              "data.maxEpisodeSteps",
              whole(1, BILLION),
              "steps",
              "after which an episode times out, where the file has no timeouts"),
          key("checkpoint.everySeconds", whole(1, MILLION), "s", "between two checkpoints"),
          key("checkpoint.keep", whole(1, 1000), "checkpoints", "kept; older ones are deleted"));

  private static final Map<String, ConfigKey> BY_NAME = new LinkedHashMap<>();

  static {
    KEYS.forEach(key -> BY_NAME.put(key.name(), key));
  }

  private ConfigTable() {}

  /** All settings, in order. */
  public static List<ConfigKey> keys() {
    return KEYS;
  }

  /**
   * The setting of a dotted name.
   *
   * @throws ConfigException if there is none, with the nearest name
   */
  public static ConfigKey key(String name) {
    ConfigKey key = BY_NAME.get(name);
    if (key == null) {
      List<String> meant = ConfigAliases.keys(name);
      String suggestion =
          meant.isEmpty()
              ? NearestName.suggestion(name, BY_NAME.keySet())
              : NearestName.anyOf(meant);
      throw new ConfigException(
          "setting %s does not exist; did you mean %s?"
              .formatted(ValueRange.quote(name), suggestion));
    }
    return key;
  }

  /** Whether keys begin with this name and a dot. */
  static boolean isSection(String name) {
    return KEYS.stream().anyMatch(key -> key.name().startsWith(name + "."));
  }

  private static ConfigKey key(String name, ValueRange range, String unit, String description) {
    return new ConfigKey(name, range, unit, description);
  }

  private static ValueRange.Whole whole(long min, long max) {
    return new ValueRange.Whole(min, max, 1);
  }

  /** [min, max]. */
  private static ValueRange.Real from(double min, double max) {
    return new ValueRange.Real(min, true, max, true);
  }

  /** (min, max]. */
  private static ValueRange.Real above(double min, double max) {
    return new ValueRange.Real(min, false, max, true);
  }

  /** [min, max). */
  private static ValueRange.Real below(double min, double max) {
    return new ValueRange.Real(min, true, max, false);
  }

  /** (min, max). */
  private static ValueRange.Real between(double min, double max) {
    return new ValueRange.Real(min, false, max, false);
  }
}
