package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.report.ComparedRuns.Band;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparedRunsTest {
  @TempDir Path folder;

  private Path run(String name, double... losses) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < losses.length; i++) {
      lines.append(
          "{\"stage\":\"behaviour\",\"step\":%d,\"loss\":%s}\n".formatted(10 * i, losses[i]));
    }
    Files.writeString(run.resolve("metrics.jsonl"), lines);
    return run;
  }

  @Test
  void aBandIsMeanAndStandardErrorWhereAllRunsHaveValues() throws IOException {
    var runs = new ComparedRuns("r", List.of(run("a", 1, 2, 3), run("b", 3, 2)));
    Band band = runs.curve(TrainingCurve.BEHAVIOUR).orElseThrow();
    assertArrayEquals(new double[] {0, 10}, band.steps());
    assertArrayEquals(new double[] {2, 2}, band.mean());
    assertArrayEquals(new double[] {1, 0}, band.error(), 1e-12); // sd sqrt(2), of two
  }

  @Test
  void aSingleRunHasNoWidth() throws IOException {
    Band band =
        new ComparedRuns("r", List.of(run("a", 1, 2))).curve(TrainingCurve.BEHAVIOUR).orElseThrow();
    assertArrayEquals(new double[] {1, 2}, band.mean());
    assertArrayEquals(new double[] {0, 0}, band.error());
  }

  @Test
  void whereOneHasNoneThereIsNoBand() throws IOException {
    Path file = Files.writeString(folder.resolve("evaluation.json"), "{}");
    assertTrue(
        new ComparedRuns("r", List.of(run("a", 1), file)).curve(TrainingCurve.BEHAVIOUR).isEmpty());
    assertTrue(new ComparedRuns("r", List.of(run("a", 1))).curve(TrainingCurve.ENERGY).isEmpty());
  }
}
