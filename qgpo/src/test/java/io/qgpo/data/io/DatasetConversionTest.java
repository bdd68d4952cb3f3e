package io.qgpo.data.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.data.Transitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetConversionTest {
  private static final int LIMIT = 9;
  private static final ReadOptions ALL = ReadOptions.DEFAULT.withStepLimit(LIMIT).keepingExtras();

  @TempDir Path folder;

  private Path path(FileFormat format, String name) {
    return folder.resolve(
        name
            + switch (format) {
              case D4RL -> ".hdf5";
              case MINARI -> "";
              case NPZ -> ".npz";
              case CSV -> ".csv";
            });
  }

  private LoggedRows through(LoggedRows rows, FileFormat format, String name) {
    Path file = path(format, name);
    DatasetConversion.write(rows, file, format, LIMIT, false);
    return DatasetFiles.readRows(file, ALL);
  }

  private static Transitions transitions(LoggedRows rows) {
    return io.qgpo.data.Dataset.of(rows, LIMIT).transitions();
  }

  private static void assertSameTransitions(LoggedRows a, LoggedRows b) {
    assertArrayEquals(a.timeouts(LIMIT), b.timeouts(LIMIT));
    Transitions s = transitions(a);
    Transitions t = transitions(b);
    assertArrayEquals(s.rewards(), t.rewards());
    assertArrayEquals(s.stateIndices(), t.stateIndices());
    assertArrayEquals(s.nextIndices(), t.nextIndices());
    assertArrayEquals(s.terminalsAsFloat(), t.terminalsAsFloat());
    float[][] states = new float[2][s.stateCount() * s.observationSize()];
    s.copyStates(0, s.stateCount(), states[0], 0, s.observationSize());
    t.copyStates(0, t.stateCount(), states[1], 0, t.observationSize());
    assertArrayEquals(states[0], states[1]);
    float[][] actions = new float[2][s.size() * s.actionSize()];
    s.copyActions(0, s.size(), actions[0], 0, s.actionSize());
    t.copyActions(0, t.size(), actions[1], 0, t.actionSize());
    assertArrayEquals(actions[0], actions[1]);
  }

  private static void assertSameExtras(LoggedRows a, LoggedRows b) {
    assertEquals(a.extras().keySet(), b.extras().keySet());
    a.extras()
        .forEach(
            (key, array) -> {
              RowArray other = b.extras().get(key);
              assertEquals(array.columns(), other.columns(), key);
              assertEquals(array.isVector(), other.isVector(), key);
              for (int i = 0; i < array.rows(); i++) {
                for (int c = 0; c < array.columns(); c++) {
                  assertEquals(array.at(i, c), other.at(i, c), key);
                }
              }
            });
  }

  static Stream<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (FileFormat from : FileFormat.values()) {
      for (FileFormat to : FileFormat.values()) {
        for (int kind = 0; kind < 4; kind++) {
          pairs.add(Arguments.of(from, to, kind % 2 == 1, kind >= 2));
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyPairKeepsEveryBit(FileFormat from, FileFormat to, boolean timeouts, boolean extras) {
    LoggedRows rows = Samples.rows(41, timeouts, extras);
    LoggedRows first = through(rows, from, "first");
    LoggedRows second = through(first, to, "second");
    assertSameTransitions(rows, first);
    assertSameTransitions(rows, second);
    assertSameExtras(rows, second);
    boolean minari = from == FileFormat.MINARI || to == FileFormat.MINARI;
    assertEquals(timeouts || minari, second.hasTimeouts());
  }

  /** More rows than a chunk has; an episode longer than a chunk. */
  @ParameterizedTest
  @EnumSource
  void manyRows(FileFormat format) {
    LoggedRows rows = Samples.rows(20_000, true, true);
    assertSameTransitions(rows, through(rows, format, "many"));
    LoggedRows one =
        LoggedRows.of(
            rows.source(),
            1,
            1,
            new float[10_000],
            new float[10_000],
            new float[10_000],
            new boolean[10_000],
            new boolean[10_000]);
    assertSameTransitions(one, through(one, format, "one"));
  }

  @Test
  void hdf5IsInD4rlsLayout() {
    LoggedRows rows = Samples.rows(41, true, true);
    Path file = path(FileFormat.D4RL, "d4rl");
    DatasetConversion.write(rows, file, FileFormat.D4RL, LIMIT, false);
    try (HdfFile hdf = new HdfFile(file)) {
      for (String key : List.of("terminals", "timeouts")) {
        Dataset data = hdf.getDatasetByPath(key);
        assertEquals(byte.class, data.getJavaType());
        assertArrayEquals(new int[] {41}, data.getDimensions());
      }
      assertArrayEquals(new int[] {41, 3}, hdf.getDatasetByPath("observations").getDimensions());
      assertEquals(float.class, hdf.getDatasetByPath("observations").getJavaType());
      assertArrayEquals(new int[] {41}, hdf.getDatasetByPath("rewards").getDimensions());
      assertEquals(double.class, hdf.getDatasetByPath("infos/qpos").getJavaType());
      assertArrayEquals(
          new int[] {41}, hdf.getDatasetByPath("infos/action_log_probs").getDimensions());
    }
  }

  @Test
  void minariHasAMetadataFile() throws IOException {
    Path target = folder.resolve("set-v0");
    DatasetConversion.write(Samples.rows(41, true, false), target, FileFormat.MINARI, LIMIT, false);
    String json = Files.readString(target.resolve("data/metadata.json"));
    assertTrue(json.contains("\"dataset_id\" : \"set-v0\""), json);
    assertTrue(json.contains("\"total_episodes\" : 13"), json);
    assertTrue(json.contains("\"total_steps\" : 41"), json);
    assertTrue(json.contains("\"data_format\" : \"hdf5\""), json);
    assertTrue(json.contains("\"final_observations\" : \"repeated\""), json);
    assertTrue(json.contains("[-Infinity,-Infinity]"), json);
    assertFalse(
        DatasetFiles.readRows(target, ALL).extras().containsKey("next_observations"),
        "a repeated observation is not a recorded one");
  }

  @Test
  void minariKeepsOneObservationForBoth() {
    LoggedRows rows = Samples.rows(41, true, false);
    LoggedRows shuffled =
        rows.with(Map.of("next_observations", RowArray.matrix(3, new float[41 * 3])), List.of());
    assertEquals(
        "made, key 'next_observations', row 0: expected the observation of the following row, as"
            + " Minari keeps one for both, found another in column 0",
        assertThrows(
                DataException.class,
                () ->
                    DatasetConversion.write(
                        shuffled, folder.resolve("s"), FileFormat.MINARI, LIMIT, false))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void existingDataAreKeptUnlessForced(FileFormat format) throws IOException {
    Path file = path(format, "there");
    DatasetConversion.write(Samples.rows(41, true, true), file, format, LIMIT, false);
    LoggedRows other = Samples.rows(30, true, false);
    assertEquals(
        file.getFileName() + ": expected no data there yet (--force replaces them), found some",
        assertThrows(
                DataException.class,
                () -> DatasetConversion.write(other, file, format, LIMIT, false))
            .getMessage());
    assertEquals(41, DatasetFiles.readRows(file, ALL).size());
    DatasetConversion.write(other, file, format, LIMIT, true);
    assertEquals(30, DatasetFiles.readRows(file, ALL).size());
    assertEquals(List.of(file), list(folder), "nothing else is left there");
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeWrittenToIsNamed(FileFormat format) throws IOException {
    LoggedRows rows = Samples.rows(41, true, false);
    boolean minari = format == FileFormat.MINARI;
    Path taken = folder.resolve("taken");
    if (minari) {
      Files.createFile(taken);
    } else {
      Files.createDirectory(taken);
    }
    assertEquals(
        minari
            ? "taken: expected a folder to write to, found a file"
            : "taken: expected a file to write to, found a folder",
        assertThrows(
                DataException.class,
                () -> DatasetConversion.write(rows, taken, format, LIMIT, true))
            .getMessage());
  }

  @Test
  void aDifferenceIsAFaultOfTheWriter() {
    LoggedRows rows = Samples.rows(41, true, true);
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> RowComparison.check("x", rows, Samples.rows(40, true, true), LIMIT))
            .getMessage();
    assertEquals("x was not written: read back, it differs in shape", message);
    assertTrue(difference(rows, Samples.rows(41, false, true)).endsWith("timeouts"));
    assertTrue(difference(rows, Samples.rows(41, true, false)).endsWith("action_log_probs"));
    LoggedRows negated =
        LoggedRows.of(
            rows.source(),
            3,
            2,
            new float[41 * 3],
            new float[41 * 2],
            new float[41],
            new boolean[41],
            null);
    assertTrue(difference(rows, negated).endsWith("row 0"));
  }

  private static String difference(LoggedRows meant, LoggedRows written) {
    return assertThrows(
            IllegalStateException.class, () -> RowComparison.check("x", meant, written, LIMIT))
        .getMessage();
  }
}
