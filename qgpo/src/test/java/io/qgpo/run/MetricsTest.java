package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.tensorboard.Events;
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
  private Path events;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("metrics.jsonl");
    events = folder.resolve("events.out.tfevents.qgpo");
  }

  private static void append(Metrics metrics, long step) {
    metrics.append(Metrics.line("critic", step).put("loss", step / 2.0).put("été", "a\nb"));
  }

  private static String expected(long step) {
    return "{\"stage\":\"critic\",\"step\":%d,\"loss\":%s,\"été\":\"a\\nb\"}"
        .formatted(step, step / 2.0);
  }

  /** Returns the lengths after the first. */
  private Metrics.Lengths oneStepAndOneMore() {
    try (var metrics = Metrics.open(file, events, Metrics.Lengths.NONE)) {
      append(metrics, 1);
      Metrics.Lengths length = metrics.sync();
      append(metrics, 2);
      return length;
    }
  }

  private String fault(long length) {
    var keep = new Metrics.Lengths(length, 0);
    return assertThrows(TensorFileException.class, () -> Metrics.open(file, events, keep))
        .getMessage();
  }

  @Test
  void eachLineCanBeReadAtOnce() throws IOException {
    try (var metrics = Metrics.open(file, events, Metrics.Lengths.NONE)) {
      append(metrics, 1);
      assertEquals(List.of(expected(1)), Files.readAllLines(file));
      append(metrics, 2);
      assertEquals(List.of(expected(1), expected(2)), Files.readAllLines(file));
      assertEquals(new Metrics.Lengths(Files.size(file), Files.size(events)), metrics.sync());
    }
  }

  @Test
  void resumingCutsWhatCameAfterTheCheckpoint() throws IOException {
    Metrics.Lengths length = oneStepAndOneMore();
    Files.writeString(file, "{\"stage\":\"cri", StandardOpenOption.APPEND); // killed in a write
    try (var metrics = Metrics.open(file, events, length)) {
      append(metrics, 2);
      append(metrics, 3);
    }
    assertEquals(List.of(expected(1), expected(2), expected(3)), Files.readAllLines(file));
  }

  @Test
  void aNewRunStartsEmpty() throws IOException {
    Files.writeString(file, "old\n");
    Metrics.open(file, events, Metrics.Lengths.NONE).close();
    assertEquals(0, Files.size(file));
  }

  @Test
  void aFileThatCannotBeWrittenIsAFault() {
    var metrics = Metrics.open(file, events, Metrics.Lengths.NONE);
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
    fault(-1);
    assertEquals("{}\n{}\n", Files.readString(file)); // and left it as it was
  }

  @Test
  void tensorBoardGetsTheSameNumbersOnce() throws IOException {
    Metrics.Lengths length = oneStepAndOneMore();
    try (var metrics = Metrics.open(file, events, length)) {
      append(metrics, 2);
      metrics.append(
          Metrics.line("evaluation", 3).put("of", "critic").put("guidance", 2.5).put("return", 7));
      metrics.append(Metrics.line("no numbers", 4));
    }
    assertEquals(
        List.of(
            "1 critic/loss 0.5",
            "2 critic/loss 1.0",
            "3 evaluation after critic/return at guidance 2.5 7.0"),
        Events.read(events));
  }

  @Test
  void eventsThatAreGoneBeginAnew() throws IOException {
    Metrics.Lengths length = oneStepAndOneMore();
    Files.write(events, new byte[3]);
    try (var metrics = Metrics.open(file, events, length)) {
      append(metrics, 2);
    }
    assertEquals(List.of("2 critic/loss 1.0"), Events.read(events));
    assertEquals(List.of(expected(1), expected(2)), Files.readAllLines(file));
  }
}
