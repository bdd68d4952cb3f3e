package io.qgpo.help;

import io.qgpo.algorithm.ConfigKey;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.algorithm.Presets;
import java.util.List;

/** Every setting, made of the table that reads them. */
final class SettingsPage {
  /** Presets whose values stand side by side; the others differ from the paper's in a few. */
  private static final List<String> SHOWN = List.of("paper", "quick", "demo");

  private static final String INTRODUCTION =
      """
      # Settings

      A training starts from a preset, changed by a JSON file and then one by one:

      ```
      qgpo train --data FILE --preset paper --config mine.json --set energy.beta=10
      ```

      `qgpo config` prints the settings that come of it as JSON, nested by the dots in the names, which
      `--config` reads back. `config.json` in the folder of a run has those that it was trained with.

      ## Presets

      | preset | what it is for |
      |---|---|
      """;

  private SettingsPage() {}

  static String markdown() {
    var page = new StringBuilder(INTRODUCTION);
    for (Presets.Preset preset : Presets.all()) {
      row(page, "`" + preset.name() + "`", Markdown.escape(preset.description()));
    }
    String section = null;
    for (ConfigKey key : ConfigTable.keys()) {
      String its = key.name().contains(".") ? key.name().replaceFirst("\\..*", "") : "general";
      if (!its.equals(section)) {
        section = its;
        page.append("\n## ").append(section).append("\n\n| setting | meaning | values |");
        SHOWN.forEach(preset -> page.append(' ').append(preset).append(" |"));
        page.append("\n|---|---|---|").append("---|".repeat(SHOWN.size())).append('\n');
      }
      row(page, cells(key));
    }
    return page.toString();
  }

  private static String[] cells(ConfigKey key) {
    var cells = new String[3 + SHOWN.size()];
    cells[0] = "`" + key.name() + "`";
    cells[1] = Markdown.escape(key.description());
    cells[2] = Markdown.escape(key.expected());
    for (int i = 0; i < SHOWN.size(); i++) {
      Object value = Presets.config(SHOWN.get(i)).values().get(key.name());
      cells[3 + i] = Markdown.escape(key.text(value)).replace(",", ", ");
    }
    return cells;
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
