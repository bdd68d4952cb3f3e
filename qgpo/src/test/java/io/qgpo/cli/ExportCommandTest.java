package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
  @TempDir static Path folder;
  private static Path trained;

  @BeforeAll
  static void train() {
    trained = folder.resolve("run");
    TinyRun.train(trained);
  }

  private static Cli.Outcome export(Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("export", "--run=" + trained, "--out=" + out));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sampler", "score", "energy", "critic"})
  void everyPart(String part) throws Exception {
    Path out = folder.resolve(part + ".onnx");
    Cli.Outcome outcome = export(out, "--format=onnx", "--part=" + part);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertEquals(out + System.lineSeparator(), outcome.out());
    assertTrue(Files.size(out) > 1000);
  }

  @Test
  void filesOfARunAreLeftAlone() throws Exception {
    String before = Files.readString(trained.resolve("config.json"));
    Path checkpoints = trained.resolve("checkpoints");
    Path checkpoint;
    try (var files = Files.list(checkpoints)) {
      checkpoint = files.findFirst().orElseThrow();
    }
    for (Path file : List.of(trained.resolve("config.json"), checkpoint)) {
      Cli.Outcome outcome = export(file, "--format=safetensors");
      assertEquals(Main.USAGE_ERROR, outcome.code());
      assertTrue(outcome.err().contains("a file of a run"), outcome.err());
    }
    assertEquals(before, Files.readString(trained.resolve("config.json")));
  }

  /** sample with the same seed gives the same lines. */
  @Test
  void outAndBackIn() throws Exception {
    Path weights = folder.resolve("weights.safetensors");
    Cli.Outcome outcome = export(weights, "--format=safetensors");
    assertEquals(Main.OK, outcome.code(), outcome.err());
    Path imported = folder.resolve("imported");
    outcome = Cli.run("import", weights.toString(), "--out=" + imported);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    Path states = folder.resolve("states.csv");
    Files.writeString(states, "1,2,3\n4,5,6\n");
    assertEquals(sample(trained, states), sample(imported, states));

    outcome = Cli.run("train", "--backend=scalar", "--resume=" + imported);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(imported + " was imported: it holds weights"), outcome.err());
    assertTrue(Cli.run("runs", folder.toString()).out().matches("(?s).*imported .* imported .*"));
  }

  private static String sample(Path run, Path states) {
    return Cli.run("sample", "--backend=scalar", "--run=" + run, "--states=" + states).out();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--format=tflite | --format: expected one of onnx, safetensors, found 'tflite'",
        "--format=onnx --part=actor | --part: expected one of sampler, score, energy, critic",
        "--format=onnx --guidance=-1 | --guidance: expected a number from 0 to 1000",
        "--format=onnx --part=score --guidance=2 | only the sampler has a guidance scale",
        "--format=safetensors --guidance=2 | leave out --part and --guidance",
        "--format=onnx --checkpoint=first | --checkpoint: expected last or best, found 'first'",
        "--format=onnx --checkpoint=best | kept no best checkpoint",
      })
  void wrongArguments(String arguments, String message) {
    Cli.Outcome outcome = export(folder.resolve("no.onnx"), arguments.split(" "));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(message), outcome.err());
  }

  @Test
  void anImportOfSomethingElse() throws Exception {
    Path text = folder.resolve("text.safetensors");
    Files.writeString(text, "no weights");
    Cli.Outcome outcome = Cli.run("import", text.toString(), "--out=" + folder.resolve("nothing"));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(text.toString()), outcome.err());
    assertTrue(Files.notExists(folder.resolve("nothing")));
  }
}
