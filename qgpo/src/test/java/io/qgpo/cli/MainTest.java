package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.ProgramVersion;
import io.qgpo.tensor.DeviceException;
import io.qgpo.tensor.DeviceMemoryException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  @TempDir Path folder;

  /** Every fault of the user: exit code 2, nothing on standard output, one exact line on error. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "confg | command 'confg' does not exist; did you mean 'config'?",
        "dataset inf | command 'inf' does not exist; did you mean 'info'?",
        "config --sett a=1 | option '--sett' does not exist; did you mean '--set'?",
        "config --prset=quick | option '--prset' does not exist; did you mean '--preset'?",
        "--versio | option '--versio' does not exist; did you mean '--version'?",
        "config extra | unexpected argument 'extra'; see 'qgpo config --help'.",
        "config --preset | Missing required parameter for option '--preset' (NAME); see"
            + " 'qgpo config --help'.",
        "config --preset --seed 1 | Expected parameter for option '--preset' but found '--seed';"
            + " see 'qgpo config --help'.",
        "config --seed 1 --seed 2 | option '--seed' (N) should be specified only once; see"
            + " 'qgpo config --help'.",
        "config --preset qick | preset 'qick' does not exist; did you mean 'quick'? There are"
            + " paper, paper-antmaze, di-engine, quick, demo.",
        "config --set energy.bta=3 | setting 'energy.bta' does not exist; did you mean"
            + " 'energy.beta'?",
        "config --set critic.tau=2 | setting 'critic.tau': expected a number above 0 to 1 (per"
            + " update), found '2'.",
        "config --set critic.tau= | setting 'critic.tau': expected a number above 0 to 1 (per"
            + " update), found ''.",
        "config --set critic.tau | --set: expected KEY=VALUE, as in --set energy.beta=10, found"
            + " 'critic.tau'.",
        "config --seed -1 | setting 'seed': expected a whole number from 0 to 9223372036854775807,"
            + " found '-1'.",
        "config --config none.json | none.json: expected a JSON file of settings, found no file.",
        "dataset info | Missing required parameter: 'FILE'; see 'qgpo dataset info --help'.",
        "dataset info none.hdf5 | none.hdf5: expected a file or folder of data, found none at"
            + " @none.hdf5.",
        "dataset info none.hdf5 --max-episode-steps 0 | setting 'data.maxEpisodeSteps': expected a"
            + " whole number from 1 to 1000000000 (steps), found 0.",
        "doctor --threads 0 | --threads: expected a whole number from 1 to 4096, found 0.",
        "doctor --threads two | Invalid value for option '--threads': 'two' is not an int; see"
            + " 'qgpo doctor --help'.",
        "config @file | unexpected argument '@file'; see 'qgpo config --help'.",
      })
  void usersFaultsAreOneSentence(String args, String message) {
    Cli.Outcome outcome = Cli.run(args.split(" "));
    String here = Path.of("").toAbsolutePath() + File.separator;
    assertEquals(
        "qgpo: " + message.replace("at @", "at " + here) + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals("", outcome.out());
  }

  @Test
  void unknownBackendNamesThoseThatExist() {
    Cli.Outcome outcome = Cli.run("--backend", "abacus", "doctor");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(
        outcome.err().matches("qgpo: --backend: expected one of auto,.*scalar.*'abacus'\\.\\R"),
        outcome.err());
    Cli.Outcome near = Cli.run("--backend", "smd", "doctor");
    assertEquals(Main.USAGE_ERROR, near.code());
    assertTrue(near.err().endsWith("found 'smd'; did you mean 'simd'?" + System.lineSeparator()));
  }

  @Test
  void anEmptyDatasetIsAFaultOfTheUser() throws IOException {
    Path file = Files.createFile(folder.resolve("empty.hdf5"));
    Cli.Outcome outcome = Cli.run("dataset", "info", file.toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().contains("empty.hdf5"), outcome.err());
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    Cli.Outcome alone = Cli.run();
    assertEquals(new Cli.Outcome(Main.OK, alone.out(), ""), alone);
    assertTrue(alone.out().startsWith("Usage: qgpo "), alone.out());
    assertEquals(alone, Cli.run("--help"));

    Cli.Outcome dataset = Cli.run("dataset");
    assertEquals(Main.OK, dataset.code());
    assertTrue(dataset.out().startsWith("Usage: qgpo dataset "), dataset.out());

    Cli.Outcome version = Cli.run("--version");
    assertEquals(Main.OK, version.code());
    assertTrue(version.out().startsWith("qgpo " + ProgramVersion.text()), version.out());
  }

  @Test
  void helpOfACommandIsTheSameEitherWay() {
    Cli.Outcome outcome = Cli.run("help", "export");
    assertEquals(Main.OK, outcome.code());
    assertEquals(Cli.run("export", "--help").out(), outcome.out());
    assertEquals(
        Cli.run("dataset", "info", "--help").out(), Cli.run("help", "dataset", "info").out());
    assertEquals(Cli.run("--help").out(), Cli.run("help").out());
  }

  @Test
  void helpShowsPagesOfTheManual() {
    Cli.Outcome outcome = Cli.run("help", "files");
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.out().startsWith("NAME\n    files - "), outcome.out());
    assertTrue(outcome.out().contains("\nTHE FOLDER OF A RUN\n"), outcome.out());
    assertTrue(Cli.run("--help").out().contains("  files            data to learn from"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "help exprt | 'exprt'; did you mean 'export'?",
        "help trubleshooting | 'trubleshooting'; did you mean 'troubleshooting'?",
        "help dataset inf | 'dataset inf'; 'qgpo help' lists both.",
        "help weather | 'weather'; 'qgpo help' lists both.",
      })
  void helpOfWhatIsNotThereIsAFaultOfTheUser(String args, String message) {
    Cli.Outcome outcome = Cli.run(args.split(" "));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals(
        "qgpo: help: there is no command and no page " + message + System.lineSeparator(),
        outcome.err());
  }

  /** Examples that a change of options leaves behind would mislead. */
  @Test
  void everyCommandHasExamplesThatParse() {
    assertExamplesParse(Main.commandLine());
  }

  private static void assertExamplesParse(CommandLine parent) {
    for (CommandLine command : parent.getSubcommands().values()) {
      String name = command.getCommandSpec().qualifiedName();
      List<String> examples =
          Arrays.stream(command.getCommandSpec().usageMessage().footer())
              .filter(line -> line.startsWith("  " + name))
              .map(line -> line.strip().replaceFirst("^qgpo ", "").replaceFirst(" [<>] .*", ""))
              .toList();
      assertFalse(examples.isEmpty(), name);
      for (String example : examples) {
        Main.commandLine().parseArgs(example.split(" "));
      }
      assertExamplesParse(command);
    }
  }

  /** As a shell asks: the script's function fills COMPREPLY. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "bash")
  void bashCompletesCommandsAndOptions() throws Exception {
    Path script = folder.resolve("completion.sh");
    Cli.Outcome outcome = Cli.run("completion");
    assertEquals(Main.OK, outcome.code(), outcome.err());
    Files.writeString(script, outcome.out());
    assertEquals("export", complete(script, "expo"));
    assertEquals("--format", complete(script, "export", "--fo"));
    assertEquals("troubleshooting", complete(script, "help", "tro"));
  }

  private static String complete(Path script, String... words) throws Exception {
    String asked =
        "source %s; compopt() { :; }; COMP_WORDS=(qgpo %s); COMP_CWORD=%d; _complete_qgpo;"
                .formatted(script, String.join(" ", words), words.length)
            + " echo ${COMPREPLY[@]}";
    Process bash =
        new ProcessBuilder("bash", "-c", asked)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor());
    return answer.strip();
  }

  @Command(name = "break")
  private static final class Break implements Runnable {
    private final Throwable fault;

    Break(Throwable fault) {
      this.fault = fault;
    }

    @Override
    public void run() {
      switch (fault) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(fault);
      }
    }
  }

  private static Cli.Outcome breaking(Throwable fault, String... options) {
    CommandLine commandLine = new CommandLine(new QgpoCommand()).addSubcommand(new Break(fault));
    String[] args = new String[options.length + 1];
    System.arraycopy(options, 0, args, 0, options.length);
    args[options.length] = "break";
    return Cli.run(Main.configure(commandLine), args);
  }

  @Test
  void internalErrorsAreOneSentenceWithoutStackTrace() {
    Cli.Outcome outcome = breaking(new IllegalStateException("gear\n  broken"));
    assertEquals(Main.INTERNAL_ERROR, outcome.code());
    assertEquals(
        "qgpo: internal error, IllegalStateException: gear; broken; --stacktrace shows where."
            + System.lineSeparator(),
        outcome.err());

    outcome = breaking(new StackOverflowError());
    assertEquals(Main.INTERNAL_ERROR, outcome.code());
    assertEquals(
        "qgpo: internal error, StackOverflowError; --stacktrace shows where."
            + System.lineSeparator(),
        outcome.err());
  }

  @Test
  void stackTraceIsShownWhenAskedFor() {
    for (Throwable fault : new Throwable[] {new IllegalStateException("x"), new LinkageError()}) {
      Cli.Outcome outcome = breaking(fault, "--stacktrace");
      assertEquals(Main.INTERNAL_ERROR, outcome.code());
      assertTrue(outcome.err().contains("at " + MainTest.class.getName()), outcome.err());
    }
  }

  @Test
  void outOfMemorySaysWhatToDo() {
    Cli.Outcome outcome = breaking(new OutOfMemoryError("Java heap space"));
    assertEquals(Main.INTERNAL_ERROR, outcome.code());
    assertTrue(
        outcome
            .err()
            .matches(
                "qgpo: out of memory \\(Java heap space\\): the heap is limited to \\d+ MiB; give"
                    + " more with java -Xmx, or use smaller batches\\.\\R"),
        outcome.err());
  }

  @Test
  void aDeviceThatIsTooSmallIsNoInternalError() {
    Cli.Outcome outcome =
        breaking(new DeviceMemoryException("cuMemAlloc", 3, 2, 1).with("a=4 does not fit"));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals(
        "qgpo: the device's memory is short: asked for 3 bytes, free 2, held 1; a=4 does not fit."
            + System.lineSeparator(),
        outcome.err());
  }

  @Test
  void aDeviceThatFailsIsNoInternalError() {
    Cli.Outcome outcome = breaking(new DeviceException("cuInit failed: restart the system", true));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals(
        "qgpo: cuInit failed: restart the system." + System.lineSeparator(), outcome.err());
    outcome = breaking(new DeviceException("cuLaunchKernel failed", false));
    assertEquals(Main.INTERNAL_ERROR, outcome.code());
    assertTrue(outcome.err().contains("internal error, DeviceException"), outcome.err());
  }
}
