package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SampleCommandTest {
  private static final String HEADER = "state,sample,action0,action1";

  @TempDir static Path folder;
  private static Path trained;

  @BeforeAll
  static void train() {
    trained = folder.resolve("run");
    TinyRun.train(trained);
  }

  private static Cli.Outcome run(String input, String... args) {
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    CommandLine commandLine =
        new CommandLine(new QgpoCommand()).addSubcommand(new SampleCommand(in));
    return Cli.run(Main.configure(commandLine), args);
  }

  /** The lines that a good run prints. */
  private static List<String> lines(String input, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = "sample";
    args[1] = "--backend=scalar";
    args[2] = "--run=" + trained;
    System.arraycopy(more, 0, args, 3, more.length);
    Cli.Outcome outcome = run(input, args);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    return outcome.out().lines().toList();
  }

  @Test
  void statesInActionsOut() {
    List<String> lines = lines("x,y,z\n1,2,3\n4,5,6\n");
    assertEquals(3, lines.size());
    assertEquals(HEADER, lines.getFirst());
    for (int state = 0; state < 2; state++) {
      String[] fields = lines.get(state + 1).split(",");
      assertEquals(state + ",0", fields[0] + "," + fields[1]);
      for (int i = 2; i < 4; i++) {
        float action = Float.parseFloat(fields[i]);
        assertTrue(action >= -1 && action <= 1, "within the data's bounds: " + action);
      }
    }
  }

  @Test
  void severalActionsAStateFromAFile() throws IOException {
    Path states = folder.resolve("states.csv");
    Files.writeString(states, "1,2,3\n4,5,6\n");
    List<String> lines = lines("", "--states=" + states, "--per-state=3");
    assertEquals(
        List.of("0,0", "0,1", "0,2", "1,0", "1,1", "1,2"),
        lines.stream().skip(1).map(line -> line.replaceFirst("(\\d+,\\d+),.*", "$1")).toList());
    assertEquals(7, lines.stream().distinct().count(), "every sample has noise of its own");
  }

  /** Over 16 actions, as a model of so few updates puts many of them on the bounds. */
  @Test
  void seedAndGuidanceDecideTheActions() {
    List<String> first = lines("1,2,3\n", "--per-state=16");
    assertEquals(first, lines("1,2,3\n", "--per-state=16"));
    assertEquals(first, lines("1,2,3\n", "--per-state=16", "--seed=0", "--guidance=1"));
    assertNotEquals(first, lines("1,2,3\n", "--per-state=16", "--seed=1"));
    assertNotEquals(first, lines("1,2,3\n", "--per-state=16", "--guidance=0"));
  }

  @Test
  void manyStatesComeInBatches() {
    String states =
        IntStream.range(0, 2100).mapToObj(i -> i + ",0,1").collect(Collectors.joining("\n"));
    List<String> lines = lines(states, "--per-state=2", "--guidance=0");
    assertEquals(1 + 2 * 2100, lines.size());
    assertTrue(lines.get(1 + 2 * 2048 + 1).startsWith("2048,1,"), lines.get(1 + 2 * 2048 + 1));
    assertTrue(lines.getLast().startsWith("2099,1,"), lines.getLast());
  }

  @Test
  void noStatesNoActions() {
    assertEquals(List.of(HEADER), lines(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Missing required option: '--run=DIR'; see 'qgpo sample --help'.",
        "--run x --guidance -1 | --guidance: expected a number from 0 to 1000, found -1.0.",
        "--run x --guidance NaN | --guidance: expected a number from 0 to 1000, found NaN.",
        "--run x --guidance w | Invalid value for option '--guidance': 'w' is not a double; see"
            + " 'qgpo sample --help'.",
        "--run x --per-state 0 | --per-state: expected a whole number from 1 to 4096, found 0.",
        "--run x --per-state 4097 | --per-state: expected a whole number from 1 to 4096, found"
            + " 4097.",
        "--run x --seed -1 | setting 'seed': expected a whole number from 0 to"
            + " 9223372036854775807, found '-1'.",
        "--run x --states none.csv | none.csv: expected a CSV file of states, found no file.",
      })
  void wrongOptions(String args, String message) {
    Cli.Outcome outcome = run("1,2,3\n", ("sample " + args).strip().split(" "));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals("", outcome.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,3;4,x,6 | standard input, line 2, column 2: expected a finite number, found 'x'.",
        "1,2 | standard input, line 1: expected 3 numbers separated by commas, found 2.",
      })
  void faultsInTheStatesAreNamed(String states, String message) {
    Cli.Outcome outcome = run(states.replace(';', '\n'), "sample", "--run=" + trained);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().endsWith("qgpo: " + message + System.lineSeparator()), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void foldersOfTheWrongKindAreNamed() {
    Cli.Outcome outcome = run("", "sample", "--run=" + trained, "--states=" + folder);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(folder + " cannot be read: "), outcome.err());

    outcome = run("", "sample", "--run=" + folder);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(folder + " holds no run"), outcome.err());
  }
}
