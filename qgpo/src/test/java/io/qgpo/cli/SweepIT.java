package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(240)
class SweepIT {
  @TempDir Path folder;

  /** Of the point maze, a second each. */
  private List<String> sweep(Path out, String... more) {
    List<String> arguments = new ArrayList<>(List.of("sweep", "--backend=scalar", "--out=" + out));
    arguments.addAll(List.of(more));
    arguments.add("--");
    Stream.of(TinyRun.mazeArguments(folder))
        .skip(1) // train
        .filter(argument -> !argument.matches("--(out|backend)=.*"))
        .forEach(arguments::add);
    return arguments;
  }

  private String run(List<String> arguments) throws Exception {
    Path log = folder.resolve("sweep.log");
    PackagedProgram.run(arguments, log);
    return PackagedProgram.text(log);
  }

  @Test
  void everySeedWithEveryValueThenNothingIsLeftToDo() throws Exception {
    Path out = folder.resolve("sweep");
    List<String> arguments = sweep(out, "--seeds=0,1", "--vary=energy.beta=1,3");
    String text = run(arguments);
    assertEquals(
        List.of(
            "energy.beta=1-seed0",
            "energy.beta=1-seed1",
            "energy.beta=3-seed0",
            "energy.beta=3-seed1"),
        runs(out));
    assertTrue(
        Files.readString(out.resolve("energy.beta=3-seed1/config.json")).contains("\"beta\" : 3"));
    assertTrue(text.contains("energy.beta=3-seed1: trained"), text);
    assertTrue(text.matches("(?s).*guidance +energy.beta=1 +energy.beta=3.*"), text);
    assertTrue(Files.size(out.resolve("compare.html")) > 1000);

    String again = run(arguments);
    assertEquals(4, again.split(": is trained already", -1).length - 1, again);
  }

  private static List<String> runs(Path out) throws IOException {
    try (Stream<Path> folders = Files.list(out)) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The runs are those of a sweep that was never stopped, bit by bit. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "kill sends the signal")
  void stoppedItGoesOn() throws Exception {
    Path whole = folder.resolve("whole");
    Path stopped = folder.resolve("stopped");
    String[] longer = {"--seeds=0,1", "--vary=behaviour.steps=120"};
    run(sweep(whole, longer));
    Path log = folder.resolve("stopped.log");
    Process process = PackagedProgram.start(sweep(stopped, longer), log);
    Path first = stopped.resolve("behaviour.steps=120-seed0/metrics.jsonl");
    while (process.isAlive() && !(Files.exists(first) && Files.size(first) > 0)) {
      Thread.sleep(10);
    }
    process.destroy();
    process.waitFor();
    String text = run(sweep(stopped, longer));
    assertTrue(text.contains(": goes on"), text);
    for (String run : runs(whole)) {
      PackagedProgram.assertSame(whole.resolve(run), stopped.resolve(run));
    }
  }

  @Test
  void aRunThatFailsIsNamedWithWhatItSaid() throws Exception {
    Path log = folder.resolve("failed.log");
    List<String> arguments = sweep(folder.resolve("failed"), "--vary=energy.bta=1");
    int code = PackagedProgram.start(arguments, log).waitFor();
    assertEquals(Main.USAGE_ERROR, code);
    String text = PackagedProgram.text(log);
    assertTrue(text.contains("1 of 1 runs did not end well"), text);
    assertTrue(text.contains("energy.bta"), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--vary=energy.beta | --vary: expected KEY=VALUE,VALUE,...",
        "--parallel=0 | --parallel: expected 1 or more, found 0",
        "--seeds=x | seed",
        "--vary=critic.steps=1,2,3,4,5,6,7,8,9,10,11 --seeds=SEEDS | expected at most 1000 runs",
        "-- --seed=3 | --seed: sweep gives each run its own",
      })
  void wrongArgumentsAreOneSentence(String arguments, String message) {
    String hundred =
        String.join(",", Stream.iterate(0, i -> i + 1).limit(100).map(String::valueOf).toList());
    List<String> command = new ArrayList<>(List.of("sweep", "--out=" + folder.resolve("no")));
    command.addAll(List.of(arguments.replace("SEEDS", hundred).split(" ")));
    Cli.Outcome outcome = Cli.run(command.toArray(String[]::new));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(message), outcome.err());
  }
}
