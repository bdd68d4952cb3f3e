package io.qgpo.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.QgpoConfig;
import io.qgpo.data.DataException;
import io.qgpo.data.StateTransform;
import io.qgpo.data.io.DatasetFiles;
import io.qgpo.data.io.ReadOptions;
import io.qgpo.run.RunException;
import io.qgpo.run.RunInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Not beside others, whose threads it would count. */
@Isolated
class ApiTest {
  private static final int ROWS = 60;

  @TempDir static Path folder;
  private static Policy trained;

  private static float[][] random(int columns, long seed) {
    var random = new SplittableRandom(seed);
    float[][] rows = new float[ROWS][columns];
    for (float[] row : rows) {
      for (int c = 0; c < columns; c++) {
        row[c] = (float) random.nextDouble(-1, 1);
      }
    }
    return rows;
  }

  private static boolean[] everyTenth() {
    boolean[] ends = new boolean[ROWS];
    for (int i = 9; i < ROWS; i += 10) {
      ends[i] = true;
    }
    return ends;
  }

  private static Dataset data() {
    return Dataset.of(random(3, 1), random(2, 2), new float[ROWS], new boolean[ROWS], everyTenth());
  }

  /** Tiny networks and a few steps. */
  private static QgpoConfig tiny() {
    Map<String, Object> changes = new HashMap<>();
    changes.put("score.width", 16);
    changes.put("score.embedding", 4);
    changes.put("behaviour.steps", 6);
    changes.put("behaviour.batchSize", 8);
    changes.put("support.candidates", 2);
    changes.put("critic.steps", 4);
    changes.put("critic.batchSize", 8);
    changes.put("critic.hidden", 8);
    changes.put("energy.steps", 4);
    changes.put("energy.hidden", 8);
    return Qgpo.settings().with(changes);
  }

  @BeforeAll
  static void train() {
    trained = Qgpo.train(data(), tiny(), folder.resolve("run"));
  }

  @Test
  void aPolicyThatWasLoadedActsAsTheOneThatWasTrained() {
    float[] state = {0.1f, 0.2f, 0.3f};
    trained.seed(0);
    Policy loaded = Policy.load(folder.resolve("run"));
    assertEquals(3, loaded.stateSize());
    assertEquals(2, loaded.actionSize());
    float[] first = trained.act(state);
    assertArrayEquals(first, loaded.act(state), 0);
    float[] many = loaded.act(new float[60], 20, 0);
    assertEquals(40, many.length);
    assertFalse(Arrays.equals(many, loaded.act(new float[60], 20, 0)), "noise goes on");
    loaded.seed(0);
    assertArrayEquals(first, loaded.act(state), 0);
  }

  @Test
  void trainingAgainGoesOnAndChangesNothing() {
    trained.seed(0);
    float[] before = trained.act(new float[3]);
    Policy again = Qgpo.train(data(), tiny(), folder.resolve("run"));
    assertArrayEquals(before, again.act(new float[3]), 0);
  }

  /** Scaling within the run is scaling before it: in training, in support actions, in acting. */
  @Test
  void statesAreScaledForEveryNetwork() {
    float[][] raw = random(3, 1);
    for (float[] state : raw) {
      state[1] = 20 * state[1] + 7;
      state[2] *= .05f;
    }
    Path run = folder.resolve("raw");
    Policy scaling = trainOn(raw, "standard", run);
    StateTransform transform = RunInfo.read(run.resolve("config.json")).states();
    for (float[] state : raw) {
      transform.apply(state, 1);
    }
    Policy plain = trainOn(raw, "none", folder.resolve("scaled"));
    float[] state = {.3f, -2, .01f};
    float[] asScaled = state.clone();
    transform.apply(asScaled, 1);
    assertArrayEquals(plain.act(asScaled, 1, 1, 0), scaling.act(state, 1, 1, 0), 0);
    assertArrayEquals(new float[] {.3f, -2, .01f}, state, 0, "the caller's states are left alone");
  }

  private static Policy trainOn(float[][] states, String scaling, Path run) {
    boolean[] none = new boolean[ROWS];
    Dataset data = Dataset.of(states, random(2, 2), new float[ROWS], none, everyTenth());
    return Qgpo.train(data, tiny().with("data.stateScaling", scaling), run);
  }

  @Test
  void threadsMayShareAPolicy() throws Exception {
    Policy shared = Policy.load(folder.resolve("run"));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<float[]> act = () -> shared.act(new float[] {0, 0, 1});
      List<Future<float[]>> actions = threads.invokeAll(Collections.nCopies(40, act));
      for (Future<float[]> action : actions) {
        assertEquals(2, action.get().length);
      }
    }
  }

  @Test
  void aCallWithItsOwnSeedDependsOnNothingElse() throws Exception {
    Policy shared = Policy.load(folder.resolve("run"));
    float[] states = {0, 0, 1, 1, 0, 0};
    float[] expected = shared.act(states, 2, 1, 7);
    shared.seed(7);
    assertArrayEquals(shared.act(states, 2, 1), expected, 0, "the same stream as seed() starts");
    assertFalse(Arrays.equals(expected, shared.act(states, 2, 1, 8)));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<float[]> act = () -> shared.act(states, 2, 1, 7);
      for (Future<float[]> actions : threads.invokeAll(Collections.nCopies(40, act))) {
        assertArrayEquals(expected, actions.get(), 0);
      }
    }
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("qgpo-worker"))
        .count();
  }

  @Test
  void loadingPoliciesLeavesNoThreadsBehind() {
    long before = workers();
    for (int i = 0; i < 5; i++) {
      Policy.load(folder.resolve("run"));
    }
    long after = workers();
    assertTrue(after <= before, before + " threads, then " + after);
  }

  /** Blocks of 4096: the first is the same in a larger batch, and no state is forgotten. */
  @Test
  void manyStatesAreActedOnInBlocks() {
    int count = 2 * 4096 + 5;
    float[] states = new float[3 * count];
    float[] many = trained.act(states, count, 0, 3);
    assertEquals(2 * count, many.length);
    float[] first = trained.act(Arrays.copyOf(states, 3 * 4096), 4096, 0, 3);
    assertArrayEquals(first, Arrays.copyOf(many, first.length), 0);
    assertFalse(
        Arrays.equals(first, Arrays.copyOfRange(many, first.length, 2 * first.length)),
        "the noise goes on from block to block");
    float[] last = Arrays.copyOfRange(many, 2 * 2 * 4096, many.length);
    assertFalse(Arrays.equals(last, new float[last.length]), "the rest is drawn");
  }

  @Test
  void dataFromAFileNeedNoCopy() {
    Path file = folder.resolve("run/data.npz");
    assertTrue(Files.exists(file), "rows in memory are kept with their run");
    Policy policy = Qgpo.train(Dataset.read(file), tiny(), folder.resolve("fromFile"));
    assertFalse(Files.exists(folder.resolve("fromFile/data.npz")));
    trained.seed(0);
    assertArrayEquals(trained.act(new float[3]), policy.act(new float[3]), 0);
  }

  @Test
  void aRunOnOtherDataIsNotTakenForThisOne() {
    Dataset other =
        Dataset.of(random(3, 9), random(2, 2), new float[ROWS], new boolean[ROWS], everyTenth());
    var e =
        assertThrows(RunException.class, () -> Qgpo.train(other, tiny(), folder.resolve("run")));
    assertTrue(e.getMessage().contains("holds a run on other data"), e.getMessage());
  }

  private static void isRefused(String message, Path run) {
    var e = assertThrows(RunException.class, () -> Qgpo.train(data(), tiny(), run));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  /** The name is a likely one for data that somebody keeps beside the run. */
  @Test
  void anotherFileOfTheNameIsLeftAlone() throws IOException {
    Path run = folder.resolve("taken");
    Path file = run.resolve("data.npz");
    Files.createDirectories(run);
    Files.writeString(file, "notes");
    isRefused("holds a data.npz of other data: choose another folder", run);
    assertEquals("notes", Files.readString(file));

    Dataset other = Dataset.of(random(3, 9), random(2, 2), new float[ROWS], new boolean[ROWS]);
    Files.delete(file);
    other.origin(run);
    byte[] theirs = Files.readAllBytes(file);
    isRefused("holds a data.npz of other data", run);
    assertArrayEquals(theirs, Files.readAllBytes(file));
  }

  @Test
  void aRunThatWasKilledBeforeItsFirstStepBegins() {
    Path run = folder.resolve("killed");
    data().origin(run);
    assertEquals(2, Qgpo.train(data(), tiny(), run).actionSize());
  }

  @Test
  void aRunWhoseRowsAreGoneIsNotTakenForOneOnTheseData() throws IOException {
    Path run = folder.resolve("gone");
    Qgpo.train(data(), tiny(), run);
    Files.delete(run.resolve("data.npz"));
    isRefused("holds a run on other data", run);
  }

  /** Recording that does not say where it stopped differs from one that never stopped. */
  @Test
  void timeoutsAreOptional() {
    float[][] states = random(3, 1);
    Dataset unsaid = Dataset.of(states, random(2, 2), new float[ROWS], new boolean[ROWS]);
    Path run = folder.resolve("unsaid");
    Qgpo.train(unsaid, tiny().with("data.maxEpisodeSteps", 10), run);
    assertFalse(DatasetFiles.readRows(run.resolve("data.npz"), ReadOptions.DEFAULT).hasTimeouts());
    Dataset none =
        Dataset.of(states, random(2, 2), new float[ROWS], new boolean[ROWS], new boolean[ROWS]);
    assertThrows(RunException.class, () -> Qgpo.train(none, tiny(), run));
    assertEquals(2, Qgpo.train(unsaid, tiny(), run).actionSize());
  }

  @Test
  void faultsAreNamed() {
    float[][] ragged = random(3, 1);
    ragged[7] = new float[2];
    var row =
        assertThrows(
            DataException.class,
            () ->
                Dataset.of(ragged, random(2, 2), new float[ROWS], new boolean[ROWS], everyTenth()));
    assertTrue(row.getMessage().contains("row 7"), row.getMessage());
    assertThrows(DataException.class, () -> Dataset.read(folder.resolve("none.npz")));
    assertThrows(IllegalArgumentException.class, () -> trained.act(new float[4]));
    assertThrows(IllegalArgumentException.class, () -> trained.act(new float[] {0, Float.NaN, 0}));
    assertThrows(IllegalArgumentException.class, () -> trained.act(new float[3], 1, -1));
  }

  @Test
  void readmeShowsTheExampleThatIsCompiledHere() throws IOException {
    Path module = Path.of("").toAbsolutePath();
    Path source = module.resolve("src/test/java/io/qgpo/api/ReadmeExample.java");
    String example = Files.readString(source).split(" *// README (begins|ends)\\R")[1];
    String readme = Files.readString(module.resolveSibling("README.md"));
    assertTrue(readme.contains(example.stripTrailing().stripIndent()), example);
  }

  /** With quick's settings the example takes half an hour; what it needs is trained beforehand. */
  @Test
  void theExampleRuns() {
    float[] action =
        ReadmeExample.example(
            random(3, 1),
            random(2, 2),
            new float[ROWS],
            new boolean[ROWS],
            everyTenth(),
            new float[3],
            folder.resolve("run"));
    assertEquals(2, action.length);
  }
}
