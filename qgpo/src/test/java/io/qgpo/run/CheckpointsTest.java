package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.SafeTensors;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path folder;
  private final List<String> messages = new ArrayList<>();
  private Checkpoints checkpoints;

  @BeforeEach
  void openFolder() {
    checkpoints = new Checkpoints(folder, 2, messages::add);
  }

  private static ObjectNode state(long step) {
    return JsonFiles.object().put("behaviourSteps", step).put("note", "\"é\"");
  }

  private void save(long step) {
    checkpoints.save(
        step,
        state(step),
        List.of(
            NamedArray.of("w", new float[] {step, 2}, 2), NamedArray.of("n", new long[] {step})));
  }

  private void assertLatest(long step) {
    Checkpoint latest = checkpoints.latest().orElseThrow();
    assertEquals(step, latest.step());
    assertEquals(state(step).toString(), latest.state().toString());
    assertEquals(2, latest.arrays().size());
    assertArrayEquals(new float[] {step, 2}, latest.arrays().get("w").floats());
    assertArrayEquals(new long[] {step}, latest.arrays().get("n").longs());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private Path file(long step) {
    return folder.resolve("step-%06d.safetensors".formatted(step));
  }

  @Test
  void aNewRunHasNone() throws IOException {
    assertTrue(checkpoints.latest().isEmpty());
    Files.writeString(folder.resolve("notes.txt"), "kept");
    Files.writeString(folder.resolve(".writing-1.tmp"), "half");
    assertTrue(checkpoints.latest().isEmpty());
  }

  @Test
  void theBestStaysWhateverIsSavedLater() throws IOException {
    assertTrue(checkpoints.best().isEmpty());
    checkpoints.saveBest(7, state(7), List.of(NamedArray.of("w", new float[] {7}, 1)));
    save(8);
    save(9);
    save(10);
    Checkpoint best = checkpoints.best().orElseThrow();
    assertEquals(7, best.step());
    assertArrayEquals(new float[] {7}, best.arrays().get("w").floats());
    assertLatest(10);
    checkpoints.saveBest(12, state(12), List.of(NamedArray.of("w", new float[] {12}, 1)));
    assertEquals(12, checkpoints.best().orElseThrow().step());
    Files.write(folder.resolve("best.safetensors"), new byte[100]);
    assertThrows(TensorFileException.class, () -> checkpoints.best());
  }

  @Test
  void asManyAsAskedForAreKept() throws IOException {
    for (int keep : new int[] {1, 3}) {
      checkpoints = new Checkpoints(folder, keep, messages::add);
      for (long step = 10 * keep; step < 10 * keep + 5; step++) {
        save(step);
      }
      assertEquals(keep, files().size());
      assertLatest(10 * keep + 4);
    }
    assertThrows(IllegalArgumentException.class, () -> new Checkpoints(folder, 0, messages::add));
  }

  @Test
  void theLastTwoAreKept() throws IOException {
    for (long step : new long[] {0, 5, 10, 999_999, 1_000_000}) {
      save(step);
      assertLatest(step);
    }
    assertEquals(List.of("step-1000000.safetensors", "step-999999.safetensors"), files());
    save(1_000_000); // again
    assertEquals(2, files().size());
    assertLatest(1_000_000);
  }

  @Test
  void equalStatesGiveEqualFiles() throws IOException {
    save(1);
    byte[] first = Files.readAllBytes(file(1));
    save(1);
    assertArrayEquals(first, Files.readAllBytes(file(1)));
  }

  /** A clock that is set back between two saves changes nothing: steps tell which is newer. */
  @Test
  void theNewestIsThatOfTheMostStepsWhateverTheClockSays() throws IOException {
    save(1);
    save(2);
    Files.setLastModifiedTime(folder.resolve("step-000002.safetensors"), FileTime.fromMillis(0));
    assertLatest(2);
    save(3);
    assertLatest(3);
    assertEquals(List.of("step-000002.safetensors", "step-000003.safetensors"), files());
  }

  @Test
  void aCutFileFallsBackToTheOneBefore() throws IOException {
    save(1);
    save(2);
    byte[] whole = Files.readAllBytes(file(2));
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file(2), Arrays.copyOf(whole, length));
      messages.clear();
      assertLatest(1);
      assertEquals(1, messages.size());
      assertTrue(
          messages.getFirst().startsWith("Skipping an unusable checkpoint. " + file(2)),
          messages.getFirst());
    }
  }

  @Test
  void aFlippedBitFallsBackToTheOneBefore() throws IOException {
    save(1);
    save(2);
    byte[] bytes = Files.readAllBytes(file(2));
    bytes[bytes.length - 6] ^= 4; // in the last array
    Files.write(file(2), bytes);
    assertLatest(1);
    assertTrue(messages.getFirst().contains("checksum"), messages.getFirst());
  }

  @Test
  void goingOnAfterAFallbackDropsTheDamagedFuture() throws IOException {
    save(1);
    save(3);
    Files.write(file(3), new byte[10]);
    assertLatest(1);
    save(2);
    assertEquals(List.of(file(1).getFileName() + "", file(2).getFileName() + ""), files());
    assertLatest(2);
  }

  @Test
  void allDamagedIsAFault() throws IOException {
    save(1);
    save(2);
    Files.write(file(1), new byte[0]);
    Files.write(file(2), new byte[9]);
    String message = assertThrows(RunException.class, () -> checkpoints.latest()).getMessage();
    assertEquals(
        "No checkpoint in %s can be used: put one back from a copy, or delete all that are there,"
                .formatted(folder)
            + " and 'train --resume' takes the run from its beginning.",
        message);
    assertEquals(2, messages.size());
    assertTrue(messages.getFirst().contains(file(2).toString()), messages.getFirst());
  }

  @Test
  void aRenamedFileOrAnotherFormatIsRefused() throws IOException {
    save(1);
    Files.move(file(1), file(4));
    assertRefused("metadata 'step': expected '4', found '1'");
    write(Map.of("format", "qgpo checkpoint 2", "step", "4", "state", "{}"));
    assertRefused("metadata 'format': expected 'qgpo checkpoint 1', found 'qgpo checkpoint 2'");
    write(Map.of("step", "4"));
    assertRefused("expected the keys [format, state, step], found '[step]'");
    write(Map.of("format", "qgpo checkpoint 1", "step", "4", "state", "{\"a\":1,\"a\":2}"));
    assertRefused("metadata 'state' line 1");
    write(Map.of("format", "qgpo checkpoint 1", "step", "4", "state", "[]"));
    assertRefused("a JSON object, found ARRAY");
  }

  private void write(Map<String, String> metadata) {
    SafeTensors.writeChecksummed(file(4), List.of(), metadata);
  }

  private void assertRefused(String part) {
    assertThrows(RunException.class, () -> checkpoints.latest());
    assertTrue(messages.getLast().contains(part), messages.getLast());
  }

  @Test
  void saysWhyItCannotSave() {
    assertThrows(IllegalArgumentException.class, () -> save(-1));
    var missing = new Checkpoints(folder.resolve("missing"), 2, messages::add);
    String message =
        assertThrows(
                TensorFileException.class, () -> missing.save(1, JsonFiles.object(), List.of()))
            .getMessage();
    assertTrue(message.contains("does not exist"), message);
    assertThrows(TensorFileException.class, missing::latest);
  }
}
