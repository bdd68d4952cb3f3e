package io.qgpo.algorithm;

import io.qgpo.algorithm.QgpoConfig.BehaviourConfig;
import io.qgpo.algorithm.QgpoConfig.CheckpointConfig;
import io.qgpo.algorithm.QgpoConfig.CriticConfig;
import io.qgpo.algorithm.QgpoConfig.DataConfig;
import io.qgpo.algorithm.QgpoConfig.EnergyConfig;
import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.algorithm.QgpoConfig.LearningRateSchedule;
import io.qgpo.algorithm.QgpoConfig.SamplerConfig;
import io.qgpo.algorithm.QgpoConfig.SamplerPreset;
import io.qgpo.algorithm.QgpoConfig.ScheduleConfig;
import io.qgpo.algorithm.QgpoConfig.ScoreNetConfig;
import io.qgpo.algorithm.QgpoConfig.SupportConfig;
import io.qgpo.data.RewardScaling;
import io.qgpo.data.StateScaling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Complete settings under a name, each with where its numbers come from. */
public final class Presets {

  /**
   * A named choice of every setting.
   *
   * @param name as typed after {@code --preset}
   * @param description one line
   * @param config the settings
   */
  public record Preset(String name, String description, QgpoConfig config) {}

  /**
   * Lu et al. 2023 (arXiv:2304.12824), appendix, and the authors' code: MuJoCo locomotion. What is
   * ours: rows of a batch of support actions, the clone to compare with, and the checkpoints.
   */
  private static final QgpoConfig PAPER =
      new QgpoConfig(
          0,
          new ScheduleConfig(0.1, 20, 1e-3),
          new ScoreNetConfig(512, 32, 30),
          new BehaviourConfig(600_000, 4096, 1e-4, LearningRateSchedule.CONSTANT, 0, 0, 0),
          new SupportConfig(16, 15, 4096),
          new CriticConfig(500_000, 256, 3e-4, 0.99, 1, 0.005, 256, 3, 1),
          new EnergyConfig(1_000_000, 3e-4, 256, 4, 3, EnergyLoss.CEP),
          new SamplerConfig(SamplerPreset.PAPER, 15, 1, 1e-3),
          new EvaluationConfig(List.of(0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0), 10, 40_000, 2000),
          new DataConfig(StateScaling.NONE, RewardScaling.AUTO, 1000),
          new CheckpointConfig(300, 2));

  /** What the authors' code changes for AntMaze. */
  private static final QgpoConfig PAPER_ANTMAZE =
      PAPER.with(
          Map.of(
              "support.candidates",
              32,
              "evaluation.guidanceScales",
              List.of(1.0, 1.5, 2.0, 2.5, 3.0, 4.0)));

  /**
   * DI-engine's QGPO policy: an energy net with one hidden layer less, 8 evaluation episodes every
   * 50 k updates. Its page leaves the end of energy training open; the paper's is kept.
   */
  private static final QgpoConfig DI_ENGINE =
      PAPER.with(
          Map.of("energy.layers", 3, "evaluation.episodes", 8, "evaluation.everySteps", 50_000));

  /**
   * A real dataset within a quarter of an hour on two cores: 9 minutes for 40,000 transitions.
   * benchmarks/RESULTS.md has the returns behind each choice.
   *
   * <ul>
   *   <li>Behaviour: 60 k updates of 256, 1/160 of the paper's samples; smaller batches than the
   *       paper's give more updates for the same work. Half of its width, a quarter of its weights:
   *       what that costs at equal updates is less than what 60 k instead of 25 k updates gain. A
   *       rate ten times the paper's that falls to 0, and averaged weights, make the most of them:
   *       on hopper 10 k of 1024 led to a loss of .147, where the paper's constant 1e-4 without
   *       averaging is at .175. Standardised states: on halfcheetah, whose angles vary by .3 and
   *       their velocities by 5 to 9, 5 k updates of 256 earned 891 +- 45, with states as they are
   *       731 +- 67.
   *   <li>Sampler: exact; on hopper its actions' standard deviation is within .7 % of the data's,
   *       the paper sampler's (authors' code) 1 to 15 % below.
   *   <li>Critic and energy: 2 k updates each, at a rate that earns in 2 k what 3e-4 earned in 3 k.
   *       So few cannot carry a value back over 100 steps one step at a time: after 12 k the mean Q
   *       of hopper is at 46 of about 100, and guidance lowers its returns. With targets of 50
   *       recorded steps and a target network that follows four times as fast it is at 96 after 3
   *       k, and guidance raises them.
   *   <li>Energy: beta 1. At 3 a critic's errors of one or two weigh as much as what actions differ
   *       by, and a quarter of halfcheetah's episodes turn over at once; at 1 the best guidance
   *       scale is 1.5 to 2 and earns more.
   * </ul>
   */
  private static final QgpoConfig QUICK =
      PAPER.with(
          Map.ofEntries(
              Map.entry("score.width", 256),
              Map.entry("behaviour.steps", 60_000),
              Map.entry("behaviour.batchSize", 256),
              Map.entry("behaviour.learningRate", 1e-3),
              Map.entry("behaviour.learningRateSchedule", LearningRateSchedule.COSINE),
              Map.entry("behaviour.emaDecay", 0.999),
              Map.entry("critic.steps", 2000),
              Map.entry("critic.learningRate", 1e-3),
              Map.entry("critic.nStep", 50),
              Map.entry("critic.tau", 0.02),
              Map.entry("energy.steps", 2000),
              Map.entry("energy.learningRate", 1e-3),
              Map.entry("energy.beta", 1),
              Map.entry("sampler.preset", SamplerPreset.EXACT),
              Map.entry("evaluation.guidanceScales", List.of(0.0, 1.0, 1.5, 2.0, 3.0)),
              Map.entry("evaluation.everySteps", 0),
              Map.entry("data.stateScaling", StateScaling.STANDARD),
              Map.entry("checkpoint.everySeconds", 120)));

  /**
   * The built-in point maze within five minutes on two cores. Half of the paper's width (a quarter
   * copied the data's ways too coarsely: its samples earned 0 to 1, this one's 7 to 8, the data
   * 10). Episodes of 20 steps want a critic that follows faster than one for episodes of 1000. The
   * paper's sampler left 0.1 % of the actions outside the box by more than a tenth, the exact one
   * 1.8 %.
   */
  private static final QgpoConfig DEMO =
      QUICK.with(
          Map.ofEntries(
              Map.entry("behaviour.steps", 3500),
              Map.entry("behaviour.batchSize", 512),
              Map.entry("critic.steps", 1500),
              Map.entry("critic.nStep", 1),
              Map.entry("critic.hidden", 128),
              Map.entry("energy.steps", 1500),
              Map.entry("energy.beta", 3),
              Map.entry("energy.hidden", 128),
              Map.entry("sampler.preset", SamplerPreset.PAPER),
              Map.entry("evaluation.guidanceScales", PAPER.evaluation().guidanceScales()),
              Map.entry("evaluation.episodes", 100),
              Map.entry("data.stateScaling", StateScaling.NONE),
              Map.entry("checkpoint.everySeconds", 60)));

  private static final Map<String, Preset> PRESETS = new LinkedHashMap<>();

  static {
    add("paper", "Lu et al. 2023, MuJoCo locomotion", PAPER);
    add("paper-antmaze", "Lu et al. 2023, AntMaze", PAPER_ANTMAZE);
    add("di-engine", "DI-engine's QGPO policy", DI_ENGINE);
    add("quick", "a real dataset within 15 minutes on two cores", QUICK);
    add("demo", "the built-in point maze within five minutes on two cores", DEMO);
  }

  private Presets() {}

  /** All presets, the paper's first. */
  public static List<Preset> all() {
    return List.copyOf(PRESETS.values());
  }

  /**
   * The settings of a preset.
   *
   * @throws ConfigException if there is none of that name, with the nearest one
   */
  public static QgpoConfig config(String name) {
    Preset preset = PRESETS.get(name);
    if (preset == null) {
      throw new ConfigException(
          "preset %s does not exist; did you mean %s? There are %s"
              .formatted(
                  ValueRange.quote(name),
                  NearestName.suggestion(name, PRESETS.keySet()),
                  String.join(", ", PRESETS.keySet())));
    }
    return preset.config();
  }

  private static void add(String name, String description, QgpoConfig config) {
    PRESETS.put(name, new Preset(name, description, config));
  }
}
