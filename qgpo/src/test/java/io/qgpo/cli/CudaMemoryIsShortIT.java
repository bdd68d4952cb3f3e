package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.Emulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What commands say where a device has too little memory for them. */
// Of a JVM there is one emulator, and classes of tests run two at a time.
@ResourceLock("emulator")
class CudaMemoryIsShortIT {
  @TempDir Path folder;
  private Emulator emulator;

  @BeforeEach
  void open() {
    emulator = Emulator.install();
    emulator.idle(true);
  }

  @AfterEach
  void close() {
    if (emulator != null) { // else g++ is missing
      emulator.idle(false);
    }
  }

  private Cli.Outcome train(String name, String backend, int width) {
    return Cli.run(
        "train",
        "--env=pointmaze",
        "--out=" + folder.resolve(name),
        "--backend=" + backend,
        "--set=score.width=" + width,
        "--set=behaviour.steps=1",
        "--set=behaviour.batchSize=2",
        "--set=support.candidates=2",
        "--set=support.evaluations=1",
        "--set=critic.steps=1",
        "--set=critic.batchSize=2",
        "--set=critic.hidden=16",
        "--set=energy.steps=1",
        "--set=energy.hidden=16",
        "--set=evaluation.everySteps=0",
        "--set=evaluation.episodes=1",
        "--set=evaluation.guidanceScales=0",
        "--set=evaluation.cloningSteps=1");
  }

  @Test
  void drawingActionsSaysWhatItNeedsAndWhatWouldFit() throws Exception {
    Cli.Outcome trained = train("run", "scalar", 32);
    assertEquals(Main.OK, trained.code(), trained.err());
    Path states = folder.resolve("states.csv");
    Files.writeString(states, "1,2,0,0\n".repeat(1024));
    emulator.memory(6);
    Cli.Outcome outcome = sample(states, 4);
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
    assertTrue(outcome.err().contains("asked for "), outcome.err());
    Matcher told =
        Pattern.compile(
                "4 actions for each of 1024 states at once, .* need about (\\d+) bytes, those for"
                    + " about (\\d+) would fit")
            .matcher(outcome.err());
    assertTrue(told.find(), outcome.err());
    assertTrue(Long.parseLong(told.group(1)) > 6 << 20, outcome.err());
    int fit = Integer.parseInt(told.group(2));
    Files.writeString(states, "1,2,0,0\n".repeat(fit));
    outcome = sample(states, 4);
    assertEquals(Main.OK, outcome.code(), outcome.err());

    Files.writeString(states, "1,2,0,0\n");
    outcome = sample(states, 4096);
    String none = "4096 actions for each of 1 states at once, with the networks, need about ";
    assertTrue(outcome.err().contains(none), outcome.err());
    assertTrue(outcome.err().contains("those for one state do not fit"), outcome.err());
  }

  private Cli.Outcome sample(Path states, int perState) {
    return Cli.run(
        "sample",
        "--run=" + folder.resolve("run"),
        "--states=" + states,
        "--per-state=" + perState,
        "--backend=cuda");
  }

  @Test
  void aTrainingThatCannotBeginSaysSo() {
    emulator.memory(2);
    Cli.Outcome outcome = train("none", "cuda", 256);
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("data and networks themselves do not fit"), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
  }
}
