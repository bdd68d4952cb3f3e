package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonTest {
  @TempDir Path folder;

  /** Any valid settings come back the same, through nested JSON and through flat text. */
  @Property(tries = 200)
  void roundTrip(@ForAll("configs") QgpoConfig config) {
    assertEquals(config, QgpoConfig.of(ConfigJson.parse(ConfigJson.write(config), "text")));
    Map<String, String> texts = new LinkedHashMap<>();
    config.values().forEach((name, value) -> texts.put(name, ValueRange.format(value)));
    assertEquals(config, QgpoConfig.of(texts));
  }

  @Provide
  Arbitrary<QgpoConfig> configs() {
    Arbitrary<Map<String, Object>> all = Arbitraries.just(new HashMap<>());
    for (ConfigKey key : ConfigTable.keys()) {
      all =
          Combinators.combine(all, value(key.range()))
              .as(
                  (map, value) -> {
                    Map<String, Object> more = new HashMap<>(map);
                    more.put(key.name(), value);
                    return more;
                  });
    }
    return all.map(
        map -> {
          order(map, "schedule.betaMin", "schedule.betaMax");
          order(map, "sampler.tEnd", "sampler.tStart");
          return QgpoConfig.of(map);
        });
  }

  private static void order(Map<String, Object> map, String low, String high) {
    double a = (Double) map.get(low);
    double b = (Double) map.get(high);
    if (a >= b) {
      map.put(low, a == b ? a / 2 : b);
      map.put(high, a);
    }
  }

  private static Arbitrary<?> value(ValueRange range) {
    return switch (range) {
      case ValueRange.Whole whole ->
          Arbitraries.longs()
              .between(whole.min() / whole.multipleOf(), whole.max() / whole.multipleOf())
              .map(n -> n * whole.multipleOf());
      case ValueRange.Real real -> real(real);
      case ValueRange.Reals reals -> real(reals.each()).list().ofMinSize(1).ofMaxSize(5);
      case ValueRange.Choice choice -> Arbitraries.of(choice.names());
    };
  }

  private static Arbitrary<Double> real(ValueRange.Real real) {
    return Arbitraries.doubles()
        .between(0, 1)
        .ofScale(17)
        .map(u -> real.min() + u * u * u * (real.max() - real.min()))
        .filter(x -> range(real).accept(x) != null);
  }

  private static ValueRange range(ValueRange.Real real) {
    return real;
  }

  @Test
  void writesNestedObjectsWithPlainNumbers() {
    String json = ConfigJson.write(Presets.config("paper"));
    assertTrue(json.startsWith("{\n  \"seed\" : 0,\n  \"schedule\" : {\n"), json);
    assertTrue(json.contains("\"learningRate\" : 0.0001,"), json);
    assertTrue(json.contains("\"guidanceScales\" : [ 0, 1, 2, 3, 5, 8, 10 ]"), json);
    assertTrue(json.endsWith("}\n"), json);
  }

  @Test
  void readsDottedAndNestedKeys() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(
        file,
        """
        {"critic.tau": 0.01, "energy": {"beta": 10, "loss": "mse"}, "behaviour.steps": 1e4,
         "evaluation": {"guidanceScales": [0, 1.5]}}
        """);
    assertEquals(
        Map.of(
            "critic.tau",
            0.01,
            "energy.beta",
            10.0,
            "energy.loss",
            QgpoConfig.EnergyLoss.MSE,
            "behaviour.steps",
            10_000L,
            "evaluation.guidanceScales",
            List.of(0.0, 1.5)),
        ConfigJson.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"energy\":{\"bta\":1}} | f: setting 'energy.bta' does not exist; did you mean"
            + " 'energy.beta'?",
        "{\"enrgy\":{\"beta\":1}} | f: setting 'enrgy' does not exist; did you mean",
        "{\"energy\":3} | f: setting 'energy' does not exist; did you mean",
        "{\"critic.tau\":2} | f: setting 'critic.tau': expected a number above 0 to 1 (per update),"
            + " found 2",
        "{\"critic.tau\":\"0.1\"} | f: setting 'critic.tau': expected a number above 0 to 1 (per"
            + " update), found '\"0.1\"'",
        "{\"critic.tau\":null} | f: setting 'critic.tau': expected a number above 0 to 1 (per"
            + " update), found 'null'",
        "{\"critic.tau\":{\"x\":1}} | f: setting 'critic.tau': expected a number",
        "{\"critic.tau\":[0.1]} | f: setting 'critic.tau': expected a number",
        "{\"evaluation.guidanceScales\":[1,\"2\"]} | f: setting 'evaluation.guidanceScales':"
            + " expected 1 to 100 numbers",
        "{\"evaluation.guidanceScales\":\"1,2\"} | f: setting 'evaluation.guidanceScales':"
            + " expected",
        "{\"energy.loss\":1} | f: setting 'energy.loss': expected one of cep, mse, emse, found",
        "{\"energy\":{\"beta\":1},\"energy.beta\":1} | f: setting 'energy.beta' is given twice",
        "{\"seed\":1,\"seed\":2} | f, line 1, column 17: expected valid JSON, found: Duplicate",
        "{\"seed\":1 | f, line 1, column 10: expected valid JSON, found: Unexpected end-of-input",
        "{\"seed\":1} 2 | f, line 1, column 12: expected valid JSON, found: Trailing token",
        "[1] | f: expected a JSON object of settings, found array",
        "'' | f: expected a JSON object of settings, found nothing",
        "{\"seed\":1e99999} | f: setting 'seed': expected a whole number from 0",
      })
  void refuses(String json, String message) {
    ConfigException e = assertThrows(ConfigException.class, () -> ConfigJson.parse(json, "f"));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    Path none = folder.resolve("none.json");
    ConfigException e = assertThrows(ConfigException.class, () -> ConfigJson.read(none));
    assertEquals(none + ": expected a JSON file of settings, found no file", e.getMessage());

    Path bytes = folder.resolve("bytes.json");
    Files.write(bytes, new byte[] {(byte) 0xff, (byte) 0xfe});
    e = assertThrows(ConfigException.class, () -> ConfigJson.read(bytes));
    assertEquals(bytes + ": expected UTF-8 text, found other bytes", e.getMessage());

    Path large = folder.resolve("large.json");
    Files.write(large, new byte[(1 << 20) + 1]);
    e = assertThrows(ConfigException.class, () -> ConfigJson.read(large));
    assertEquals(
        large + ": expected settings of at most 1048576 bytes, found 1048577 bytes",
        e.getMessage());

    e = assertThrows(ConfigException.class, () -> ConfigJson.read(folder));
    assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
  }
}
