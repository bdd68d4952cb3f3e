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
    assertTrue(
        text.matches(
            "(?s).*\\Renergy.beta=3-seed1 +trained +[-0-9.]+ \\+- [0-9.]+\\R"
                + ".*guidance +energy.beta=1 +energy.beta=3.*"),
        text);
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
    String stop = PackagedProgram.text(log);
    assertTrue(
        stop.matches("(?s).*Stopped; \\d runs? ha(s|ve) saved. Go on with the same command.\\R"),
        stop);
    String text = run(sweep(stopped, longer));
    assertTrue(text.contains(": goes on"), text);
    for (String run : runs(whole)) {
      PackagedProgram.assertSame(whole.resolve(run), stopped.resolve(run));
    }
  }

  /** The others are trained and compared, by their losses where there is no environment. */
  @Test
  void aRunThatFailsIsNamedAmongTheOthersWithWhatItSaid() throws Exception {
    Path out = Files.createDirectory(folder.resolve("failed"));
    Files.writeString(out.resolve("seed1"), "no folder");
    List<String> arguments =
        new ArrayList<>(List.of("sweep", "--backend=scalar", "--out=" + out, "--seeds=0,1", "--"));
    Stream.of(TinyRun.arguments(out, "--set=behaviour.steps=6"))
        .skip(1) // train
        .filter(argument -> !argument.matches("--(out|backend)=.*"))
        .forEach(arguments::add);
    Path log = folder.resolve("failed.log");
    int code = PackagedProgram.start(arguments, log).waitFor();
    assertEquals(Main.USAGE_ERROR, code);
    String text = PackagedProgram.text(log);
    assertTrue(text.matches("(?s).*\\Rseed0 +trained +-\\Rseed1 +failed +-\\R.*"), text);
    assertTrue(
        text.contains(
            "seed1: ended with code 2; see %s: qgpo: Could not create the run folder"
                .formatted(out.resolve("seed1.log"))),
        text);
    assertTrue(text.contains("Losses with bands over seeds are in"), text);
    assertTrue(text.contains("qgpo: 1 of 2 runs failed; "), text);
    assertTrue(Files.size(out.resolve("compare.html")) > 1000);
  }
}
