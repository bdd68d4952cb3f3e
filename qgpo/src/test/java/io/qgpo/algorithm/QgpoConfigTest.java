package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QgpoConfigTest {
  private static final QgpoConfig PAPER = Presets.config("paper");

  static List<ConfigKey> keys() {
    return ConfigTable.keys();
  }

  @Test
  void tableAndRecordsHaveTheSameKeysInTheSameOrder() {
    assertEquals(
        ConfigTable.keys().stream().map(ConfigKey::name).toList(),
        new ArrayList<>(PAPER.values().keySet()));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyIsDescribedInOneShortLine(ConfigKey key) {
    assertTrue(key.description().matches("\\S.{5,90}\\S"), key.description());
    assertTrue(!key.description().endsWith("."), key.description());
  }

  /** Setting a key to another value in its range changes that value and no other. */
  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyCanBeSet(ConfigKey key) {
    Object before = PAPER.values().get(key.name());
    String text = otherValue(key, ValueRange.format(before));
    QgpoConfig changed = PAPER.with(key.name(), text);
    assertNotEquals(before, changed.values().get(key.name()));
    assertEquals(text, ValueRange.format(changed.values().get(key.name())));
    assertEquals(PAPER, changed.with(key.name(), before));
  }

  private static String otherValue(ConfigKey key, String present) {
    return switch (key.range()) {
      case ValueRange.Whole whole -> Long.toString(whole.max());
      // tEnd must stay below tStart and betaMin below betaMax: .5 and 21 fit all but betaMin.
      case ValueRange.Real real ->
          key.name().equals("schedule.betaMin") || real.max() == 1 ? "0.5" : "21";
      case ValueRange.Reals _ -> "0.25,7";
      case ValueRange.Choice choice ->
          choice.names().stream().filter(n -> !n.equals(present)).findFirst().orElseThrow();
    };
  }

  /** The ends of every range: just inside is taken, just outside refused, in table and record. */
  @ParameterizedTest
  @MethodSource("keys")
  void everyRangeIsEnforced(ConfigKey key) {
    switch (key.range()) {
      case ValueRange.Whole whole -> {
        assertEquals(whole.min(), key.accept(whole.min()));
        assertEquals(whole.max(), key.accept(whole.max()));
        assertRefused(key, Long.toString(whole.min() - 1));
        assertRefused(key, "9223372036854775808");
        assertRefused(key, "1.5");
        assertRefused(key, "many");
        assertRefused(key, "1e999999999");
        if (whole.max() < Long.MAX_VALUE) {
          assertRefused(key, Long.toString(whole.max() + 1));
        }
        if (whole.multipleOf() > 1) {
          assertRefused(key, Long.toString(whole.min() + 1));
        }
      }
      case ValueRange.Real real -> realEnds(key, real);
      case ValueRange.Reals reals -> {
        realEnds(key, reals.each());
        assertRefused(key, "");
        assertRefused(key, "1,,2");
        assertRefused(key, "1;2");
        assertRefused(key, "1" + ",1".repeat(reals.most()));
      }
      case ValueRange.Choice choice -> {
        for (String name : choice.names()) {
          assertEquals(name, ValueRange.format(key.accept(name)));
        }
        assertRefused(key, "none of these");
        assertRefused(key, choice.names().getFirst().toUpperCase(Locale.ROOT));
        assertRefused(key, "0");
      }
    }
  }

  private static void realEnds(ConfigKey key, ValueRange.Real real) {
    ValueRange range = real;
    assertEquals(real.minIncluded(), range.accept(real.min()) != null);
    assertEquals(real.maxIncluded(), range.accept(real.max()) != null);
    assertTrue(range.accept(Math.nextUp(real.min())) != null);
    assertTrue(range.accept(Math.nextDown(real.max())) != null);
    assertRefused(key, Double.toString(real.min() - Double.MIN_NORMAL - 1e-9));
    assertRefused(key, Double.toString(Math.nextUp(real.max())));
    assertRefused(key, "NaN");
    assertRefused(key, "Infinity");
    assertRefused(key, "1e400");
    assertRefused(key, "high");
  }

  private static void assertRefused(ConfigKey key, String text) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> PAPER.with(key.name(), text), key + " " + text);
    assertTrue(
        e.getMessage().startsWith("setting '" + key.name() + "': expected " + key.range().text()),
        e.getMessage());
    assertTrue(e.getMessage().contains(", found "), e.getMessage());
  }

  @Test
  void constructorsCheckToo() {
    var bad = new QgpoConfig.ScoreNetConfig(511, 32, 30);
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                new QgpoConfig(
                    0,
                    PAPER.schedule(),
                    bad,
                    PAPER.behaviour(),
                    PAPER.support(),
                    PAPER.critic(),
                    PAPER.energy(),
                    PAPER.sampler(),
                    PAPER.evaluation(),
                    PAPER.data(),
                    PAPER.checkpoint()));
    assertEquals(
        "setting 'score.width': expected a multiple of 4 from 4 to 8192 (units), found 511",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "behaviour.batchsize | 'behaviour.batchSize'",
        "behavior.steps | 'behaviour.steps'",
        "energy.bata | 'energy.beta'",
        "crtiic.tau | 'critic.tau'",
        "evaluation.guidance_scales | 'evaluation.guidanceScales'",
        "steps | 'behaviour.steps' or 'critic.steps' or 'energy.steps'",
        "DISCOUNT | 'critic.discount'",
        "sede | 'seed'",
        // As others spell them.
        "batch_size | 'behaviour.batchSize' or 'critic.batchSize'",
        "learning_rate | 'behaviour.learningRate' or 'critic.learningRate' or"
            + " 'energy.learningRate'",
        // As others call them.
        "gamma | 'critic.discount'",
        "lr | 'behaviour.learningRate' or 'critic.learningRate' or 'energy.learningRate'",
        "critic.lr | 'critic.learningRate'",
        "actor.lr | 'behaviour.learningRate' or 'critic.learningRate' or 'energy.learningRate'",
        "alpha | 'energy.beta'",
        "beta | 'energy.beta'",
        "q_alpha | 'critic.betaQ'",
        "M | 'support.candidates'",
        "batch | 'behaviour.batchSize' or 'critic.batchSize'",
        "batch_size_q | 'critic.batchSize'",
        "w | 'evaluation.guidanceScales'",
        "guidance-scale | 'evaluation.guidanceScales'",
        "diffusion_steps | 'sampler.evaluations' or 'support.evaluations'",
      })
  void unknownKeyNamesTheNearest(String given, String nearest) {
    ConfigException e = assertThrows(ConfigException.class, () -> PAPER.with(given, "1"));
    String quotes = nearest.startsWith("'") ? nearest : "'" + nearest + "'";
    assertEquals(
        "setting '" + given + "' does not exist; did you mean " + quotes + "?", e.getMessage());
  }

  /** An alias that is a setting's own last name would hide that; one of nothing would mislead. */
  @Test
  void aliasesStandForSettingsAndHideNone() {
    List<String> own =
        ConfigTable.keys().stream()
            .map(key -> NearestName.plain(key.name()))
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .toList();
    ConfigAliases.all()
        .forEach(
            (alias, names) -> {
              assertEquals(NearestName.plain(alias), alias);
              assertFalse(own.contains(alias), alias);
              names.forEach(ConfigTable::key);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "smd, simd, true",
    "SIMD, simd, true",
    "sclar, scalar, true",
    "cuda, simd, false",
    "gpu, simd, false",
    "a, ab, false"
  })
  void nearIsWithinTwoSlips(String given, String name, boolean near) {
    assertEquals(near, NearestName.isNear(given, name));
  }

  @Test
  void longInputIsCutInTheMessage() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> PAPER.with("x".repeat(100_000), "1"));
    assertTrue(e.getMessage().length() < 250, e.getMessage());
  }

  @Test
  void valuesThatContradictEachOtherAreRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> PAPER.with(Map.of("sampler.tStart", 0.001, "sampler.tEnd", 0.5)));
    assertEquals(
        "setting 'sampler.tEnd' must be below 'sampler.tStart': found 0.5 and 0.001",
        e.getMessage());
    assertThrows(ConfigException.class, () -> PAPER.with("schedule.betaMin", 20));
  }

  @Test
  void aMissingKeyIsNamed() {
    Map<String, Object> values = PAPER.values();
    values.remove("critic.tau");
    ConfigException e = assertThrows(ConfigException.class, () -> QgpoConfig.of(values));
    assertEquals(
        "setting 'critic.tau' is missing: expected a number above 0 to 1 (per update)",
        e.getMessage());
  }

  @Test
  void scalesCannotBeChangedFromOutside() {
    List<Double> mine = new ArrayList<>(List.of(1.0));
    QgpoConfig config = PAPER.with("evaluation.guidanceScales", mine);
    mine.add(2.0);
    assertEquals(List.of(1.0), config.evaluation().guidanceScales());
  }

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "'', abc, 3",
    "abc, '', 3",
    "ab, ba, 1",
    "ca, abc, 3",
    "same, same, 0"
  })
  void editDistance(String a, String b, int distance) {
    assertEquals(distance, NearestName.distance(a, b));
  }
}
