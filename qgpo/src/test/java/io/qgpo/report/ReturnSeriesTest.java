package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.report.EvaluationFile.MeanReturn;
import io.qgpo.report.ReturnSeries.Point;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReturnSeriesTest {
  @TempDir Path folder;

  private static EvaluationFile file(String environment, double scale, double mean, double sd) {
    return new EvaluationFile(
        environment,
        16,
        new TreeMap<>(Map.of(0.0, new MeanReturn(1, 2), scale, new MeanReturn(mean, sd))));
  }

  @Test
  void oneRunsErrorIsThatOfItsEpisodes() {
    ReturnSeries series = ReturnSeries.of("a", List.of(file("hopper", 1, 100, 20)));
    assertEquals(new Point(100, 5), series.points().get(1.0));
    assertEquals(1, series.runs());
  }

  /** Means 100, 200, 600: mean 300, sd 264.6 with n - 1, error sd / sqrt 3. */
  @Test
  void severalRunsErrorIsThatOfTheirMeans() {
    ReturnSeries series =
        ReturnSeries.of(
            "a",
            List.of(
                file("hopper", 1, 100, 20), file("hopper", 1, 200, 2), file("hopper", 1, 600, 0)));
    assertEquals(300, series.points().get(1.0).mean(), 1e-12);
    assertEquals(Math.sqrt(70_000 / 3.0), series.points().get(1.0).error(), 1e-9);
  }

  @Test
  void onlyScalesOfAllRunsCount() {
    ReturnSeries series =
        ReturnSeries.of("a", List.of(file("hopper", 1, 1, 1), file("hopper", 2, 1, 1)));
    assertEquals(Set.of(0.0), series.points().keySet());
    assertThrows(
        IllegalArgumentException.class,
        () -> ReturnSeries.of("a", List.of(file("hopper", 1, 1, 1), file("walker2d", 1, 1, 1))));
  }

  @Test
  void readsWhatOthersMayWrite() throws IOException {
    Path file = folder.resolve("theirs.json");
    Files.writeString(
        file,
        """
        {"env": "hopper", "episodes": 10, "source": "a paper", "results": [
          {"guidance": 3, "return_mean": 692, "return_sd": 273},
          {"policy": "cloning", "return_mean": 1, "return_sd": 1},
          {"guidance": 0, "return_mean": 947, "return_sd": 162}]}
        """);
    assertEquals(
        new EvaluationFile(
            "hopper",
            10,
            new TreeMap<>(Map.of(0.0, new MeanReturn(947, 162), 3.0, new MeanReturn(692, 273)))),
        EvaluationFile.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'env': 'a', 'episodes': 1, 'results': []} | key 'results'",
        "{'env': 'a', 'episodes': 0, 'results': []} | key 'episodes'",
        "{'env': 'a', 'episodes': 1.5, 'results': []} | key 'episodes'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': 0, 'return_sd': 1}]}"
            + "| key 'return_mean'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': 'x', 'return_mean': 0, 'return_sd':"
            + " 1}]} | key 'guidance'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': 0, 'return_mean': 0, 'return_sd':"
            + " -1}]} | key 'return_sd'",
        "{'env': 'a', 'episodes': 1e999, 'results': []} | key 'episodes'",
        "{'env': 'a', 'episodes': 1, 'results': {}} | key 'results'",
        "{'env': 'a', 'episodes': 1, 'results': [7]} | key 'results'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': 0, 'return_mean': 1e999, 'return_sd':"
            + " 1}]} | key 'return_mean'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': 0, 'return_mean': 1e308, 'return_sd':"
            + " 1}]} | key 'return_mean'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': 1e308, 'return_mean': 0, 'return_sd':"
            + " 1}]} | key 'guidance'",
        "{'env': 'a', 'episodes': 1, 'results': [{'guidance': -1, 'return_mean': 0, 'return_sd':"
            + " 1}]} | key 'guidance'",
        "{'env': '\\u001b[2J', 'episodes': 1, 'results': [{'guidance': 0, 'return_mean': 0,"
            + " 'return_sd': 1}]} | found '\\u001b[2J'",
        "{'episodes': 1, 'results': [{'guidance': 0, 'return_mean': 0, 'return_sd': 1}]}"
            + "| key 'env'",
        "[] | a JSON object",
      })
  void refusesAnythingElse(String json, String part) throws IOException {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, json.replace('\'', '"'));
    String message =
        assertThrows(TensorFileException.class, () -> EvaluationFile.read(file)).getMessage();
    assertTrue(message.contains(part), message);
  }
}
