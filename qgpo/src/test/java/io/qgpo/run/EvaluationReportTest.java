package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.env.catalog.Environments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationReportTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "0, 0.000",
    "-9.5, -9.500",
    "12.345, 12.3",
    "-4321.6, -4322",
    "999999999, 999999999",
    "1e9, 1.000e+09",
    "-1.5e300, -1.500e+300"
  })
  void returnsOfAnySizeAreShort(double value, String text) {
    assertEquals(text, EvaluationReport.number(value));
  }

  /** An earlier file may be damaged: it is kept all the same. */
  @Test
  void anEarlierEvaluationIsKeptUnlessItIsTheSame() throws IOException {
    var report =
        new EvaluationReport(
            Environments.find(Environments.POINT_MAZE, List.of()),
            1,
            0,
            TrainedPolicy.LAST,
            OptionalLong.empty(),
            Map.of(),
            List.of());
    Path file = folder.resolve("evaluation.json");
    byte[] noText = {(byte) 0xff};
    Files.write(file, noText);
    report.keepIn(folder);
    report.keepIn(folder);
    assertEquals("pointmaze", EvaluationReport.read(file).path("env").asText());
    try (Stream<Path> files = Files.list(folder)) {
      Path earlier = files.filter(path -> !path.equals(file)).reduce((a, b) -> null).orElseThrow();
      assertEquals(1, Files.size(earlier));
    }
  }
}
