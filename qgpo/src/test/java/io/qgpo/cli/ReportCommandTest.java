package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
          "Mean return of the behaviour while it is trained",
          "Mean return while critic and energy are trained, by guidance scale",
          "The first episode of guidance 1 (exact policy), in real time",
          "<td>data</td><td class=\"text\">20000 rows recorded in pointmaze, seed 0</td>",
          "<td>states</td><td class=\"text\">20001</td>",
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

  private static Path copy(String name, String... files) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    for (String file : files) {
      Files.copy(trained.resolve(file), run.resolve(file));
    }
    return run;
  }

  private static String report(Path run) throws IOException {
    Cli.Outcome outcome = Cli.run("report", run.toString());
    assertEquals(Main.OK, outcome.code(), outcome.err());
    return Files.readString(run.resolve("report.html"));
  }

  @Test
  void lostAndShortenedMetricsAreSaid() throws IOException {
    Path run = copy("lost", "config.json", "timings.json", "evaluation.json");
    String timings = Files.readString(run.resolve("timings.json"));
    Files.writeString(
        run.resolve("timings.json"), timings.replaceAll("\"steps\" : 6\\b", "\"steps\" : 600"));
    String lost = report(run);
    assertTrue(
        lost.contains(
            "metrics.jsonl is lost or was shortened: 600 steps of behaviour were taken, it tells of"
                + " 0."),
        lost);
    assertTrue(lost.contains("600 steps of critic and energy were taken"), lost);
    assertTrue(lost.contains("Mean return against guidance scale"), lost);
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"stage\":\"behaviour\",\"step\":500,\"loss\":1}\n{\"st");
    assertTrue(report(run).contains("600 steps of behaviour were taken, it tells of 500."));
    assertFalse(Files.readString(trained.resolve("report.html")).contains("shortened"));
  }

  @Test
  void scoresAreAColumnWhereThereAreSome() throws IOException {
    Path run = copy("scored", "config.json", "evaluation.json");
    assertFalse(report(run).contains("<th>score</th>"));
    Path file = run.resolve("evaluation.json");
    String plain = Files.readString(file);
    Files.writeString(
        file, plain.replaceFirst("\"return_mean\"", "\"normalized_mean\" : 7.5, \"return_mean\""));
    String html = report(run);
    assertTrue(html.contains("<th>score</th>") && html.contains("<td>7.500</td>"), html);
  }

  @Test
  void anEvaluationOfManyEpisodesIsReadBack() throws IOException {
    Path run = copy("many", "config.json", "evaluation.json");
    Path file = run.resolve("evaluation.json");
    String few = Files.readString(file);
    String many = "\"returns\" : [ " + "-12.345678901234567, ".repeat(60_000);
    Files.writeString(file, few.replace("\"returns\" : [ ", many));
    assertTrue(Files.size(file) > 4 << 20, Files.size(file) + " bytes");
    assertTrue(report(run).contains("guidance 1 (exact policy)"));
    Cli.Outcome compared = Cli.run("compare", "a=" + run);
    assertEquals(Main.OK, compared.code(), compared.err());
  }

  @Test
  void aFilmThatNoPageHoldsIsRefused() throws IOException {
    Path run = copy("long film", "config.json", "evaluation.json");
    try (FileChannel film =
        FileChannel.open(
            run.resolve("rollout.gif"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      film.write(ByteBuffer.allocate(1), 3_000_000_000L); // of which nothing else is on the disk
    }
    Cli.Outcome outcome = Cli.run("report", run.toString());
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("rollout.gif, size: expected at most"), outcome.err());
  }

  /** Of a file beside the run, what is wrong in which; each was an internal error. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "evaluation.json | \"return_mean\" : [^,]* | \"return_mean\" : 1e999 | key 'return_mean'",
        "evaluation.json | \"guidance\" : 0.0 | \"guidance\" : -1e308 | key 'guidance'",
        "evaluation.json | \"return_error\" : [^,]* | \"return_error\" : [] | key 'return_error'",
        "metrics.jsonl | \"shares\":.[^]]*] | \"shares\":[] | key 'shares'",
        "metrics.jsonl | \"low\":[^,]* | \"low\":null | key 'low'",
        "metrics.jsonl | \"step\":3, | \"step\":1e999, | key 'step'",
        "metrics.jsonl | \"dataMean\":.[^]]*] | \"dataMean\":[1] | key 'dataMean'",
        "metrics.jsonl | \"outside\":[^,}]* | \"outside\":2 | key 'outside'",
        "timings.json | \"seconds\" : [^,]* | \"seconds\" : \"1\" | key 'seconds'",
      })
  void damagedFilesAreRefusedInOneSentence(
      String name, String sound, String damaged, String expected) throws IOException {
    Path run = Files.createDirectories(folder.resolve("damaged"));
    for (String each : List.of("config.json", "metrics.jsonl", "timings.json", "evaluation.json")) {
      Files.copy(trained.resolve(each), run.resolve(each), StandardCopyOption.REPLACE_EXISTING);
    }
    Path file = run.resolve(name);
    String text = Files.readString(file);
    String other = text.replaceFirst(sound, damaged);
    assertNotEquals(text, other);
    Files.writeString(file, other);
    Cli.Outcome outcome = Cli.run("report", run.toString(), "--out=" + folder.resolve("d.html"));
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().contains(name) && outcome.err().contains(expected), outcome.err());
  }

  @Test
  void aFolderWithoutARunIsRefused() {
    Cli.Outcome outcome = Cli.run("report", folder.resolve("none").toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().startsWith("qgpo: The folder " + folder), outcome.err());
    assertEquals(1, outcome.err().lines().count());
  }
}
