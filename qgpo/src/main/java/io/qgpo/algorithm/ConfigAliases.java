package io.qgpo.algorithm;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What settings are called elsewhere: in the papers, in the authors' code, DI-engine and d3rlpy,
 * and in common speech. Not accepted, since several mean something else elsewhere still, but
 * suggested.
 */
final class ConfigAliases {
  private static final List<String> LEARNING_RATES =
      List.of("behaviour.learningRate", "critic.learningRate", "energy.learningRate");
  private static final List<String> BATCH_SIZES =
      List.of("behaviour.batchSize", "critic.batchSize");
  private static final List<String> STEPS =
      List.of("behaviour.steps", "critic.steps", "energy.steps");
  private static final List<String> EVALUATIONS =
      List.of("sampler.evaluations", "support.evaluations");
  private static final List<String> TEMPERATURES = List.of("energy.beta", "critic.betaQ");
  private static final List<String> CANDIDATES = List.of("support.candidates");
  private static final List<String> CLIPPING = List.of("behaviour.clipNorm");
  private static final List<String> SCALES = List.of("evaluation.guidanceScales");
  private static final List<String> TARGET_RATE = List.of("critic.tau");

  /** By {@link NearestName#plain} name without its section. */
  private static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          entry("lr", LEARNING_RATES),
          entry("rate", LEARNING_RATES),
          entry("policylr", List.of("behaviour.learningRate")),
          entry("actorlearningrate", List.of("behaviour.learningRate")),
          entry("criticlearningrate", List.of("critic.learningRate")),
          entry("batch", BATCH_SIZES),
          entry("batchsizeq", List.of("critic.batchSize")),
          entry("policybatchsize", List.of("behaviour.batchSize")),
          entry("epochs", STEPS),
          entry("iterations", STEPS),
          entry("nsteps", STEPS),
          entry("updates", STEPS),
          entry("behaviorpolicystoptrainingiter", List.of("behaviour.steps")),
          entry("qvaluestoptrainingiter", List.of("critic.steps")),
          entry("gamma", List.of("critic.discount")),
          entry("discountfactor", List.of("critic.discount")),
          entry("polyak", TARGET_RATE),
          entry("qtupdatemomentum", TARGET_RATE),
          entry("alpha", List.of("energy.beta")),
          entry("qalpha", List.of("critic.betaQ")),
          entry("temperature", TEMPERATURES),
          entry("inversetemperature", TEMPERATURES),
          entry("m", CANDIDATES),
          entry("samplesperstate", CANDIDATES),
          entry("sampleperstate", CANDIDATES),
          entry("nactionsamples", CANDIDATES),
          entry("diffusionsteps", EVALUATIONS),
          entry("nfe", EVALUATIONS),
          entry("samplingsteps", EVALUATIONS),
          entry("sampler", List.of("sampler.preset")),
          entry("solver", List.of("sampler.preset")),
          entry("w", SCALES),
          entry("s", SCALES),
          entry("guidance", SCALES),
          entry("guidancescale", SCALES),
          entry("scale", SCALES),
          entry("scales", SCALES),
          entry("evalfreq", List.of("evaluation.everySteps")),
          entry("method", List.of("energy.loss")),
          entry("ema", List.of("behaviour.emaDecay")),
          entry("clip", CLIPPING),
          entry("gradclip", CLIPPING),
          entry("maxgradnorm", CLIPPING),
          entry("rewardscale", List.of("data.rewardScaling")),
          entry("rewardscaler", List.of("data.rewardScaling")),
          entry("normalize", List.of("data.stateScaling")),
          entry("normalizestates", List.of("data.stateScaling")),
          entry("statenormalization", List.of("data.stateScaling")),
          entry("observationscaler", List.of("data.stateScaling")),
          entry("horizon", List.of("data.maxEpisodeSteps")),
          entry("timeout", List.of("data.maxEpisodeSteps")));

  private ConfigAliases() {}

  /** Every alias with the settings it suggests. */
  static Map<String, List<String>> all() {
    return KEYS;
  }

  /**
   * The settings that a name stands for elsewhere; with a section in front of it, as in {@code
   * critic.gamma}, those of the section if there are any.
   *
   * @return empty if it is no such name
   */
  static List<String> keys(String given) {
    String plain = NearestName.plain(given);
    int dot = plain.lastIndexOf('.');
    List<String> keys = KEYS.getOrDefault(plain.substring(dot + 1), List.of());
    String section = plain.substring(0, dot + 1);
    List<String> within =
        keys.stream()
            .filter(key -> dot > 0 && key.toLowerCase(Locale.ROOT).startsWith(section))
            .toList();
    return within.isEmpty() ? keys : within;
  }
}
