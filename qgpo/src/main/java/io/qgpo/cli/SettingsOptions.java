package io.qgpo.cli;

import io.qgpo.algorithm.ConfigJson;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.QgpoConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that choose the settings of a run: a preset, changed by a file, changed by options. */
final class SettingsOptions {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Where settings start: paper, paper-antmaze, di-engine, quick or demo.")
  private String preset;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "JSON with settings to change, nested or with dotted keys.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting to change, as in --set energy.beta=10; may be repeated.")
  private List<String> changes = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "The same as --set seed=N.")
  private String seed;

  /** Whether any of these options was given. */
  boolean given() {
    return preset != null || file != null || seed != null || !changes.isEmpty();
  }

  /** As {@link #resolve(String, Map)}, of the options alone. */
  QgpoConfig resolve(String defaultPreset) {
    return resolve(defaultPreset, Map.of());
  }

  /**
   * The settings that the options mean; later ones win, in the order preset, file, --set, --seed.
   *
   * @param defaultPreset where no preset is given
   * @param last win over the options
   * @throws UsageException for a {@code --set} without an equals sign
   * @throws io.qgpo.algorithm.ConfigException for unknown names and values out of range
   */
  QgpoConfig resolve(String defaultPreset, Map<String, String> last) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (file != null) {
      values.putAll(ConfigJson.read(file));
    }
    for (String change : changes) {
      int equals = change.indexOf('=');
      if (equals < 1) {
        throw new UsageException(
            "--set: expected KEY=VALUE, as in --set energy.beta=10, found '" + change + "'");
      }
      values.put(change.substring(0, equals).strip(), change.substring(equals + 1).strip());
    }
    if (seed != null) {
      values.put("seed", seed);
    }
    values.putAll(last);
    return Presets.config(preset == null ? defaultPreset : preset).with(values);
  }
}
