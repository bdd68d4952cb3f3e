package io.qgpo.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.ConfigKey;
import io.qgpo.algorithm.ConfigTable;
import io.qgpo.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class TopicsTest {
  private static final CommandSpec PROGRAM = Main.commandLine().getCommandSpec();
  private static final Topics TOPICS = new Topics(PROGRAM);

  static List<Topic> all() {
    return TOPICS.all();
  }

  private static String page(String name) {
    return TOPICS.find(name).orElseThrow().markdown();
  }

  /** Nothing of Markdown or TeX is left, nothing is empty, nothing is wider than it may be. */
  @ParameterizedTest
  @MethodSource("all")
  void everyPageIsTextForATerminal(Topic topic) {
    assertTrue(topic.markdown().startsWith("# "), topic.name());
    String text = TerminalText.of(topic);
    assertTrue(text.startsWith("NAME\n    " + topic.name() + " - " + topic.summary()), text);
    assertFalse(text.matches("(?s).*(\\*\\*|\\$|\\]\\(|\\\\).*"), text);
    for (String line : text.lines().toList()) {
      boolean verbatim = line.startsWith(" ".repeat(8)); // code and synopses are as they are
      assertTrue(verbatim || line.length() <= 100, line);
    }
  }

  /** Pages in docs/ that the manual leaves out would be found by nobody. */
  @Test
  void everyPageOfTheFolderIsInTheManual() throws IOException {
    var made = List.of("commands", "settings");
    var expected = new TreeSet<String>();
    try (Stream<Path> files = Files.list(Path.of("..", "docs"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md"))
          .forEach(name -> expected.add(name.replace(".md", "")));
    }
    var found = new TreeSet<String>();
    all().stream().map(Topic::name).filter(name -> !made.contains(name)).forEach(found::add);
    assertEquals(expected, found);
  }

  @Test
  void everySettingIsDescribed() {
    String page = page("settings");
    for (ConfigKey key : ConfigTable.keys()) {
      assertTrue(page.contains("| `" + key.name() + "` | "), key.name());
    }
    String beta =
        "| `energy.beta` | inverse temperature of the policy: exp(beta Q) | a number from 0 to 1000"
            + " | 3 | 1 | 3 |";
    assertTrue(page.contains(beta), page);
  }

  @Test
  void everyCommandIsDescribedWithItsOptions() {
    assertDescribes(page("commands"), PROGRAM);
  }

  private static void assertDescribes(String page, CommandSpec parent) {
    for (CommandLine line : parent.subcommands().values()) {
      CommandSpec command = line.getCommandSpec();
      String heading = "\n## " + command.qualifiedName(" ") + "\n";
      assertTrue(page.contains(heading), heading);
      String section = page.substring(page.indexOf(heading) + heading.length());
      String its = section.split("\n## ", 2)[0];
      command.options().stream()
          .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
          .forEach(option -> assertTrue(its.contains(option.longestName()), its));
      assertTrue(its.contains("Examples:"), its);
      assertFalse(its.contains("DEFAULT-VALUE"), its);
      assertDescribes(page, command);
    }
  }
}
