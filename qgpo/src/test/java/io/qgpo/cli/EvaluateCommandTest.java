package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateCommandTest {
  @TempDir static Path folder;
  private static Path trained;
  private static List<String> trainingOutput;

  @BeforeAll
  static void train() {
    trained = folder.resolve("maze");
    Cli.Outcome outcome = Cli.run(TinyRun.mazeArguments(trained));
    assertEquals(Main.OK, outcome.code(), outcome.err());
    trainingOutput = outcome.out().lines().toList();
  }

  private static List<String> evaluate(String... more) {
    String[] args = new String[more.length + 3];
    args[0] = "evaluate";
    args[1] = "--backend=scalar";
    args[2] = "--run=" + trained;
    System.arraycopy(more, 0, args, 3, more.length);
    Cli.Outcome outcome = Cli.run(args);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    return outcome.out().lines().toList();
  }

  /** The policy read back from the checkpoint plays the same episodes to the same returns. */
  @Test
  void repeatsTheTableOfTheTraining() {
    List<String> lines = evaluate();
    assertEquals(5, lines.size());
    assertTrue(lines.get(0).startsWith("policy "), lines.get(0));
    assertTrue(lines.get(1).startsWith("guidance 0 (behaviour) "), lines.get(1));
    assertTrue(lines.get(2).startsWith("guidance 1 (exact policy) "), lines.get(2));
    assertTrue(lines.get(3).startsWith("unimodal cloning "), lines.get(3));
    assertTrue(lines.get(4).startsWith("scripted optimum "), lines.get(4));
    assertEquals(lines, trainingOutput.subList(2, 7));
  }

  @Test
  void theOptimumIsGood() {
    String[] fields = evaluate().getLast().trim().split(" +");
    double mean = Double.parseDouble(fields[2]);
    assertTrue(mean > 12 && mean < 17, "about 15: " + mean);
  }

  @Test
  void trainingEvaluatesOnItsWay() throws IOException {
    List<String> lines =
        Files.readAllLines(trained.resolve("metrics.jsonl")).stream()
            .filter(line -> line.contains("\"stage\":\"evaluation\""))
            .map(line -> line.replaceFirst("\"return.*", ""))
            .toList();
    assertEquals(
        List.of(
            "{\"stage\":\"evaluation\",\"step\":3,\"guidance\":0.0,",
            "{\"stage\":\"evaluation\",\"step\":3,\"guidance\":1.0,",
            "{\"stage\":\"evaluation\",\"step\":6,\"guidance\":0.0,",
            "{\"stage\":\"evaluation\",\"step\":6,\"guidance\":1.0,"),
        lines);
  }

  @Test
  void optionsChangeTheRunsSettings() {
    List<String> lines = evaluate("--episodes=7", "--scales=2.5", "--seed=12");
    assertEquals(4, lines.size());
    assertTrue(lines.get(1).startsWith("guidance 2.5 "), lines.get(1));
    for (String line : lines.subList(1, 4)) {
      assertTrue(line.endsWith(" 7"), line);
    }
  }

  @Test
  void drawsAPanelForEachPolicy() throws Exception {
    Path picture = folder.resolve("maze.svg");
    evaluate("--picture=" + picture, "--episodes=3");
    var document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
    var titles = document.getElementsByTagName("text");
    assertEquals(4, titles.getLength());
    assertEquals("guidance 0 (behaviour)", titles.item(0).getTextContent());
    assertEquals("scripted optimum", titles.item(3).getTextContent());
    assertEquals(4 * 3, document.getElementsByTagName("path").getLength());
  }

  @Test
  void aRunFromAFileHasNoEnvironment() {
    Path run = folder.resolve("file");
    TinyRun.train(run);
    Cli.Outcome outcome = Cli.run("evaluate", "--backend=scalar", "--run=" + run);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(
        outcome.err().endsWith("to evaluate it in: draw its actions with 'sample'.\n"),
        outcome.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--episodes 1 | Missing required option: '--run=DIR'; see 'qgpo evaluate --help'.",
        "--run x --episodes 0 | setting 'evaluation.episodes': expected a whole number from 1 to"
            + " 100000 (episodes), found '0'.",
        "--run x --scales 1;2 | setting 'evaluation.guidanceScales': expected 1 to 100 numbers"
            + " separated by commas, each from 0 to 1000, found '1;2'.",
        "--run x --seed y | setting 'seed': expected a whole number from 0 to 9223372036854775807,"
            + " found 'y'.",
      })
  void faultsAreRefusedBeforeAnythingStarts(String args, String message) {
    Cli.Outcome outcome = Cli.run(("evaluate " + args).split(" "));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
  }

  @Test
  void tableShowsNumbersOfAnySize() {
    assertEquals(
        """
        policy                     return         sd      error        min        max  episodes
        guidance 0 (behaviour)      2.000      1.414      1.000      1.000      3.000         2
        guidance 2.5                200.0      141.4      100.0      100.0      300.0         2
        other                       -4000      0.000      0.000      -4000      -4000         1
        """,
        new ReturnTable()
            .add(ReturnTable.guided(0), Summary.of(new double[] {1, 3}))
            .add(ReturnTable.guided(2.5), Summary.of(new double[] {100, 300}))
            .add("other", Summary.of(new double[] {-4000}))
            .toText()
            .replace(System.lineSeparator(), "\n"));
  }
}
