package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("metrics.jsonl");
  }

  private static void append(Metrics metrics, long step) {
    metrics.append(Metrics.line("critic", step).put("loss", step / 2.0).put("été", "a\nb"));
  }

  private static String expected(long step) {
    return "{\"stage\":\"critic\",\"step\":%d,\"loss\":%s,\"été\":\"a\\nb\"}"
        .formatted(step, step / 2.0);
  }

  private String fault(long length) {
    return assertThrows(TensorFileException.class, () -> Metrics.open(file, length)).getMessage();
  }

  @Test
  void eachLineCanBeReadAtOnce() throws IOException {
    try (var metrics = Metrics.open(file, 0)) {
      append(metrics, 1);
      assertEquals(List.of(expected(1)), Files.readAllLines(file));
      append(metrics, 2);
      assertEquals(List.of(expected(1), expected(2)), Files.readAllLines(file));
      assertEquals(Files.size(file), metrics.sync());
    }
  }

  @Test
  void resumingCutsWhatCameAfterTheCheckpoint() throws IOException {
    long length;
    try (var metrics = Metrics.open(file, 0)) {
      append(metrics, 1);
      length = metrics.sync();
      append(metrics, 2);
    }
    Files.writeString(file, "{\"stage\":\"cri", StandardOpenOption.APPEND); // killed in a write
    try (var metrics = Metrics.open(file, length)) {
      append(metrics, 2);
      append(metrics, 3);
    }
    assertEquals(List.of(expected(1), expected(2), expected(3)), Files.readAllLines(file));
  }

  @Test
  void aNewRunStartsEmpty() throws IOException {
    Files.writeString(file, "old\n");
    Metrics.open(file, 0).close();
    assertEquals(0, Files.size(file));
  }

  @Test
  void aFileThatCannotBeWrittenIsAFault() {
    var metrics = Metrics.open(file, 0);
    metrics.close();
    String message = assertThrows(TensorFileException.class, () -> append(metrics, 1)).getMessage();
    assertTrue(message.startsWith("Could not write " + file), message);
    assertThrows(TensorFileException.class, metrics::sync);
  }

  @Test
  void refusesAFileThatTheCheckpointDoesNotFit() throws IOException {
    assertTrue(fault(5).contains("does not exist"), fault(5));
    Files.writeString(file, "{}\n{}\n");
    assertTrue(
        fault(7).contains("size: expected at least the 7 bytes of the checkpoint, found 6 bytes"),
        fault(7));
    assertTrue(fault(4).contains("byte 3: expected the end of a line"), fault(4));
    assertThrows(TensorFileException.class, () -> Metrics.open(file, -1));
    assertEquals("{}\n{}\n", Files.readString(file)); // and left it as it was
  }
}
