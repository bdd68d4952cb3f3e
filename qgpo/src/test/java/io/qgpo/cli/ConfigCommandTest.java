package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.ConfigJson;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir Path folder;

  private static QgpoConfig config(String... args) {
    Cli.Outcome outcome = Cli.run(args);
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.code());
    return QgpoConfig.of(ConfigJson.parse(outcome.out(), "output"));
  }

  @Test
  void printsThePaperUnlessToldOtherwise() {
    assertEquals(Presets.config("paper"), config("config"));
    assertEquals(Presets.config("quick"), config("config", "--preset", "quick"));
  }

  @Test
  void laterLayersWin() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(file, "{\"critic\": {\"tau\": 0.5, \"layers\": 2}, \"seed\": 7}");
    assertEquals(
        Presets.config("di-engine")
            .with(Map.of("critic.tau", 0.25, "critic.layers", 2, "seed", 9, "energy.beta", 10)),
        config(
            "config",
            "--set",
            "critic.tau=0.125",
            "--preset=di-engine",
            "--config",
            file.toString(),
            "--set=critic.tau=0.25",
            "--set",
            " energy.beta = 10 ",
            "--set",
            "seed=8",
            "--seed=9"));
  }

  @Test
  void whatItPrintsCanBeReadAgain() throws IOException {
    Path file = folder.resolve("printed.json");
    Files.writeString(file, Cli.run("config", "--preset", "demo").out());
    assertEquals(Presets.config("demo"), config("config", "--config", file.toString()));
  }

  @Test
  void describesEverySetting() {
    String text = Cli.run("config", "--describe", "--set", "energy.beta=5").out();
    assertEquals(2 * ConfigTable.keys().size(), text.lines().count());
    assertTrue(
        text.contains(
            String.format(
                "energy.beta = 5                              a number from 0 to 1000%n"
                    + "    inverse temperature of the policy: exp(beta Q)%n")),
        text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 110), text);
  }

  @Test
  void listsThePresets() {
    String text = Cli.run("config", "--presets").out();
    assertEquals(Presets.all().size(), text.lines().count());
    assertTrue(text.startsWith("paper          Lu et al. 2023, MuJoCo locomotion"), text);
  }

  /** The option's description names the presets: it must be all of them. */
  @Test
  void helpNamesEveryPreset() {
    String help = Cli.run("config", "--help").out();
    Presets.all().forEach(preset -> assertTrue(help.contains(preset.name()), help));
  }
}
