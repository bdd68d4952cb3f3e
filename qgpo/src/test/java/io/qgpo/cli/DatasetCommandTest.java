package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.io.DatasetConversion;
import io.qgpo.data.io.FileFormat;
import io.qgpo.env.maze2d.Maze2d;
import io.qgpo.env.maze2d.Maze2dData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetCommandTest {
  @TempDir Path folder;

  private static Cli.Outcome ok(String... args) {
    Cli.Outcome outcome = Cli.run(args);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    return outcome;
  }

  private static String info(Path file) {
    return ok("dataset", "info", file.toString()).out().replaceAll("(?m)^(source|sha-256) .*$", "");
  }

  @Test
  void infoAndConvertTakeEveryFormat() {
    Path in = TinyRun.data();
    String expected = info(in);
    List<String> made = new ArrayList<>(List.of("a.hdf5", "b.npz", "c.csv"));
    for (String name : made) {
      Path out = folder.resolve(name);
      assertEquals(
          out + ": 60 rows, observation 3, action 2, infos/qpos\n",
          ok("dataset", "convert", in.toString(), out.toString()).out());
      assertEquals(expected, info(out));
    }
    Path minari = folder.resolve("d");
    ok("dataset", "convert", in.toString(), minari.toString(), "--to", "minari");
    assertEquals(expected, info(minari));
    Path back = folder.resolve("e.h5");
    ok("dataset", "convert", minari.toString(), back.toString(), "--to=d4rl");
    assertEquals(expected, info(back));
  }

  @Test
  void checkDynamicsReplaysARecording() {
    Path file = folder.resolve("maze.hdf5");
    DatasetConversion.write(
        Maze2dData.rows(Maze2d.UMAZE, 300, 1), file, FileFormat.D4RL, 300, false);
    String[] lines =
        ok("dataset", "check-dynamics", file.toString(), "--env=maze2d-umaze", "--rows=200")
            .out()
            .split("\\R");
    assertTrue(lines[0].startsWith("environment  maze2d-umaze {"), lines[0]);
    assertEquals("steps        200", lines[1]);
    assertTrue(lines[2].contains("above 1e-6: 0 of "), lines[2]);
    assertEquals(
        "reward       error 0 on average, 0 at most (row 0); above 1e-6: 0 of 200, above 1e-3: 0",
        lines[3].replace("0.0", "0"));
    assertEquals("ends         0 differ", lines[4]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| --env: expected the environment to compare with, found none.",
        "--env=pointmaze | --env: expected an environment whose positions and velocities can be"
            + " set, found pointmaze.",
        "--env=maze2d-umaze --rows=0 | --rows: expected at least 1, found 0.",
      })
  void checkDynamicsRefuses(String more, String message) {
    Path file = folder.resolve("maze.hdf5");
    DatasetConversion.write(
        Maze2dData.rows(Maze2d.UMAZE, 30, 1), file, FileFormat.D4RL, 300, false);
    List<String> args = new ArrayList<>(List.of("dataset", "check-dynamics", file.toString()));
    args.addAll(more == null ? List.of() : List.of(more.split(" ")));
    Cli.Outcome outcome = Cli.run(args.toArray(String[]::new));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
  }

  @Test
  void checkDynamicsNeedsTheRecordedState() {
    Cli.Outcome outcome =
        Cli.run("dataset", "check-dynamics", TinyRun.data().toString(), "--env=maze2d-umaze");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("'infos/qvel'"), outcome.err());
    assertEquals(1, outcome.err().lines().count());
  }

  @Test
  void convertReplacesOnlyWhenForced() {
    String in = TinyRun.data().toString();
    String out = folder.resolve("a.npz").toString();
    ok("dataset", "convert", in, out);
    Cli.Outcome outcome = Cli.run("dataset", "convert", in, out);
    assertEquals(
        "qgpo: a.npz: expected no data there yet (--force replaces them), found some."
            + System.lineSeparator(),
        outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    ok("dataset", "convert", in, out, "--force");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "convert none.npz out | OUT: expected a name that ends in .hdf5, .h5, .npz or .csv, or"
            + " --to, found 'out'.",
        "convert none.npz out --to=mat | --to: expected one of d4rl, minari, npz, csv, found"
            + " 'mat'.",
        "convert none.npz out.csv | none.npz: expected a file or folder of data, found none at"
            + " @none.npz.",
        "convert none.npz out.csv --columns reward=r | --columns: columns: expected observations,"
            + " actions, rewards, terminals, timeouts, next_observations, infos/NAME or ignore,"
            + " found 'reward'.",
        "info none.npz --columns actions | Value for option option '--columns' (KEY=NAMES) should"
            + " be in KEY=VALUE format but was actions; see 'qgpo dataset info --help'.",
        "info minari:none/at-all-v0 | at-all-v0: expected a file or folder of data, found none at"
            + " ~/.minari/datasets/none/at-all-v0.",
      })
  void faultsAreOneSentence(String args, String message) {
    Cli.Outcome outcome = Cli.run(("dataset " + args).split(" "));
    String expected =
        message
            .replace("at @", "at " + Path.of("").toAbsolutePath() + "/")
            .replace("at ~", "at " + System.getProperty("user.home"));
    assertEquals("qgpo: " + expected + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals("", outcome.out());
    assertFalse(Files.exists(Path.of("out.csv")));
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path out = folder.resolve("missing").resolve("a.csv");
    Cli.Outcome outcome = Cli.run("dataset", "convert", TinyRun.data().toString(), out.toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("the folder " + out.getParent()), outcome.err());
  }

  /** The names of the columns are part of the run: going on needs no --columns. */
  @Test
  void trainsFromCsvWithOwnNames() throws IOException {
    Path csv = folder.resolve("own.csv");
    ok("dataset", "convert", TinyRun.data().toString(), csv.toString());
    String text = Files.readString(csv);
    String renamed =
        text.replaceFirst("s0,s1,s2", "x,y,z")
            .replaceFirst("reward", "r")
            .replaceFirst("infos/qpos\\[0\\]", "time");
    Files.writeString(csv, renamed);
    Path run = folder.resolve("run");
    List<String> args = new ArrayList<>(List.of(TinyRun.arguments(run)));
    args.replaceAll(arg -> arg.startsWith("--data=") ? "--data=" + csv : arg);
    args.addAll(
        List.of(
            "--columns=observations=x,y,z",
            "--columns=rewards=r",
            "--columns=ignore=time,infos/qpos[1]"));
    Cli.Outcome outcome = Cli.run(args.toArray(String[]::new));
    assertEquals(Main.OK, outcome.code(), outcome.err());
    Cli.Outcome resumed = Cli.run("train", "--backend=scalar", "--resume=" + run);
    assertEquals(Main.OK, resumed.code(), resumed.err());
  }

  @Test
  void columnsWithoutDataAreRefused() {
    Cli.Outcome outcome = Cli.run("train", "--columns=rewards=r");
    assertEquals(
        "qgpo: --columns: expected together with --data, found alone." + System.lineSeparator(),
        outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
  }
}
