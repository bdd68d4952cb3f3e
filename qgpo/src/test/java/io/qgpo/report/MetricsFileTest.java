package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.report.MetricsFile.Curve;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void returnsOnTheWayAreCurvesOfTheirScale() throws IOException {
    MetricsFile metrics =
        read(
            """
            {"stage":"evaluation","step":5,"of":"behaviour","guidance":0,"return":1,"sd":9}
            {"stage":"evaluation","step":5,"of":"critic and energy","guidance":1,"return":2}
            {"stage":"evaluation","step":5,"of":"critic and energy","guidance":0.5,"return":3}
            {"stage":"evaluation","step":10,"of":"critic and energy","guidance":1.0,"return":4}
            """);
    assertArrayEquals(new double[] {1}, metrics.returns("behaviour").get(0.0).values());
    SortedMap<Double, Curve> guided = metrics.returns("critic and energy");
    assertEquals(Set.of(0.5, 1.0), guided.keySet());
    assertArrayEquals(new double[] {5, 10}, guided.get(1.0).steps());
    assertArrayEquals(new double[] {2, 4}, guided.get(1.0).values());
    Curve compared = metrics.curve(TrainingCurve.RETURN.stage(), TrainingCurve.RETURN.key());
    assertArrayEquals(new double[] {2, 4}, compared.values());
    assertTrue(metrics.returns("support actions").isEmpty());
  }

  /** What a loss is that is not a number, as text. */
  @Test
  void textIsNoNumber() throws IOException {
    assertTrue(
        read("{\"stage\":\"a\",\"step\":1,\"loss\":\"NaN\"}\n").curve("a", "loss").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "{'step':1}",
        "[1]",
        "{'stage':7,'step':1}",
        "{'stage':'a'}",
        "{'stage':'a','step':'1'}",
        "{'stage':'a','step':1e999}",
        "{'stage':'a','step':-1}",
        "{'stage':'a','step':1.5}",
        "{'stage':'a','step':1,'loss':1e999}",
        "{'stage':'a','step':1,'loss':-1e308}",
        "{'stage':'a','step':1,'guidance':1e308,'of':'b','return':1}",
        "{'stage':'a','step':1,'guidance':1,'of':2,'return':1}",
        "{'stage':'a','step':1,'guidance':1,'of':'b','return':[]}",
        "{'stage':'a','step':1}}",
      })
  void anythingElseIsRefused(String line) {
    String text = line.replace('\'', '"') + "\n{\"stage\":\"a\",\"step\":1}\n";
    String message = assertThrows(TensorFileException.class, () -> read(text)).getMessage();
    assertTrue(message.matches(".*metrics.jsonl, line 1\\b.*: expected .*, found .*"), message);
  }

  @Test
  void lengthIsBounded() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    assertFault("line 2: expected at most 1048576 characters", "{}".repeat(1 << 19) + " \n");
    var keys = new StringBuilder("{\"stage\":\"a\",\"step\":1");
    for (int i = 0; i < 1001; i++) {
      keys.append(",\"k%d\":1".formatted(i));
    }
    assertFault("keys: expected at most 1000", keys + "}\n");
    try (FileChannel huge = FileChannel.open(file, StandardOpenOption.WRITE)) {
      huge.write(ByteBuffer.allocate(1), 700_000_000); // of which nothing else is on the disk
    }
    String message =
        assertThrows(TensorFileException.class, () -> MetricsFile.read(file)).getMessage();
    assertTrue(message.contains("size: expected at most 67108864 bytes"), message);
  }

  private void assertFault(String part, String secondLine) {
    String text = "{\"stage\":\"a\",\"step\":0}\n" + secondLine + "{\"x";
    String message = assertThrows(TensorFileException.class, () -> read(text)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("metrics.jsonl"), new byte[] {'{', (byte) 0xff, '}'});
    String message =
        assertThrows(TensorFileException.class, () -> MetricsFile.read(file)).getMessage();
    assertTrue(message.contains("expected UTF-8"), message);
  }
}
