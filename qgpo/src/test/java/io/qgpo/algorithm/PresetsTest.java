package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PresetsTest {

  /** Lu et al. 2023, appendix, and the authors' code; written here a second time on purpose. */
  @Test
  void paperHasThePublishedNumbers() {
    Map<String, String> expected = new TreeMap<>();
    expected.put("seed", "0");
    expected.put("schedule.betaMin", "0.1");
    expected.put("schedule.betaMax", "20");
    expected.put("schedule.tMin", "0.001");
    expected.put("score.width", "512");
    expected.put("score.embedding", "32");
    expected.put("score.fourierScale", "30");
    expected.put("behaviour.steps", "600000");
    expected.put("behaviour.batchSize", "4096");
    expected.put("behaviour.learningRate", "0.0001");
    expected.put("behaviour.learningRateSchedule", "constant");
    expected.put("behaviour.emaDecay", "0");
    expected.put("behaviour.weightDecay", "0");
    expected.put("behaviour.clipNorm", "0");
    expected.put("support.candidates", "16");
    expected.put("support.evaluations", "15");
    expected.put("support.batchRows", "4096");
    expected.put("critic.steps", "500000");
    expected.put("critic.batchSize", "256");
    expected.put("critic.learningRate", "0.0003");
    expected.put("critic.discount", "0.99");
    expected.put("critic.nStep", "1");
    expected.put("critic.tau", "0.005");
    expected.put("critic.hidden", "256");
    expected.put("critic.layers", "3");
    expected.put("critic.betaQ", "1");
    expected.put("energy.steps", "1000000");
    expected.put("energy.learningRate", "0.0003");
    expected.put("energy.hidden", "256");
    expected.put("energy.layers", "4");
    expected.put("energy.beta", "3");
    expected.put("energy.loss", "cep");
    expected.put("sampler.preset", "paper");
    expected.put("sampler.evaluations", "15");
    expected.put("sampler.tStart", "1");
    expected.put("sampler.tEnd", "0.001");
    expected.put("evaluation.guidanceScales", "0,1,2,3,5,8,10");
    expected.put("evaluation.episodes", "10");
    expected.put("evaluation.everySteps", "40000");
    expected.put("evaluation.cloningSteps", "2000");
    expected.put("data.stateScaling", "none");
    expected.put("data.rewardScaling", "auto");
    expected.put("data.maxEpisodeSteps", "1000");
    expected.put("checkpoint.everySeconds", "300");
    expected.put("checkpoint.keep", "2");
    assertEquals(expected, texts(Presets.config("paper")));
  }

  @Test
  void antmazeDiffersInCandidatesAndScales() {
    assertEquals(
        Map.of("support.candidates", "32", "evaluation.guidanceScales", "1,1.5,2,2.5,3,4"),
        differencesFromPaper("paper-antmaze"));
  }

  @Test
  void diEngineDiffersInTheEnergyNetAndEvaluation() {
    assertEquals(
        Map.of("energy.layers", "3", "evaluation.episodes", "8", "evaluation.everySteps", "50000"),
        differencesFromPaper("di-engine"));
  }

  /** What benchmarks/RESULTS.md has returns of. */
  @Test
  void quickIsWhatWasMeasured() {
    Map<String, String> expected = new TreeMap<>();
    expected.put("score.width", "256");
    expected.put("behaviour.steps", "60000");
    expected.put("behaviour.batchSize", "256");
    expected.put("behaviour.learningRate", "0.001");
    expected.put("behaviour.learningRateSchedule", "cosine");
    expected.put("behaviour.emaDecay", "0.999");
    expected.put("critic.steps", "2000");
    expected.put("critic.learningRate", "0.001");
    expected.put("critic.nStep", "50");
    expected.put("critic.tau", "0.02");
    expected.put("energy.steps", "2000");
    expected.put("energy.learningRate", "0.001");
    expected.put("energy.beta", "1");
    expected.put("sampler.preset", "exact");
    expected.put("evaluation.guidanceScales", "0,1,1.5,2,3");
    expected.put("evaluation.everySteps", "0");
    expected.put("data.stateScaling", "standard");
    expected.put("checkpoint.everySeconds", "120");
    assertEquals(expected, differencesFromPaper("quick"));
  }

  @Test
  void everyPresetIsListedOnceUnderTheNameItIsFoundBy() {
    assertEquals(
        "paper, paper-antmaze, di-engine, quick, demo",
        String.join(", ", Presets.all().stream().map(Presets.Preset::name).toList()));
    for (Presets.Preset preset : Presets.all()) {
      assertEquals(preset.config(), Presets.config(preset.name()));
      assertTrue(preset.description().length() <= 60, preset.name());
    }
  }

  @Test
  void unknownPresetNamesTheNearest() {
    ConfigException e = assertThrows(ConfigException.class, () -> Presets.config("qiuck"));
    assertEquals(
        "preset 'qiuck' does not exist; did you mean 'quick'? There are paper, paper-antmaze,"
            + " di-engine, quick, demo",
        e.getMessage());
  }

  private static Map<String, String> differencesFromPaper(String preset) {
    Map<String, String> values = texts(Presets.config(preset));
    values.entrySet().removeAll(texts(Presets.config("paper")).entrySet());
    return values;
  }

  private static Map<String, String> texts(QgpoConfig config) {
    Map<String, String> texts = new TreeMap<>();
    config.values().forEach((name, value) -> texts.put(name, ValueRange.format(value)));
    return texts;
  }
}
