package io.qgpo.data.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.qgpo.data.DataException;
import io.qgpo.data.Dataset;
import io.qgpo.data.DatasetInfo;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.Sha256;
import io.qgpo.data.Transitions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class D4rlReaderTest {
  @TempDir Path folder;

  private static Path fixture(String name) {
    try {
      return Path.of(D4rlReaderTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Five rows, observation 2, action 1: a sound file's keys, to be spoilt one by one. */
  private static Map<String, Object> sound() {
    Map<String, Object> keys = new TreeMap<>();
    keys.put("observations", new float[][] {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}});
    keys.put("actions", new float[][] {{.1f}, {.2f}, {.3f}, {.4f}, {.5f}});
    keys.put("rewards", new float[] {1, 2, 3, 4, 5});
    keys.put("terminals", new byte[] {0, 0, 1, 0, 0});
    keys.put("timeouts", new byte[] {0, 0, 0, 0, 1});
    return keys;
  }

  private Path write(Map<String, Object> keys) {
    Path file = folder.resolve("made.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      keys.forEach(hdf::putDataset);
    }
    return file;
  }

  private Path with(String key, Object value) {
    Map<String, Object> keys = sound();
    keys.put(key, value);
    return write(keys);
  }

  private static String refusal(Path file) {
    String message = assertThrows(DataException.class, () -> DatasetFiles.read(file)).getMessage();
    assertFalse(message.contains("\n"), "one line");
    return message;
  }

  /** The formulas of make_fixtures.py. */
  private static void assertFixtureValues(Transitions t) {
    for (int k = 0; k < t.size(); k++) {
      int row = t.stateIndex(k);
      assertEquals(row + 1, t.nextIndex(k));
      assertEquals(row / 2f, t.reward(k));
      assertEquals(row == 9 || row == 29 || row == 39, t.terminal(k));
      for (int c = 0; c < 3; c++) {
        assertEquals(row + c / 8f, t.state(row, c));
      }
      for (int c = 0; c < 2; c++) {
        assertEquals(((row * 2 + c) % 9 - 4) / 4f, t.action(k, c));
      }
    }
  }

  @Test
  void readsD4rlsOwnLayout() {
    Dataset d = DatasetFiles.read(fixture("enum_gzip.hdf5"));
    assertEquals(57, d.transitions().size());
    assertEquals(60, d.transitions().stateCount());
    assertFixtureValues(d.transitions());
    DatasetInfo info = d.info();
    assertEquals(3, info.observationSize());
    assertEquals(2, info.actionSize());
    assertEquals(4, info.completeEpisodes());
    assertEquals(2, info.timedOutEpisodes());
    assertEquals(2, info.terminals());
    assertEquals(97.5, info.returns().mean());
    assertEquals(
        List.of(
            "1 rows are both terminal and timeout: timeout wins, they are skipped",
            "the last episode is cut off: rows 40 to 59 reach neither terminal nor timeout"),
        info.faults());
  }

  @Test
  void readsFloat64BigEndianColumnsWithoutTimeouts() {
    Dataset d = DatasetFiles.read(fixture("float64.hdf5"));
    assertEquals(59, d.transitions().size());
    assertFixtureValues(d.transitions());
    assertEquals(
        "timeouts are not recorded: a limit of 1000 steps is used", d.info().faults().get(0));
    assertEquals(2, d.info().faults().size(), "next_observations agrees with the rows");
    Dataset limited =
        DatasetFiles.read(fixture("float64.hdf5"), ReadOptions.DEFAULT.withStepLimit(12));
    assertTrue(limited.info().timedOutEpisodes() > 0);
  }

  @Test
  void hashIsThatOfTheFile() throws IOException {
    Path file = folder.resolve("abc");
    Files.writeString(file, "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256.ofFile(file));
    Dataset d = DatasetFiles.read(fixture("enum_gzip.hdf5"));
    assertEquals(Sha256.ofFile(fixture("enum_gzip.hdf5")), d.source().sha256());
    assertEquals("enum_gzip.hdf5", d.source().name());
    assertFalse(d.source().generated());
  }

  @Test
  void readsWhatJhdfWrites() {
    Dataset d = DatasetFiles.read(write(sound()));
    assertArrayEquals(new float[] {1, 2, 3, 4}, d.transitions().rewards());
    assertEquals(2, d.info().completeEpisodes());
    assertEquals(7.5, d.info().returns().mean());
  }

  @Test
  void rowsOutOfOrderAreReported() {
    float[][] next = {{2, 3}, {4, 5}, {99, 99}, {-8, 9}, {99, 99}};
    Dataset d = DatasetFiles.read(with("next_observations", next));
    assertEquals(
        List.of(
            "next_observations differs from the following row's observation in 1 rows, first row"
                + " 3"),
        d.info().faults());
    assertEquals(
        "made.hdf5, key 'next_observations': expected 5 x 2 as in 'observations', found 5 x 1",
        refusal(with("next_observations", new float[5][1])));
  }

  @Test
  void missingKey() {
    for (String key : List.of("observations", "actions", "rewards", "terminals")) {
      Map<String, Object> keys = sound();
      keys.remove(key);
      String others = String.join(", ", keys.keySet());
      assertEquals(
          "made.hdf5, key '" + key + "': expected this key, found only " + others,
          refusal(write(keys)));
    }
    assertEquals(
        "made.hdf5, key 'observations': expected this key, found none", refusal(write(Map.of())));
  }

  @Test
  void wrongShape() {
    assertEquals(
        "made.hdf5, key 'observations': expected shape [rows, columns], found [5]",
        refusal(with("observations", new float[5])));
    assertEquals(
        "made.hdf5, key 'actions': expected shape [rows, columns], found [5, 1, 2]",
        refusal(with("actions", new float[5][1][2])));
    assertEquals(
        "made.hdf5, key 'rewards': expected shape [rows] or [rows, 1], found [5, 2]",
        refusal(with("rewards", new float[5][2])));
    assertEquals(
        "made.hdf5, key 'terminals': expected shape [rows] or [rows, 1], found [5, 2]",
        refusal(with("terminals", new byte[5][2])));
    assertEquals(
        "made.hdf5, key 'rewards': expected an array, found a scalar or nothing",
        refusal(with("rewards", 3f)));
  }

  @Test
  void unequalRows() {
    assertEquals(
        "made.hdf5, key 'observations': expected 5 rows as in 'rewards', found 4 rows",
        refusal(with("observations", new float[4][2])));
    assertEquals(
        "made.hdf5, key 'actions': expected 5 rows as in 'rewards', found 6 rows",
        refusal(with("actions", new float[6][1])));
    assertEquals(
        "made.hdf5, key 'terminals': expected 5 rows as in 'rewards', found 4 rows",
        refusal(with("terminals", new byte[4])));
    assertEquals(
        "made.hdf5, key 'timeouts': expected 5 rows as in 'rewards', found 1 rows",
        refusal(with("timeouts", new byte[1])));
  }

  @Test
  void tooFewRows() {
    Map<String, Object> keys = sound();
    keys.put("observations", new float[1][2]);
    keys.put("actions", new float[1][1]);
    keys.put("rewards", new float[1]);
    keys.put("terminals", new byte[1]);
    keys.put("timeouts", new byte[1]);
    assertEquals(
        "made.hdf5, key 'rewards': expected at least 2 rows, found 1 rows", refusal(write(keys)));
    assertEquals(
        "made.hdf5: expected at least one transition, found none",
        refusal(with("timeouts", new byte[] {1, 1, 1, 1, 1})));
  }

  @Test
  void wrongType() {
    assertEquals(
        "made.hdf5, key 'rewards', row 0: expected true (1) or false (0), found a",
        refusal(with("rewards", new String[] {"a", "b", "c", "d", "e"})));
    assertEquals(
        "made.hdf5, key 'terminals', row 3: expected true (1) or false (0), found 7",
        refusal(with("terminals", new byte[] {0, 1, 0, 7, 0})));
    assertEquals(
        "made.hdf5, key 'terminals', row 1: expected true (1) or false (0), found 0.5",
        refusal(with("terminals", new float[] {0, .5f, 0, 0, 0})));
    assertEquals(
        "made.hdf5, key 'rewards': expected integers from -16777216 to 16777216, which float32"
            + " holds exactly, found 16777217 at place 2",
        refusal(with("rewards", new long[] {0, 1, 16777217, 0, 0})));
  }

  /** As programs write rewards of 0 and 1, and flags of any type. */
  @Test
  void integersAreNumbersToo() {
    Map<String, Object> keys = sound();
    keys.put("observations", new int[][] {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}});
    keys.put("actions", new short[][] {{1}, {-2}, {3}, {4}, {5}});
    keys.put("rewards", new long[] {1, 0, -16777216, 4, 5});
    keys.put("terminals", new int[] {0, 0, 1, 0, 0});
    keys.put("timeouts", new double[] {0, 0, 0, 0, 1});
    Transitions t = DatasetFiles.read(write(keys)).transitions();
    assertEquals(-16777216f, t.reward(2));
    assertEquals(7f, t.state(3, 1));
    assertTrue(t.terminal(2));
  }

  @Test
  void infosMayBeIntegersOrBooleans() {
    Path file = folder.resolve("made.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      sound().forEach(hdf::putDataset);
      var infos = hdf.putGroup("infos");
      infos.putDataset("success", new long[] {0, 1, 0, 9007199254740992L, 1});
      infos.putDataset("phase", new int[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}});
      infos.putDataset("note", new String[] {"a", "b", "c", "d", "e"});
    }
    LoggedRows rows = DatasetFiles.readRows(file, ReadOptions.DEFAULT.keepingExtras());
    assertEquals(Set.of("infos/success", "infos/phase"), rows.extras().keySet());
    assertEquals(9007199254740992.0, rows.extra("infos/success").orElseThrow().at(3, 0));
    assertTrue(rows.extra("infos/success").orElseThrow().isVector());
    assertEquals(8, rows.extra("infos/phase").orElseThrow().at(3, 1));
  }

  @Test
  void aGroupOrALinkIsNotData() {
    Path file = folder.resolve("made.hdf5");
    Map<String, Object> keys = sound();
    keys.remove("rewards");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putGroup("rewards").putDataset("nested", new float[5]);
      keys.forEach(hdf::putDataset);
    }
    assertEquals("made.hdf5, key 'rewards': expected a data set, found a group", refusal(file));
    assertEquals(
        "external_link.hdf5, key 'observations': expected a data set, found a link",
        refusal(fixture("external_link.hdf5")));
  }

  @Test
  void notANumber() {
    float[][] observations = {{0, 1}, {2, 3}, {4, Float.NaN}, {6, 7}, {8, 9}};
    assertEquals(
        "made.hdf5, key 'observations', row 2: expected finite numbers, found NaN in column 1",
        refusal(with("observations", observations)));
    assertEquals(
        "made.hdf5, key 'rewards', row 4: expected finite numbers, found Infinity in column 0",
        refusal(with("rewards", new double[] {1, 2, 3, 4, 1e300})));
  }

  @Test
  void notAFile() throws IOException {
    assertEquals(
        "none.hdf5: expected a file or folder of data, found none at "
            + folder.resolve("none.hdf5"),
        refusal(folder.resolve("none.hdf5")));
    Path empty = Files.createFile(folder.resolve("empty.hdf5"));
    assertEquals("empty.hdf5: expected an HDF5 file, found an empty file", refusal(empty));
    Path directory = Files.createDirectory(folder.resolve("dir.hdf5"));
    assertEquals(
        "dir.hdf5: expected a Minari folder with data/main_data.hdf5, found a folder without it",
        refusal(directory));
    Path text = Files.writeString(folder.resolve("text.hdf5"), "x,y\n".repeat(100));
    assertEquals(
        "text.hdf5: expected an HDF5 file (signature \\x89HDF at offset 0), found other content",
        refusal(text));
  }

  @Test
  void aCutFileSaysSo() throws IOException {
    for (String name : List.of("enum_gzip.hdf5", "float64.hdf5")) {
      byte[] whole = Files.readAllBytes(fixture(name));
      for (int length : new int[] {whole.length - 1, whole.length / 2, 100}) {
        Path cut = Files.write(folder.resolve("cut.hdf5"), Arrays.copyOf(whole, length));
        assertEquals(
            "cut.hdf5: expected %d bytes as its header says, found %d (the file was cut)"
                .formatted(whole.length, length),
            refusal(cut));
      }
    }
  }

  /** Whatever bytes are wrong, the reader either reads or gives its own one-sentence error. */
  @Test
  void noiseNeverEscapesAsAnotherError() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    Path file = folder.resolve("noise.hdf5");
    int refused = 0;
    for (String name : List.of("enum_gzip.hdf5", "float64.hdf5")) {
      byte[] whole = Files.readAllBytes(fixture(name));
      for (int n = 0; n < 400; n++) {
        byte[] spoilt = whole.clone();
        int from = random.nextInt(spoilt.length);
        int to = Math.min(spoilt.length, from + 1 + random.nextInt(8));
        for (int i = Math.max(from, 8); i < to; i++) {
          spoilt[i] = (byte) random.nextInt(256);
        }
        Files.write(file, spoilt);
        try {
          assertTrue(DatasetFiles.read(file).transitions().size() > 0);
        } catch (DataException e) {
          assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
          refused++;
        }
      }
    }
    assertTrue(refused > 100, "noise is noticed: " + refused);
  }
}
