package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.RunInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  @TempDir Path folder;

  /** What is printed is to be pasted. */
  @Test
  void aFolderWithASpaceIsQuoted() {
    Path run = folder.resolve("my run");
    Cli.Outcome outcome = Cli.run(TinyRun.arguments(run));
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().contains("qgpo evaluate --run '" + run + "' --env NAME"), outcome.out());
    assertTrue(outcome.out().endsWith("qgpo sample --run '" + run + "'\n"), outcome.out());
  }

  @ParameterizedTest
  @CsvSource({"--out", "--resume"})
  void aFolderWithoutANameIsRefused(String option) {
    Cli.Outcome outcome = Cli.run("train", option + "=");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals(
        "qgpo: " + option + ": expected the path of a folder, found an empty one.\n",
        outcome.err());
  }

  @Test
  void trainsFromAFile() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(TinyRun.arguments(run, "--seed=5"));
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().startsWith("Run " + run + ": seed 5, state 3, action 2, rewards x "),
        outcome.out());
    assertTrue(outcome.out().endsWith("qgpo sample --run " + run + "\n"), outcome.out());
    assertTrue(outcome.err().matches("backend .+: as asked\\R"), outcome.err());

    RunInfo info = RunInfo.read(run.resolve("config.json"));
    assertEquals(5, info.settings().seed());
    assertEquals(200, info.settings().behaviour().steps());
    assertEquals(0.99, info.settings().critic().discount(), "from the preset");
    assertTrue(Files.exists(run.resolve("checkpoints")), "checkpoints");
    String metrics = Files.readString(run.resolve("metrics.jsonl"));
    assertEquals(
        1,
        metrics
            .lines()
            .filter(line -> line.matches(".\"stage\":\"support actions\".*\"dataSd\":.*"))
            .count(),
        metrics);
  }

  /** A finished run has nothing left to do; going on with it changes none of its files. */
  @Test
  void resumesAFinishedRun() throws IOException {
    Path run = folder.resolve("run");
    TinyRun.train(run);
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
    Cli.Outcome outcome = Cli.run("train", "--backend=scalar", "--resume=" + run);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.out().endsWith("qgpo sample --run " + run + "\n"), outcome.out());
    assertTrue(outcome.err().contains("Resuming after 200 behaviour steps and 6 guidance steps."));
    assertEquals(
        new String(metrics, StandardCharsets.UTF_8),
        Files.readString(run.resolve("metrics.jsonl")));
  }

  @Test
  void aFolderThatHoldsARunIsNotOverwritten() {
    Path run = folder.resolve("run");
    TinyRun.train(run);
    Cli.Outcome outcome = Cli.run(TinyRun.arguments(run));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("already holds a run"), outcome.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--env=maze | --env: environment 'maze' does not exist; did you mean 'pointmaze'? 'qgpo"
            + " doctor' lists all.",
        "--env=hopper | --env: only pointmaze and maze2d-* record data of their own; name the data"
            + " of hopper with --data.",
        "--resume=old --env=pointmaze | --resume: a run keeps its data, settings and folder; leave"
            + " out --data, --columns, --env, --env-classpath, --out, --preset, --config, --set and"
            + " --seed.",
        "--resume=old --set=energy.beta=1 | --resume: a run keeps its data, settings and folder;"
            + " leave out --data, --columns, --env, --env-classpath, --out, --preset, --config,"
            + " --set and --seed.",
        "--resume=old --seed=1 | --resume: a run keeps its data, settings and folder; leave out"
            + " --data, --columns, --env, --env-classpath, --out, --preset, --config, --set and"
            + " --seed.",
        "--resume=old --preset=demo | --resume: a run keeps its data, settings and folder; leave"
            + " out --data, --columns, --env, --env-classpath, --out, --preset, --config, --set and"
            + " --seed.",
        "--resume=old --config=x | --resume: a run keeps its data, settings and folder; leave out"
            + " --data, --columns, --env, --env-classpath, --out, --preset, --config, --set and"
            + " --seed.",
        "--resume=old --out=new | --resume: a run keeps its data, settings and folder; leave out"
            + " --data, --columns, --env, --env-classpath, --out, --preset, --config, --set and"
            + " --seed.",
        "--resume=old --data=x | --resume: a run keeps its data, settings and folder; leave out"
            + " --data, --columns, --env, --env-classpath, --out, --preset, --config, --set and"
            + " --seed.",
        "--data=none.hdf5 --set=behaviour.step=1 | setting 'behaviour.step' does not exist; did you"
            + " mean 'behaviour.steps'?",
      })
  void contradictionsAreRefused(String args, String message) {
    Cli.Outcome outcome = Cli.run(("train " + args).split(" "));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals("", outcome.out());
  }

  /** Faults of files come after the line that names the backend, and leave no folder behind. */
  @Test
  void missingFilesAreNamed() {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run("train", "--data", "none.hdf5", "--out", run.toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(
        outcome
            .err()
            .matches("backend .+\\Rqgpo: none.hdf5: expected .+ found none at .+none\\.hdf5\\.\\R"),
        outcome.err());
    assertFalse(Files.exists(run));

    outcome = Cli.run("train", "--resume", run.toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("holds no run to resume"), outcome.err());
  }
}
