package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sweep says before it starts anything. */
class SweepCommandTest {
  @TempDir Path folder;

  private Path out() {
    return folder.resolve("sweep");
  }

  private void assertRefused(String message, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sweep", "--out=" + out()));
    command.addAll(List.of(arguments));
    Cli.Outcome outcome = Cli.run(command.toArray(String[]::new));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--parallel=0 | --parallel: expected 1 or more, found 0.",
        "--vary=energy.bta=1 | --vary: setting 'energy.bta' does not exist; did you mean"
            + " 'energy.beta'?",
        "--backend=scala | --backend: expected one of auto, cuda, simd, scalar, found 'scala'; did"
            + " you mean 'scalar'?",
        "-- --seed=3 | --seed: sweep gives each run its own; leave it out after the --.",
        "-- --out x | --out: sweep gives each run its own; leave it out after the --.",
        "-- --set seed=3 | --set: sweep gives each run its own seed; use --seeds.",
        "-- --threads=1 | --threads: expected before the --, found after it.",
        "-- --help | after the --: expected options of a training, found a request for help; see"
            + " 'qgpo train --help'.",
        "-- --dat=x | after the --: option '--dat' does not exist; did you mean '--data'?",
        "-- train | after the --: unexpected argument 'train'; see 'qgpo train --help'.",
        "-- --set energy.beta=-1 | setting 'energy.beta': expected a number from 0 to 1000, found"
            + " '-1'.",
        "-- --set energy.bta=1 | setting 'energy.bta' does not exist; did you mean 'energy.beta'?",
        "--vary=schedule.betaMin=1,30 | setting 'schedule.betaMin' must be below"
            + " 'schedule.betaMax': found 30 and 20.",
        "-- --env hoper | --env: environment 'hoper' does not exist; did you mean 'hopper'?"
            + " 'qgpo doctor' lists all.",
        "-- --env hopper | --env: only pointmaze and maze2d-* record data of their own; name the"
            + " data of hopper with --data.",
      })
  void wrongOptionsAreOneSentenceBeforeAnythingStarts(String arguments, String message) {
    assertRefused(message, arguments.split(" "));
    assertFalse(Files.exists(out()));
  }

  @Test
  void manyRunsAreATypingError() {
    String seeds = String.join(",", IntStream.range(0, 1001).mapToObj(String::valueOf).toList());
    assertRefused("sweep: expected at most 1000 runs, found more.", "--seeds=" + seeds);
  }

  /** Arguments of {@code train} without what a sweep gives. */
  private static List<String> shared(String... trainArguments) {
    return Stream.of(trainArguments)
        .skip(1) // train
        .filter(argument -> !argument.matches("--(out|backend)=.*"))
        .toList();
  }

  /** These were passed over in silence: the run "is trained already". */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--set=critic.steps=5 | setting 'critic.steps' is 4 there and would be 5",
        "--env=maze2d-umaze | the environment is none there and would be maze2d-umaze",
        "--columns=ignore=x | the data are DATA there and would be DATA with columns {ignore=x}",
      })
  void otherOptionsThanARunBeganWithAreRefused(String option, String difference) {
    Path run = out().resolve("seed0");
    String[] arguments = TinyRun.arguments(run, "--set=behaviour.steps=6");
    assertEquals(Main.OK, Cli.run(arguments).code());
    List<String> command = new ArrayList<>(List.of("--"));
    command.addAll(shared(arguments));
    command.add(option);
    assertRefused(
        "--out: %s holds the run seed0 of other options: %s; choose another folder, or the options it began with."
            .formatted(out(), difference.replace("DATA", TinyRun.data().toString())),
        command.toArray(String[]::new));
  }

  @Test
  void otherDataThanARunBeganWithAreRefused() throws IOException {
    Path run = out().resolve("seed0");
    String[] arguments = TinyRun.arguments(run, "--set=behaviour.steps=6");
    assertEquals(Main.OK, Cli.run(arguments).code());
    Path other = Files.copy(TinyRun.data(), folder.resolve("other.hdf5"));
    List<String> command = new ArrayList<>(List.of("--"));
    shared(arguments).stream()
        .map(argument -> argument.startsWith("--data=") ? "--data=" + other : argument)
        .forEach(command::add);
    assertRefused(
        "--out: %s holds the run seed0 of other options: the data are %s there and would be %s; choose another folder, or the options it began with."
            .formatted(out(), TinyRun.data(), other),
        command.toArray(String[]::new));
  }

  /** However it is written where the data are. */
  @Test
  void aTrainedRunOfTheSameOptionsIsLeftAlone() {
    Path run = out().resolve("seed0");
    String[] arguments = TinyRun.arguments(run, "--set=behaviour.steps=6");
    assertEquals(Main.OK, Cli.run(arguments).code());
    Path data = TinyRun.data();
    Path roundabout = data.resolveSibling(".").resolve(data.getFileName());
    List<String> command = new ArrayList<>(List.of("sweep", "--out=" + out(), "--"));
    shared(arguments).stream()
        .map(argument -> argument.startsWith("--data=") ? "--data=" + roundabout : argument)
        .forEach(command::add);
    Cli.Outcome outcome = Cli.run(command.toArray(String[]::new));
    assertEquals(run + ": is trained already" + System.lineSeparator(), outcome.err());
    assertEquals(Main.OK, outcome.code());
    // without an environment there are no returns; there is a summary all the same
    assertTrue(outcome.out().matches("(?s)run +state +return at 1\\R.*"), outcome.out());
    assertTrue(outcome.out().matches("(?s).*seed0 +trained +-\\R.*"), outcome.out());
    assertTrue(outcome.out().contains("Losses with bands over seeds are in"), outcome.out());
    assertTrue(Files.exists(out().resolve("compare.html")));
  }

  /** It was an internal error. */
  @Test
  void aLogThatCannotBeWrittenIsOneSentence() throws IOException {
    Path log = Files.createDirectories(out().resolve("seed0.log"));
    Cli.Outcome outcome = Cli.run("sweep", "--out=" + out());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.out().matches("(?s).*seed0 +failed +-\\R.*"), outcome.out());
    assertTrue(outcome.out().contains("seed0: could not be started: "), outcome.out());
    assertTrue(outcome.out().contains(log.toString()), outcome.out());
    assertTrue(outcome.err().contains("qgpo: 1 of 1 runs failed; "), outcome.err());
    assertFalse(outcome.err().contains("internal error"), outcome.err());
  }
}
