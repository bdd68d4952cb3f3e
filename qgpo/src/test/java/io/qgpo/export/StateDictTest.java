package io.qgpo.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.TrainedRuns;
import io.qgpo.algorithm.PolicyNetworks;
import io.qgpo.algorithm.Presets;
import io.qgpo.algorithm.TwinQ;
import io.qgpo.run.RunException;
import io.qgpo.run.RunInfo;
import io.qgpo.run.RunWeights;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.SafeTensors;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class StateDictTest {
  private static final Backend BACKEND = Backends.choose("auto", 1).backend();

  @TempDir static Path folder;
  private static Path trained;
  private static Path file;

  @BeforeAll
  static void train() {
    trained = folder.resolve("trained");
    TrainedRuns.train(trained, "behaviour.emaDecay=0.99", "behaviour.steps=50");
    file = folder.resolve("weights.safetensors");
    StateDict.write(file, RunWeights.load(trained, TrainedPolicy.LAST, System.err::println));
  }

  private static float[] actions(Path run) {
    TrainedPolicy policy = TrainedPolicy.load(run, BACKEND, System.err::println);
    return policy.act(new float[] {1, 2, 3, 4, -1, 0, 1, 0}, 2, 3, 1, policy.rng(1));
  }

  @Test
  void importedItActsAsBefore() {
    Path imported = folder.resolve("imported");
    StateDict.read(file, null).writeTo(imported);
    assertArrayEquals(actions(trained), actions(imported));
    Path again = folder.resolve("again.safetensors");
    StateDict.write(again, RunWeights.load(imported, TrainedPolicy.LAST, System.err::println));
    assertEquals(
        SafeTensors.read(file).arrays().keySet(), SafeTensors.read(again).arrays().keySet());
  }

  @Test
  void aFolderWithARunStaysAsItIs() {
    RunWeights weights = StateDict.read(file, null);
    assertThrows(RunException.class, () -> weights.writeTo(trained));
  }

  /** Read off the authors' model.py at their sizes, states of 17 numbers, actions of 6. */
  @Test
  void namesAndShapesAreTheAuthors() {
    Map<String, String> theirs = new TreeMap<>();
    put(theirs, "embed.1", 32, 32);
    put(theirs, "pre_sort_condition.0.dense", 32, 17);
    put(theirs, "sort_t.0", 128, 64);
    put(theirs, "sort_t.2", 128, 128);
    block(theirs, "down_block1", 6, 512);
    block(theirs, "down_block2", 512, 256);
    block(theirs, "down_block3", 256, 128);
    block(theirs, "middle1", 128, 128);
    block(theirs, "up_block3", 256, 256);
    block(theirs, "up_block2", 512, 512);
    put(theirs, "last", 6, 1024);
    theirs.put("embed.0.W", "[16]");
    for (String critic : new String[] {"q0.q1", "q0.q2", "q0_target.q1", "q0_target.q2"}) {
      put(theirs, critic + ".0", 256, 23);
      put(theirs, critic + ".2", 256, 256);
      put(theirs, critic + ".4", 256, 256);
      put(theirs, critic + ".6", 1, 256);
    }
    theirs.put("qt.embed.0.W", "[16]");
    put(theirs, "qt.embed.1", 32, 32);
    put(theirs, "qt.qt.0", 256, 55);
    put(theirs, "qt.qt.2", 256, 256);
    put(theirs, "qt.qt.4", 256, 256);
    put(theirs, "qt.qt.6", 256, 256);
    put(theirs, "qt.qt.8", 1, 256);

    Map<String, String> ours = new TreeMap<>();
    PolicyNetworks.shapes(Presets.config("paper"), 17, 6)
        .forEach((name, shape) -> ours.put(StateDictNames.theirs(name), Arrays.toString(shape)));
    assertEquals(theirs, ours);
  }

  private static void block(Map<String, String> names, String block, int in, int out) {
    put(names, block + ".dense1.0", out, in);
    put(names, block + ".dense2.0", out, out);
    put(names, block + ".time_mlp.1", out, 128);
    if (in != out) {
      put(names, block + ".modify_x", out, in);
    }
  }

  private static void put(Map<String, String> names, String layer, int out, int in) {
    names.put(layer + ".weight", "[" + out + ", " + in + "]");
    names.put(layer + ".bias", "[" + out + "]");
  }

  /** The average acts, where there is one: it is the one that goes out, and nothing else does. */
  @Test
  void itIsTheWeightsThatAct() {
    RunWeights run = RunWeights.load(trained, TrainedPolicy.LAST, System.err::println);
    Map<String, NamedArray> arrays = SafeTensors.read(file).arrays();
    assertArrayEquals(
        run.arrays().get("scoreAverage.output.weight").floats(),
        arrays.get("last.weight").floats());
    assertEquals(
        new TreeSet<>(
            PolicyNetworks.shapes(run.info().settings(), 4, 2).keySet().stream()
                .map(name -> StateDictNames.theirs(name.replace("scoreAverage.", "score.")))
                .toList()),
        new TreeSet<>(arrays.keySet()));
  }

  /** The script in docs, where a Python with NumPy is at hand: TensorBoard brings it. */
  @Test
  @EnabledIfEnvironmentVariable(
      named = "QGPO_TENSORBOARD",
      matches = ".+",
      disabledReason = "the Python of TensorBoard has NumPy")
  void pythonReadsThem() throws Exception {
    Path script = Path.of("../docs/read_weights.py");
    Process python =
        new ProcessBuilder(System.getenv("QGPO_TENSORBOARD"), script.toString(), file.toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(0, python.waitFor(), lines.toString());
    Map<String, NamedArray> arrays = SafeTensors.read(file).arrays();
    assertEquals(arrays.size() + 1, lines.size());
    RunWeights run = RunWeights.load(trained, TrainedPolicy.LAST, System.err::println);
    TwinQ critic = new TwinQ(new Rng(BACKEND, 0, "replaced"), DType.FLOAT32, 4, 2, 16, 3);
    TrainedRuns.fill(critic, run, "criticTarget.");
    Tensor zeros = Tensor.full(BACKEND, DType.FLOAT32, Shape.of(1, 6), 0);
    float expected = critic.min(zeros).toFloatArray()[0];
    assertEquals(expected, Float.parseFloat(lines.getLast().replace("q ", "")), 1e-6f);
  }

  @Test
  void aMissingWeightIsNamed() {
    SafeTensors content = SafeTensors.read(file);
    List<NamedArray> arrays = new ArrayList<>(content.arrays().values());
    arrays.removeIf(array -> array.name().equals("middle1.dense2.0.bias"));
    Path part = folder.resolve("part.safetensors");
    SafeTensors.write(part, arrays, content.metadata());
    var fault = assertThrows(TensorFileException.class, () -> StateDict.read(part, null));
    assertTrue(fault.getMessage().contains("'middle1.dense2.0.bias'"), fault.getMessage());
  }

  private static Path with(String name, Consumer<ObjectNode> change) throws Exception {
    SafeTensors content = SafeTensors.read(file);
    var run = (ObjectNode) new ObjectMapper().readTree(content.metadata().get("qgpo.run"));
    change.accept(run);
    Path changed = folder.resolve(name + ".safetensors");
    SafeTensors.write(changed, content.arrays().values(), Map.of("qgpo.run", run.toString()));
    return changed;
  }

  private static String refusal(Path weights) {
    return assertThrows(TensorFileException.class, () -> StateDict.read(weights, null))
        .getMessage();
  }

  /** A class is code: it runs only if the command line names it. */
  @Test
  void aFileNamesNoClassAndNoFolder() throws Exception {
    Path changed =
        with(
            "class",
            run -> {
              run.putObject("environment").put("name", "class:Evil").putArray("classpath").add("x");
              run.putObject("data").put("kind", "file").put("path", "/secret/place/log.csv");
            });
    RunInfo info = StateDict.read(changed, null).info();
    assertTrue(info.environment().isEmpty());
    assertFalse(info.text().contains("secret"), info.text());
    assertTrue(info.text().contains("log.csv"), info.text());
  }

  @Test
  void anExportDoesNotTellWhereTheDataAre() throws Exception {
    RunWeights run = RunWeights.load(trained, TrainedPolicy.LAST, System.err::println);
    Path changed =
        with(
            "place",
            json -> json.putObject("data").put("kind", "file").put("path", "/secret/log.csv"));
    RunInfo like =
        RunInfo.parse(SafeTensors.read(changed).metadata().get("qgpo.run"), "the test's");
    Path out = folder.resolve("out.safetensors");
    StateDict.write(out, new RunWeights(like, TrainedPolicy.LAST, 0, run.arrays()));
    assertFalse(SafeTensors.read(out).metadata().get("qgpo.run").contains("secret"));
  }

  /** Before anything of that size is made: this would take 170 GB. */
  @Test
  void settingsLargerThanTheFileAreRefused() throws Exception {
    Path changed =
        with(
            "large",
            run -> {
              var settings = (ObjectNode) run.get("settings");
              ((ObjectNode) settings.get("critic")).put("hidden", 16384).put("layers", 32);
              ((ObjectNode) settings.get("energy")).put("hidden", 16384).put("layers", 32);
            });
    assertTrue(
        refusal(changed).contains("weights: expected 41610828895 numbers"), refusal(changed));
  }

  @Test
  void whatIsNoRunIsRefused() throws Exception {
    Map<String, Consumer<ObjectNode>> changes =
        Map.of(
            "key 'stateDim'", run -> run.put("stateDim", 0),
            "from 1 to 1000000, found 4.5", run -> run.put("stateDim", 4.5),
            "found 1.0E18", run -> run.put("actionDim", 1e18),
            "key 'actionLow'", run -> run.putArray("actionLow").add("x").addNull(),
            "key 'stateCenter'", run -> run.putArray("stateCenter").add(1e99).add(1).add(1).add(1),
            "key 'data.rows'",
                run ->
                    run.putObject("data").put("kind", "pointmaze").put("rows", -5).put("seed", 0),
            "those of a run, found 'weather'", run -> run.put("weather", "fine"),
            "key 'environment.name'",
                run -> run.putObject("environment").put("name", "\33[31mred"));
    for (var change : changes.entrySet()) {
      String message = refusal(with("no run", change.getValue()));
      assertTrue(message.contains(change.getKey()), message);
    }
  }

  @Test
  void otherTensorsAreRefused() {
    SafeTensors content = SafeTensors.read(file);
    List<NamedArray> arrays = new ArrayList<>(content.arrays().values());
    arrays.add(NamedArray.of("q0.q1.8.weight", new float[4], 2, 2));
    Path more = folder.resolve("more.safetensors");
    SafeTensors.write(more, arrays, content.metadata());
    assertTrue(refusal(more).contains("1 more, 'q0.q1.8.weight'"), refusal(more));
  }

  @Test
  void weightsThatAreNoNumbersAreRefused() {
    SafeTensors content = SafeTensors.read(file);
    List<NamedArray> arrays = new ArrayList<>(content.arrays().values());
    arrays.removeIf(array -> array.name().equals("last.bias"));
    arrays.add(NamedArray.of("last.bias", new float[] {0, Float.NaN}, 2));
    Path broken = folder.resolve("nan.safetensors");
    SafeTensors.write(broken, arrays, content.metadata());
    assertTrue(refusal(broken).contains("'last.bias': expected finite numbers"), refusal(broken));
  }

  /** As PyTorch users write it: weights alone. */
  @Test
  void weightsAloneNeedARunThatTheyAreLike() {
    Path bare = folder.resolve("bare.safetensors");
    SafeTensors.write(bare, SafeTensors.read(file).arrays().values(), new HashMap<>());
    var fault = assertThrows(TensorFileException.class, () -> StateDict.read(bare, null));
    assertTrue(fault.getMessage().contains("--like"), fault.getMessage());
    RunWeights run = RunWeights.load(trained, TrainedPolicy.LAST, System.err::println);
    Path imported = folder.resolve("like");
    StateDict.read(bare, run.info()).writeTo(imported);
    assertArrayEquals(actions(trained), actions(imported));
  }
}
