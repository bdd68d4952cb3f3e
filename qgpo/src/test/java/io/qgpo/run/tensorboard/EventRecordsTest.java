package io.qgpo.run.tensorboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class EventRecordsTest {
  @TempDir Path folder;

  /** TensorBoard's own writer (2.21, RecordWriter) gives these bytes. */
  @Test
  void theHeadIsTensorBoards() {
    assertEquals(
        "1800000000000000a37f4b22"
            + "09000000000000f83f1a0d627261696e2e4576656e743a32"
            + "2a28646c",
        HexFormat.of().formatHex(EventRecords.head(1.5)));
  }

  @Test
  void aZeroIsWritten() throws IOException {
    Path file = folder.resolve("events");
    Files.write(file, EventRecords.head(1));
    Files.write(file, EventRecords.scalars(2, 7, Map.of("a/b", 0.0)), StandardOpenOption.APPEND);
    Files.write(file, EventRecords.scalars(3, 8, Map.of("a/b", -.5)), StandardOpenOption.APPEND);
    assertEquals(List.of("7 a/b 0.0", "8 a/b -0.5"), Events.read(file));
  }

  /** QGPO_TENSORBOARD names a Python that has TensorBoard. */
  @Test
  @EnabledIfEnvironmentVariable(
      named = "QGPO_TENSORBOARD",
      matches = ".+",
      disabledReason = "QGPO_TENSORBOARD names no Python with TensorBoard")
  void tensorBoardReadsThem() throws Exception {
    Path file = folder.resolve("events.out.tfevents.qgpo");
    Files.write(file, EventRecords.head(1));
    for (int step = 1; step <= 3; step++) {
      Files.write(
          file,
          EventRecords.scalars(step, 100 * step, Map.of("critic/loss", step - 2.0)),
          StandardOpenOption.APPEND);
    }
    String script =
        """
        import sys
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        events = EventAccumulator(sys.argv[1])
        events.Reload()
        for event in events.Scalars("critic/loss"):
            print(event.step, event.value)
        """;
    Process python =
        new ProcessBuilder(System.getenv("QGPO_TENSORBOARD"), "-c", script, folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(python.getInputStream().readAllBytes(), UTF_8);
    python.waitFor(60, TimeUnit.SECONDS);
    assertEquals(List.of("100 -1.0", "200 0.0", "300 1.0"), out.lines().toList());
  }
}
