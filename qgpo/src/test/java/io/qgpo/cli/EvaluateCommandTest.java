package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qgpo.data.Summary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
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
    assertEquals(6, lines.size());
    assertTrue(lines.get(0).startsWith("policy "), lines.get(0));
    assertTrue(lines.get(1).startsWith("guidance 0 (behaviour) "), lines.get(1));
    assertTrue(lines.get(2).startsWith("guidance 1 (exact policy) "), lines.get(2));
    assertTrue(lines.get(3).startsWith("unimodal cloning "), lines.get(3));
    assertTrue(lines.get(4).startsWith("scripted optimum "), lines.get(4));
    assertEquals(
        "environment pointmaze, 4 episodes, seed 0, last checkpoint (step 12); step limit: 50;"
            + " sampler: paper, 10 evaluations; actions: one sample a step, clipped to the data's"
            + " bounds; returns: undiscounted sums of the environment's rewards; qgpo: development"
            + " on scalar",
        lines.get(5));
    assertEquals(lines, trainingOutput.subList(2, 8));
  }

  @Test
  void theOptimumIsGood() {
    String[] fields = evaluate().get(4).trim().split(" +");
    double mean = Double.parseDouble(fields[2]);
    assertTrue(mean > 12 && mean < 17, "about 15: " + mean);
  }

  @Test
  void trainingEvaluatesOnItsWay() throws IOException {
    List<String> lines =
        Files.readAllLines(trained.resolve("metrics.jsonl")).stream()
            .filter(line -> line.contains("\"stage\":\"evaluation\""))
            .map(line -> line.replaceFirst("\"guidance.*", ""))
            .distinct()
            .toList();
    assertEquals(
        List.of(
            evaluationLine(3, "behaviour"),
            evaluationLine(6, "behaviour"),
            evaluationLine(3, "critic and energy"),
            evaluationLine(6, "critic and energy")),
        lines);
  }

  private static String evaluationLine(int step, String stage) {
    return "{\"stage\":\"evaluation\",\"step\":%d,\"of\":\"%s\",".formatted(step, stage);
  }

  @Test
  void theBestOfTheWayIsKeptAndLabelled() {
    List<String> lines = evaluate("--checkpoint=best", "--report=" + folder.resolve("best.json"));
    assertTrue(lines.getLast().contains(", seed 1, best checkpoint (step "), lines.getLast());
    assertTrue(
        lines
            .getLast()
            .contains(
                "; best checkpoint: the highest mean return of any guidance scale when training"
                    + " evaluated every 3 steps, 4 episodes of seed 0;"),
        lines.getLast());
  }

  /** What training found last stays what it was, and no evaluation is lost to another. */
  @Test
  void evaluationsAreKeptApart() throws IOException {
    Path run = folder.resolve("kept");
    assertEquals(Main.OK, Cli.run(TinyRun.mazeArguments(run)).code());
    byte[] trainings = Files.readAllBytes(run.resolve("evaluation.json"));
    String[] evaluate = {"evaluate", "--backend=scalar", "--run=" + run};
    assertEquals(Main.OK, Cli.run(evaluate).code());
    assertEquals(Main.OK, Cli.run(plus(evaluate, "--checkpoint=best")).code());
    assertEquals(List.of("evaluation-best.json", "evaluation.json"), reports(run));
    assertArrayEquals(trainings, Files.readAllBytes(run.resolve("evaluation.json")));

    assertEquals(Main.OK, Cli.run(plus(evaluate, "--episodes=2")).code());
    List<String> names = reports(run);
    assertEquals(3, names.size());
    assertTrue(names.getFirst().matches("evaluation-\\d{8}-\\d{6}\\.json"), names.getFirst());
    assertArrayEquals(trainings, Files.readAllBytes(run.resolve(names.getFirst())));
  }

  private static String[] plus(String[] args, String more) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = more;
    return all;
  }

  private static List<String> reports(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("evaluation"))
          .sorted()
          .toList();
    }
  }

  /** Returns of hours are not to be lost because the data have been moved meanwhile. */
  @Test
  void withoutTheDataCloningIsLeftOut() throws IOException {
    Path data = folder.resolve("moved.hdf5");
    Files.copy(TinyRun.data(), data);
    Path run = folder.resolve("dataless");
    String[] train = TinyRun.arguments(run, "--data=" + data, "--env=" + TinyRun.ENVIRONMENT);
    train =
        Arrays.stream(train)
            .filter(a -> !a.equals("--data=" + TinyRun.data()))
            .toArray(String[]::new);
    assertEquals(Main.OK, Cli.run(train).code());
    Files.move(data, folder.resolve("elsewhere.hdf5"));
    Cli.Outcome outcome = Cli.run("evaluate", "--backend=scalar", "--run=" + run);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("guidance 1 (exact policy) "), outcome.out());
    assertFalse(outcome.out().contains("cloning"), outcome.out());
    assertTrue(
        outcome
            .err()
            .contains("Without unimodal cloning, which needs the run's data: moved.hdf5: "),
        outcome.err());

    Files.copy(TinyRun.data().resolveSibling("float64.hdf5"), data);
    outcome = Cli.run("evaluate", "--backend=scalar", "--run=" + run);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("has changed since the run began"), outcome.err());
  }

  @Test
  void whereNothingCanBeWrittenNothingIsPlayed() {
    for (String option : List.of("--report", "--picture", "--gif")) {
      Cli.Outcome outcome =
          Cli.run("evaluate", "--run=" + trained, option + "=" + folder.resolve("no/file"));
      assertEquals(Main.USAGE_ERROR, outcome.code());
      assertEquals(
          "qgpo: %s: expected a file in a folder that exists, found no folder %s.%n"
              .formatted(option, folder.resolve("no")),
          outcome.err());
      outcome = Cli.run("evaluate", "--run=" + trained, option + "=" + folder);
      assertEquals(
          "qgpo: %s: expected a file, found the folder %s.%n".formatted(option, folder),
          outcome.err());
    }
  }

  @Test
  void norWhereTheRunCannotTakeTheReturns() throws IOException {
    Path run = folder.resolve("closed");
    TinyRun.train(run);
    Path taken = Files.createDirectory(run.resolve("evaluation.json"));
    Cli.Outcome outcome =
        Cli.run("evaluate", "--backend=scalar", "--run=" + run, "--env=" + TinyRun.ENVIRONMENT);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals("", outcome.out(), "nothing is played");
    assertEquals(
        "qgpo: evaluation.json, for which --report names another place: expected a file, found the"
            + " folder "
            + taken
            + ".",
        outcome.err().lines().toList().getLast());
  }

  @Test
  void reportHoldsWhatTheTableShows() throws IOException {
    Path file = folder.resolve("report.json");
    List<String> lines = evaluate("--report=" + file);
    JsonNode report = JsonMapper.builder().build().readTree(file.toFile());
    assertEquals("pointmaze", report.path("env").textValue());
    assertEquals(4, report.path("episodes").intValue());
    assertEquals(0, report.path("seed").intValue());
    assertEquals("last", report.path("checkpoint").textValue());
    assertEquals(12, report.path("step").intValue());
    assertEquals("50", report.path("protocol").path("step limit").textValue());
    JsonNode results = report.path("results");
    assertEquals(4, results.size());
    assertEquals(1, results.get(1).path("guidance").doubleValue());
    assertEquals("scripted optimum", results.get(3).path("policy").textValue());
    for (int i = 0; i < 4; i++) {
      JsonNode result = results.get(i);
      double[] returns = new double[4];
      for (int k = 0; k < 4; k++) {
        returns[k] = result.path("returns").get(k).doubleValue();
      }
      Summary summary = Summary.of(returns);
      assertEquals(summary.mean(), result.path("return_mean").doubleValue());
      assertEquals(summary.sd(), result.path("return_sd").doubleValue());
      String shown = lines.get(i + 1).substring(26).trim().split(" +")[0];
      assertEquals(Double.parseDouble(shown), summary.mean(), 0.051);
      assertTrue(result.path("normalized_mean").isMissingNode());
    }
    assertTrue(Files.isRegularFile(trained.resolve("evaluation.json")), "written by train");
  }

  @Test
  void optionsChangeTheRunsSettings() {
    List<String> lines = evaluate("--episodes=7", "--scales=2.5", "--seed=12");
    assertEquals(5, lines.size());
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

  private static int frames(byte[] gif) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(gif))) {
      reader.setInput(in);
      return reader.getNumImages(true);
    }
  }

  private static byte[] film(String... more) throws IOException {
    Path file = folder.resolve("maze.gif");
    List<String> args = new ArrayList<>(List.of(more));
    args.add("--gif=" + file);
    args.add("--report=" + folder.resolve("film.json"));
    evaluate(args.toArray(String[]::new));
    return Files.readAllBytes(file);
  }

  /** One frame for each step of the first episode, and one for its start. */
  @Test
  void filmsTheFirstEpisode() throws IOException {
    byte[] gif = film("--seed=3");
    JsonNode report = JsonMapper.builder().build().readTree(folder.resolve("film.json").toFile());
    assertEquals(1, report.path("results").get(1).path("guidance").doubleValue());
    assertArrayEquals(gif, film("--seed=3", "--gif-scale=1"), "1 is the default, same bytes");
    assertFalse(Arrays.equals(gif, film("--seed=4")), "another seed");
    assertArrayEquals(
        film("--seed=3", "--scales=0,2.5"), film("--seed=3", "--scales=0,2.5", "--gif-scale=2.5"));
    evaluate("--seed=3", "--episodes=1", "--report=" + folder.resolve("film.json"));
    report = JsonMapper.builder().build().readTree(folder.resolve("film.json").toFile());
    byte[] only = film("--seed=3", "--episodes=1", "--picture=" + folder.resolve("both.svg"));
    int steps = report.path("results").get(1).path("length_mean").intValue();
    assertEquals(1 + steps, frames(only));
    assertTrue(Files.isRegularFile(folder.resolve("both.svg")));
  }

  @Test
  void whatCannotBeFilmedIsRefused() {
    assertEquals(
        "qgpo: --gif-scale: expected one of the scales that are evaluated, [0.0, 1.0], found 2.0.",
        refusal(trained, "--gif-scale=2"));
    Path run = folder.resolve("invisible");
    TinyRun.train(run);
    assertEquals(
        "qgpo: --gif: class:io.qgpo.cli.TinyEnvironment cannot be drawn; have its class implement"
            + " io.qgpo.env.Drawable, or leave the option out.",
        refusal(run, "--env=" + TinyRun.ENVIRONMENT));
  }

  /** The last line of standard error. */
  private static String refusal(Path run, String more) {
    Path gif = folder.resolve("none.gif");
    Cli.Outcome outcome =
        Cli.run("evaluate", "--backend=scalar", "--run=" + run, "--gif=" + gif, more);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals("", outcome.out());
    assertFalse(Files.exists(gif));
    return outcome.err().lines().toList().getLast();
  }

  @Test
  void aRunFromAFileNeedsTheNameOfAnEnvironment() {
    Path run = folder.resolve("file");
    TinyRun.train(run);
    Cli.Outcome outcome = Cli.run("evaluate", "--backend=scalar", "--run=" + run);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(
        outcome.err().endsWith("were recorded in, or draw its actions with 'sample'.\n"),
        outcome.err());

    String[] mine = {
      "evaluate", "--backend=scalar", "--run=" + run, "--env=" + TinyRun.ENVIRONMENT
    };
    outcome = Cli.run(mine);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("environment " + TinyRun.ENVIRONMENT), outcome.out());

    outcome = Cli.run("evaluate", "--backend=scalar", "--run=" + run, "--env=pointmaze");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(
        outcome
            .err()
            .endsWith(
                "The environment pointmaze has states of 4 numbers and actions of 2, the data have"
                    + " 3 and 2: name the environment that the data were recorded in.\n"),
        outcome.err());
  }

  @Test
  void anEnvironmentThatDoesNotFitIsRefusedBeforeTheRunBegins() {
    Path run = folder.resolve("misfit");
    Cli.Outcome outcome = Cli.run(TinyRun.arguments(run, "--env=pointmaze"));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("The environment pointmaze has states of 4"), outcome.err());
    assertFalse(Files.exists(run), "nothing is left behind");
  }

  /** From data to returns: train with data and environment, then evaluate. */
  @Test
  void trainingOnAFileEndsWithReturnsInTheNamedEnvironment() {
    Path run = folder.resolve("named");
    String[] args = TinyRun.arguments(run, "--env=" + TinyRun.ENVIRONMENT);
    Cli.Outcome outcome = Cli.run(args);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("guidance 0 (behaviour) "), outcome.out());
    Cli.Outcome again = Cli.run("evaluate", "--backend=scalar", "--run=" + run);
    assertEquals(Main.OK, again.code(), again.err());
    assertTrue(outcome.out().contains(again.out()), again.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--episodes 1 | --run: expected either it or --policy-in-dataset, found neither.",
        "--run x --policy-in-dataset y | --run: expected either it or --policy-in-dataset, found"
            + " both.",
        "--policy-in-dataset y | --policy-in-dataset: expected --env with the environment to play"
            + " in, found none.",
        "--policy-in-dataset y --scales 1 | --policy-in-dataset: has no scales, checkpoints or"
            + " pictures; leave out --scales, --checkpoint, --picture and --gif.",
        "--run x --episodes 0 | setting 'evaluation.episodes': expected a whole number from 1 to"
            + " 100000 (episodes), found '0'.",
        "--run x --scales 1;2 | setting 'evaluation.guidanceScales': expected 1 to 100 numbers"
            + " separated by commas, each from 0 to 1000, found '1;2'.",
        "--run x --checkpoint 3 | --checkpoint: expected last or best, found '3'.",
        "--run x --env hoper | --env: environment 'hoper' does not exist; did you mean 'hopper'?"
            + " 'qgpo doctor' lists all.",
        "--run x --env-classpath y | --env-classpath: expected together with --env, found alone.",
        "--run x --gif-scale 1 | --gif-scale: expected together with --gif, found alone.",
        "--run x --gif-scale y | Invalid value for option '--gif-scale': 'y' is not a double; see"
            + " 'qgpo evaluate --help'.",
        "--run x --seed y | setting 'seed': expected a whole number from 0 to 9223372036854775807,"
            + " found 'y'.",
      })
  void faultsAreRefusedBeforeAnythingStarts(String args, String message) {
    Cli.Outcome outcome = Cli.run(("evaluate " + args).split(" "));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
  }
}
