package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.run.JsonFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToyCommandTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--set ringz | --set: expected one of 8gaussians, rings, moons, swissroll, checkerboard,"
            + " 2spirals, found 'ringz'; did you mean 'rings'?",
        "--set all,rings | --set: expected one of 8gaussians, rings, moons, swissroll,"
            + " checkerboard, 2spirals, found 'all'.",
        "--beta 0 | --beta: expected numbers above 0 to 100, found 0.0.",
        "--beta 3,NaN | --beta: expected numbers above 0 to 100, found NaN.",
        "--method sep | --method: expected one of cep, mse, emse, found 'sep'; did you mean 'cep'?",
        "--preset fast | --preset: expected one of paper, quick, found 'fast'.",
        "--sampler exct | --sampler: expected one of paper, exact, found 'exct'; did you mean"
            + " 'exact'?",
        "--steps 0 | --steps: expected a whole number from 1 to 100000000, found 0.",
        "--samples 99 | --samples: expected a whole number from 100 to 1000000, found 99.",
        "--evaluations 0 | --evaluations: expected a whole number from 1 to 1000, found 0.",
        "--seeds -1 | --seeds: expected a whole number from 0 to 9223372036854775807, found"
            + " '-1'.",
      })
  void wrongArgumentsAreOneSentence(String args, String message) throws IOException {
    Path out = folder.resolve("toys");
    Cli.Outcome outcome = Cli.run(("toy --out " + out + " " + args).split(" "));
    assertEquals("qgpo: " + message + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(Files.notExists(out));
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Cli.Outcome outcome = Cli.run("toy", "--out", file.toString());
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().startsWith("qgpo: --out: expected a folder, "), outcome.err());
  }

  /** What is printed, and what the files hold: the figures read back are those of the table. */
  @Test
  void printsAndWritesFigures() throws IOException {
    Path out = folder.resolve("toys");
    String args =
        "toy --beta 3,10,3 --method cep,mse --seeds 4,4 --steps 2 --samples 200 --evaluations 3"
            + " --out ";
    Cli.Outcome outcome = Cli.run((args + out).split(" "));
    assertEquals(Main.OK, outcome.code(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(1).matches("guidance +sliced W1 +sliced W2 .*"), outcome.out());
    assertTrue(lines.get(2).startsWith("8gaussians, beta 3, CEP, seed 4  "), lines.get(2));
    assertTrue(lines.get(5).startsWith("8gaussians, beta 10, MSE, seed 4  "), lines.get(5));
    assertEquals("Pictures are in " + out.resolve("toy.html"), lines.getLast());

    ObjectNode json = JsonFiles.read(out.resolve("toy.json"));
    assertEquals("quick", json.at("/settings/preset").textValue());
    assertEquals(2, json.at("/settings/steps").intValue());
    assertEquals("exact", json.at("/sampler/preset").textValue());
    assertEquals(200, json.get("samples").intValue());
    JsonNode results = json.get("results");
    assertEquals(4, results.size());
    JsonNode last = results.get(3);
    assertEquals("MSE", last.get("method").textValue());
    assertEquals(10, last.get("beta").doubleValue());
    assertEquals(4, last.get("seed").intValue());
    double w2 = last.at("/metrics/slicedW2").doubleValue();
    assertEquals(
        w2 / last.at("/floor/slicedW2").doubleValue(),
        last.at("/timesFloor/slicedW2").doubleValue(),
        1e-9 * w2);
    assertEquals(8, last.get("shares").size());
    assertEquals(8, last.get("trueDeviations").size());
    assertEquals(10, last.get("relativeErrors").size());
    assertTrue(json.at("/behaviours/0/densityMass").isNumber(), json.toString());

    BufferedImage picture = ImageIO.read(out.resolve("8gaussians-seed4.png").toFile());
    assertTrue(picture.getWidth() > 3 * 400 && picture.getHeight() > 3 * 400);
    String page = Files.readString(out.resolve("toy.html"));
    assertTrue(page.contains("<h2>8gaussians, seed 4</h2>"), "heading");
    assertTrue(page.contains("src=\"data:image/png;base64,"), "picture");
  }
}
