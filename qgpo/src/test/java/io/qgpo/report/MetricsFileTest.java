package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
  @TempDir Path folder;

  private MetricsFile read(String text) throws IOException {
    return MetricsFile.read(Files.writeString(folder.resolve("metrics.jsonl"), text));
  }

  @Test
  void stagesAndTheirCurves() throws IOException {
    MetricsFile metrics =
        read(
            """
            {"stage":"a","step":100,"loss":3.5}
            {"stage":"a","step":200,"loss":2,"other":7}
            {"stage":"b","step":100,"loss":1}
            """);
    assertArrayEquals(new double[] {100, 200}, metrics.curve("a", "loss").steps());
    assertArrayEquals(new double[] {3.5, 2}, metrics.curve("a", "loss").values());
    assertArrayEquals(new double[] {200}, metrics.curve("a", "other").steps());
    assertTrue(metrics.curve("c", "loss").isEmpty());
    assertEquals(7, metrics.last("a").orElseThrow().path("other").intValue());
    assertTrue(metrics.last("c").isEmpty());
  }

  /** A process that is killed, or that is still writing. */
  @Test
  void aLastLineThatIsNotWholeIsPassedOver() throws IOException {
    MetricsFile metrics = read("{\"stage\":\"a\",\"step\":1,\"loss\":3}\n{\"stage\":\"a\",\"st");
    assertEquals(1, metrics.curve("a", "loss").steps().length);
  }

  @Test
  void anythingElseIsRefused() {
    for (String text : new String[] {"x\n{}\n", "{\"step\":1}\n", "[1]\n{}\n"}) {
      assertThrows(TensorFileException.class, () -> read(text), text);
    }
  }
}
