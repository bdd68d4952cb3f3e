package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.Emulator;
import java.nio.file.Files;
import java.nio.file.Path;
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
      emulator.memory(640);
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
  void drawingActionsSaysWhatItNeeds() throws Exception {
    Cli.Outcome trained = train("run", "scalar", 32);
    assertEquals(Main.OK, trained.code(), trained.err());
    Path states = folder.resolve("states.csv");
    Files.writeString(states, "1,2,0,0\n");
    emulator.memory(4);
    Cli.Outcome outcome =
        Cli.run(
            "sample",
            "--run=" + folder.resolve("run"),
            "--states=" + states,
            "--per-state=4096",
            "--backend=cuda");
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertTrue(
        outcome
            .err()
            .matches("(?s).*4096 actions for each of 1 states .* need about \\d{7,8} bytes.*"),
        outcome.err());
    assertTrue(outcome.err().contains("asked for "), outcome.err());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
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
