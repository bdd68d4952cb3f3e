package io.qgpo.cli;

import io.qgpo.algorithm.ConfigJson;
import io.qgpo.algorithm.ConfigKey;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.algorithm.ValueRange;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows settings. */
@Command(
    name = "config",
    description = {
      "Prints settings as JSON, which --config of this and other commands reads.",
      "Without --preset those of the paper."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo config --preset quick --set energy.beta=10 > mine.json",
      "  qgpo config --describe",
      "  qgpo config --presets"
    })
final class ConfigCommand implements Callable<Integer> {
  @Mixin private SettingsOptions settings;

  @Option(
      names = "--describe",
      description = "Print every setting with its value, unit, range and meaning instead.")
  private boolean describe;

  @Option(names = "--presets", description = "Print the presets instead.")
  private boolean presets;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    QgpoConfig config = settings.resolve("paper");
    if (presets) {
      Presets.all().forEach(p -> out.printf("%-14s %s%n", p.name(), p.description()));
    } else if (describe) {
      describe(config, out);
    } else {
      out.print(ConfigJson.write(config));
    }
    return Main.done(out);
  }

  /** Two lines a setting: what it is here and may be, then what it means. */
  private static void describe(QgpoConfig config, PrintWriter out) {
    Map<String, Object> values = config.values();
    for (ConfigKey key : ConfigTable.keys()) {
      String value = ValueRange.format(values.get(key.name()));
      out.printf("%-44s %s%n", key.name() + " = " + value, key.expected());
      out.printf("    %s%n", key.description());
    }
  }
}
