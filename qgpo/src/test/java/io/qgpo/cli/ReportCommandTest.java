package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir static Path folder;
  private static Path trained;
  private static String output;

  @BeforeAll
  static void train() {
    trained = folder.resolve("maze & more");
    Cli.Outcome outcome = Cli.run(TinyRun.mazeArguments(trained));
    assertEquals(Main.OK, outcome.code(), outcome.err());
    output = outcome.out();
  }

  @Test
  void trainingWritesIt() throws IOException {
    Path file = trained.resolve("report.html");
    assertTrue(output.contains("What happened is in " + file), output);
    String html = Files.readString(file);
    assertTrue(html.contains("<h1>QGPO run maze &amp; more</h1>"));
    for (String part :
        new String[] {
          "Mean return against guidance scale",
          "guidance 1 (exact policy)",
          "unimodal cloning",
          "data:image/gif;base64,",
          "Behaviour: denoising loss",
          "Critic: squared Bellman error",
          "Energy: contrastive loss",
          "Q of the data's actions and of the support actions",
          "Support actions beside the data's",
          "<tr><td>support actions</td><td>0:0",
          "Minutes and seconds on plain Java loops",
          "<td>system</td>",
          "pointmaze, 4 episodes, seed 0, last checkpoint; step limit: 50",
          "<td>behaviour.steps</td><td class=\"text\">6 (paper: 600000)</td>"
        }) {
      assertTrue(html.contains(part), part);
    }
  }

  /** Nothing is fetched from elsewhere, and nothing runs. */
  @Test
  void thePageNeedsNothingButItself() throws IOException {
    String html = Files.readString(trained.resolve("report.html"));
    assertFalse(html.contains("<script") || html.contains("href"), "a script or a link");
    assertFalse(html.contains("@import") || html.contains("url("), "a style from elsewhere");
    Matcher sources = Pattern.compile("src(?:set)?=\"([^\"]{5})").matcher(html);
    int found = 0;
    while (sources.find()) {
      assertEquals("data:", sources.group(1));
      found++;
    }
    assertTrue(found > 10, found + " pictures");
  }

  @Test
  void aRunThatGoesOnHasAPageToo() throws IOException {
    Path run = Files.createDirectories(folder.resolve("begun"));
    Files.copy(trained.resolve("config.json"), run.resolve("config.json"));
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"stage\":\"behaviour\",\"step\":100,\"loss\":1}\n{\"st");
    Path out = folder.resolve("begun.html");
    Cli.Outcome outcome = Cli.run("report", run.toString(), "--out=" + out);
    assertEquals("", outcome.err());
    assertEquals(out + System.lineSeparator(), outcome.out());
    String html = Files.readString(out);
    assertTrue(html.contains("Not evaluated yet: qgpo evaluate --run " + run));
    assertTrue(html.contains("Behaviour: denoising loss"));
    assertFalse(html.contains("Critic: squared"));
  }

  /** Its first line of metrics comes after a hundred steps. */
  @Test
  void aRunThatHasJustBegunHasOneToo() throws IOException {
    Path run = Files.createDirectories(folder.resolve("just begun"));
    Files.copy(trained.resolve("config.json"), run.resolve("config.json"));
    Cli.Outcome outcome = Cli.run("report", run.toString());
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(Files.readString(run.resolve("report.html")).contains("Settings"));
  }

  @Test
  void aFolderWithoutARunIsRefused() {
    Cli.Outcome outcome = Cli.run("report", folder.resolve("none").toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().startsWith("qgpo: The folder " + folder), outcome.err());
    assertEquals(1, outcome.err().lines().count());
  }
}
