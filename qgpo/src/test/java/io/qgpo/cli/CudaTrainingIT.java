package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qgpo.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The jar trains on a GPU, which is the emulator of kernels-cuda unless {@code QGPO_TEST_GPU=true},
 * as it does on the CPU.
 */
class CudaTrainingIT {
  /**
   * Of losses and means, relative. Random numbers are the same but for the last bits of normal
   * ones, and so are the losses of the first steps: after 12 of each kind they were 1e-6 apart.
   */
  private static final double TOLERANCE = 1e-4;

  /** Of means of what sums of products of numbers rounded to 2^-11 give. */
  private static final double TF32_TOLERANCE = 2e-2;

  private static final List<String> SETTINGS =
      List.of(
          "score.width=16",
          "score.embedding=4",
          "behaviour.steps=12",
          "behaviour.batchSize=32",
          "support.candidates=2",
          "support.evaluations=1",
          "critic.steps=12",
          "critic.batchSize=16",
          "critic.hidden=16",
          "energy.steps=12",
          "energy.hidden=16",
          "sampler.evaluations=2",
          "evaluation.everySteps=0",
          "evaluation.episodes=1",
          "evaluation.guidanceScales=1",
          "evaluation.cloningSteps=3");

  @TempDir static Path folder;
  private static List<JsonNode> ofTheCpu;

  @BeforeAll
  static void trainOnTheCpu() throws Exception {
    ofTheCpu = train("scalar");
  }

  @Test
  void lossesAreThoseOfTheCpu() throws Exception {
    List<JsonNode> gpu = train("cuda");
    String device = Emulator.ON_GPU ? "backend CUDA, " : "backend CUDA, emulator, compute";
    assertTrue(Files.readString(folder.resolve("cuda.log")).contains(device));
    assertLossesOfTheCpu(gpu);
  }

  /** The third kernel of the manual in the place of the one that is shipped. */
  @Test
  void lossesOfAKernelOfOnesOwnAreThoseOfTheCpu() throws Exception {
    Emulator.assumeCompiler();
    String kernel =
        "--kernel=linear_silu=" + Path.of("..", "docs", "kernels", "3_register_tiles.cu");
    assertLossesOfTheCpu(train("kernel", kernel));
    String config = Files.readString(folder.resolve("kernel").resolve("config.json"));
    assertTrue(config.contains("\"linear_silu\" : \"3_register_tiles.cu, SHA-256 "), config);
  }

  /**
   * Operands are rounded to 10 bits there, so losses are near those of the CPU and not the same.
   */
  @Test
  void lossesOnTensorCoresAreNearThoseOfTheCpu() throws Exception {
    List<JsonNode> gpu = train("tf32", "--tf32");
    assertTrue(Files.readString(folder.resolve("tf32.log")).contains("own kernels in TF32"));
    assertLosses(gpu, TF32_TOLERANCE);
    assertThrows(AssertionError.class, () -> assertLosses(gpu, 0));
  }

  /**
   * By cuBLAS of both majors: that which JCublas2 is made for, and that which it is patched for.
   */
  @ParameterizedTest
  @CsvSource({"12, as JCublas2 expects it", "13, by a patched JCublas2"})
  void lossesByCublasAreThoseOfTheCpu(int major, String how) throws Exception {
    assumeTrue(!Emulator.ON_GPU, "on a GPU cuBLAS is of one major, if there is any");
    String name = "cublas" + major;
    List<String> options =
        List.of(
            "-Dqgpo.cuda.libraries=" + Emulator.cublas(major), // a stand-in
            "-Dqgpo.cuda.cublas.from=1");
    assertEquals(Main.OK, run(name, options, "--cublas"), () -> log(name));
    String cublas = "cuBLAS %d.6.0".formatted(major);
    String found = "libcublas.so.%d %s".formatted(major, how);
    assertTrue(log(name).contains("large ones as asked by " + cublas), log(name));
    assertTrue(log(name).contains(found), log(name));
    assertLossesOfTheCpu(metrics(name));
    String config = Files.readString(folder.resolve(name).resolve("config.json"));
    assertTrue(config.contains("\"library\" : \"" + cublas + " from 1 multiplications\""), config);
  }

  /** None is installed, or one that finds no GPU behind the emulator. */
  @Test
  void withoutCublasItCannotBeAskedFor() throws Exception {
    assumeTrue(!Emulator.ON_GPU, "a GPU's machine may have it");
    assertEquals(Main.USAGE_ERROR, run("none", List.of(), "--cublas"), () -> log("none"));
    assertTrue(log("none").contains("cannot multiply by cuBLAS, which was asked for"), log("none"));
    assertEquals(1, log("none").lines().filter(line -> line.startsWith("qgpo: ")).count());
  }

  private void assertLossesOfTheCpu(List<JsonNode> gpu) {
    assertLosses(gpu, TOLERANCE);
  }

  private void assertLosses(List<JsonNode> gpu, double tolerance) {
    assertEquals(ofTheCpu.size(), gpu.size());
    int compared = 0;
    for (int i = 0; i < ofTheCpu.size(); i++) {
      for (String key : List.of("loss", "criticLoss", "meanQ", "energyLoss", "mean", "sd")) {
        if (ofTheCpu.get(i).has(key)) {
          List<Double> expected = numbers(ofTheCpu.get(i).get(key));
          List<Double> found = numbers(gpu.get(i).get(key));
          for (int k = 0; k < expected.size(); k++) {
            double allowed = tolerance * Math.abs(expected.get(k));
            assertEquals(expected.get(k), found.get(k), allowed, key + " of " + gpu.get(i));
            compared++;
          }
        }
      }
    }
    assertEquals(8, compared);
  }

  private static List<Double> numbers(JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    if (node.isNumber()) {
      numbers.add(node.doubleValue());
    }
    node.forEach(element -> numbers.add(element.doubleValue()));
    return numbers;
  }

  /** What a training wrote into its metrics. */
  private static List<JsonNode> train(String name, String... more) throws Exception {
    assertEquals(Main.OK, run(name, List.of(), more), () -> log(name));
    return metrics(name);
  }

  private static List<JsonNode> metrics(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  /**
   * Trains, on the backend scalar if that is the run's name.
   *
   * @param options of the JVM
   * @return the exit code
   */
  private static int run(String name, List<String> options, String... more) throws Exception {
    String backend = name.equals("scalar") ? "scalar" : "cuda";
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--env=pointmaze",
                "--out=" + folder.resolve(name),
                "--backend=" + backend));
    SETTINGS.forEach(setting -> arguments.add("--set=" + setting));
    arguments.addAll(List.of(more));
    List<String> command = PackagedProgram.command(arguments);
    command.addAll(1, options);
    if (!Emulator.ON_GPU) {
      command.add(1, "-Dqgpo.cuda.driver=" + Emulator.library());
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start()
        .waitFor();
  }

  private static String log(String name) {
    return PackagedProgram.text(folder.resolve(name + ".log"));
  }
}
