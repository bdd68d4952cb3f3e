package io.qgpo.data.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import io.qgpo.data.RowArray;
import io.qgpo.data.Sha256;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.Npz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherFormatsTest {
  private static final ReadOptions ALL = ReadOptions.DEFAULT.keepingExtras();

  @TempDir Path folder;

  private static String refusal(Path file, ReadOptions options) {
    String message =
        assertThrows(DataException.class, () -> DatasetFiles.read(file, options)).getMessage();
    assertFalse(message.contains("\n"), "one line");
    return message;
  }

  private static String refusal(Path file) {
    return refusal(file, ReadOptions.DEFAULT);
  }

  // ---- D4RL's optional keys ----

  @Test
  void optionalKeysAreReadOnRequest() {
    Path file = Samples.fixture("with_policy.hdf5");
    LoggedRows rows = DatasetFiles.readRows(file, ReadOptions.DEFAULT);
    assertTrue(rows.extras().isEmpty());
    assertTrue(rows.hasTimeouts());
    assertTrue(rows.timeout(19) && rows.terminal(9) && rows.terminal(39) && rows.timeout(39));
    assertEquals(List.of(), rows.faults(), "metadata and infos are no unknown keys");
    LoggedRows all = DatasetFiles.readRows(file, ALL);
    assertEquals(
        Set.of("infos/action_log_probs", "infos/labels", "infos/qpos"), all.extras().keySet());
    RowArray qpos = all.extra("infos/qpos").orElseThrow();
    assertEquals("float32[2]", qpos.toString());
    assertEquals(7.125, qpos.at(7, 1));
    RowArray logarithms = all.extra("infos/action_log_probs").orElseThrow();
    assertEquals("float64", logarithms.toString());
    assertEquals(-3.5, logarithms.at(7, 0));
  }

  @Test
  void metadataWithAPolicy() {
    Map<String, D4rlMetadata.Entry> metadata =
        D4rlMetadata.read(Samples.fixture("with_policy.hdf5"));
    assertEquals(
        Set.of(
            "algorithm",
            "iteration",
            "parents",
            "policy/fc0/weight",
            "policy/fc0/bias",
            "policy/nonlinearity"),
        metadata.keySet());
    assertEquals(new D4rlMetadata.Text("SAC"), metadata.get("algorithm"));
    assertEquals(new D4rlMetadata.Text("relu"), metadata.get("policy/nonlinearity"));
    assertNumbers(new int[0], new double[] {1000}, metadata.get("iteration"));
    assertNumbers(new int[] {2}, new double[] {3, 4}, metadata.get("parents"));
    assertNumbers(
        new int[] {2, 3}, new double[] {0, 1, 2, 3, 4, 5}, metadata.get("policy/fc0/weight"));
    assertNumbers(new int[] {2}, new double[] {.5, -.5}, metadata.get("policy/fc0/bias"));
    assertTrue(D4rlMetadata.read(Samples.fixture("float64.hdf5")).isEmpty());
  }

  private static void assertNumbers(int[] shape, double[] values, D4rlMetadata.Entry entry) {
    D4rlMetadata.Numbers numbers = (D4rlMetadata.Numbers) entry;
    assertArrayEquals(shape, numbers.shape());
    assertArrayEquals(values, numbers.values());
  }

  // ---- Minari ----

  /** The formulas of make_fixtures.py: rows in the order of the episodes' numbers. */
  private static void assertMinariRows(LoggedRows rows) {
    assertEquals(48, rows.size());
    int row = 0;
    for (int episode = 0; episode < 12; episode++) {
      int length = 3 + episode % 3;
      for (int step = 0; step < length; step++, row++) {
        boolean last = step == length - 1;
        assertEquals(row + 2 / 8f, rows.observation(row, 2));
        assertEquals(((row * 2 + 1) % 9 - 4) / 4f, rows.action(row, 1));
        assertEquals(row / 2f, rows.reward(row));
        assertEquals(last && episode % 3 == 0, rows.terminal(row));
        // Episodes that end with neither are cut by the recorder; the last one by the file's end.
        boolean cut = episode % 3 == 2 && episode != 11;
        assertEquals(last && (episode % 3 == 1 || cut), rows.timeout(row), "row " + row);
      }
    }
  }

  @Test
  void minariByFolderInnerFolderAndFile() throws IOException {
    Path set = Samples.fixture("minari");
    for (Path path :
        List.of(set, set.resolve("data"), set.resolve("data").resolve("main_data.hdf5"))) {
      assertMinariRows(DatasetFiles.readRows(path, ALL));
    }
    assertEquals(
        Sha256.ofFile(set.resolve("data").resolve("main_data.hdf5")),
        DatasetFiles.read(set).source().sha256());
    LoggedRows rows = DatasetFiles.readRows(set, ALL);
    assertEquals(Set.of("next_observations"), rows.extras().keySet(), "infos of text are none");
    assertEquals(3.125, rows.extra("next_observations").orElseThrow().at(2, 1));
  }

  @Test
  void minariUpTo04() {
    LoggedRows rows = DatasetFiles.readRows(Samples.fixture("minari_old"), ALL);
    assertMinariRows(rows);
    assertEquals(
        Set.of("infos/distance", "infos/qpos", "next_observations"), rows.extras().keySet());
    assertEquals(
        List.of("infos/sometimes is not in episode_5 as in the first episode: it is left out"),
        rows.faults());
    for (int i = 0; i < 48; i++) {
      assertEquals(i, rows.extra("infos/qpos").orElseThrow().at(i, 1));
      assertEquals(i / 4.0, rows.extra("infos/distance").orElseThrow().at(i, 0));
    }
    assertTrue(
        DatasetFiles.readRows(Samples.fixture("minari_old"), ReadOptions.DEFAULT)
            .extras()
            .isEmpty());
  }

  private Path minari(String metadata) throws IOException {
    Path data = Files.createDirectories(folder.resolve("set").resolve("data"));
    Files.copy(
        Samples.fixture("minari").resolve("data").resolve("main_data.hdf5"),
        data.resolve("main_data.hdf5"));
    if (metadata != null) {
      Files.writeString(data.resolve("metadata.json"), metadata);
    }
    return data.getParent();
  }

  @Test
  void minariMetadataAreChecked() throws IOException {
    Path set = minari(null);
    assertEquals(
        "set, key 'total_episodes': expected this attribute, or a file metadata.json, found"
            + " neither",
        refusal(set));
    Path file = set.resolve("data").resolve("metadata.json");
    Map<String, String> faults = new TreeMap<>();
    faults.put(
        "{\"data_format\": \"arrow\"}",
        "set, metadata.json, key 'data_format': expected hdf5, found arrow, which cannot be read");
    faults.put("[1]", "set, metadata.json: expected a JSON object, found other JSON");
    faults.put(
        "{\"total_episodes\": 11}",
        "set, key 'total_episodes': expected as many as are there, 12, found 11");
    faults.put(
        "{\"total_steps\": 49}",
        "set, key 'total_steps': expected as many as are there, 48, found 49");
    faults.put(
        "{\"total_steps\": 48.5}",
        "set, metadata.json, key 'total_steps': expected a whole number from 0 up, found 48.5");
    for (Map.Entry<String, String> fault : faults.entrySet()) {
      Files.writeString(file, fault.getKey());
      assertEquals(fault.getValue(), refusal(set));
    }
    Files.writeString(file, "{\"total_steps\": 48");
    assertTrue(refusal(set).startsWith("set, metadata.json: expected a JSON object, found other"));
    Files.write(file, new byte[] {'"', (byte) 0xff, '"'});
    assertTrue(refusal(set).startsWith("set: expected a readable file"), refusal(set));
    Files.delete(set.resolve("data").resolve("main_data.hdf5"));
    Files.writeString(file, "{\"data_format\": \"arrow\"}");
    assertTrue(refusal(set).contains("arrow, which cannot be read"), refusal(set));
  }

  @Test
  void minariIdentifiersLeadBelowMinarisRoot() {
    Path path = DatasetFiles.locate("minari:mujoco/hopper/expert-v0");
    assertTrue(path.endsWith(Path.of("mujoco", "hopper", "expert-v0")), path.toString());
    assertTrue(path.isAbsolute(), path.toString());
    assertEquals(Path.of("a.csv"), DatasetFiles.locate("a.csv"));
  }

  // ---- npz ----

  private Path npz(NamedArray... arrays) {
    Map<String, NamedArray> byName = new TreeMap<>();
    for (NamedArray array :
        List.of(
            NamedArray.of("observations", new double[] {0, 1, 2, 3, 4, 5}, 3, 2),
            NamedArray.of("actions", new float[] {.1f, .2f, .3f}, 3, 1),
            NamedArray.of("rewards", new float[] {1, 2, 3}, 3, 1),
            NamedArray.of("terminals", new boolean[] {false, true, false}, 3))) {
      byName.put(array.name(), array);
    }
    for (NamedArray array : arrays) {
      byName.put(array.name(), array);
    }
    Path file = folder.resolve("made.npz");
    Npz.write(file, byName.values(), true);
    return file;
  }

  @Test
  void npzWithNumbersForBooleans() {
    boolean[] expected = {false, false, true};
    for (NamedArray timeouts :
        List.of(
            NamedArray.of("timeouts", new byte[] {0, 0, 1}, 3),
            NamedArray.of("timeouts", new int[] {0, 0, 1}, 3),
            NamedArray.of("timeouts", new long[] {0, 0, 1}, 3, 1),
            NamedArray.of("timeouts", new float[] {0, -0f, 1}, 3),
            NamedArray.of("timeouts", new double[] {0, 0, 1}, 3),
            NamedArray.of("timeouts", expected, 3))) {
      LoggedRows rows = DatasetFiles.readRows(npz(timeouts), ALL);
      assertArrayEquals(expected, rows.timeouts(1000));
      assertTrue(rows.terminal(1));
      assertEquals(3f, rows.observation(1, 1));
      assertEquals("made.npz", rows.source().name());
    }
  }

  /** As numpy makes of lists of integers and of comparisons. */
  @Test
  void npzNumbersMayBeIntegers() {
    for (NamedArray rewards :
        List.of(
            NamedArray.of("rewards", new byte[] {0, 1, (byte) 200}, 3),
            NamedArray.of("rewards", new int[] {0, 1, 200}, 3),
            NamedArray.of("rewards", new long[] {0, 1, 200}, 3, 1))) {
      LoggedRows rows = DatasetFiles.readRows(npz(rewards), ALL);
      assertEquals(1f, rows.reward(1));
      assertEquals(200f, rows.reward(2));
    }
    LoggedRows rows =
        DatasetFiles.readRows(
            npz(NamedArray.of("infos/x", new boolean[] {false, true, false}, 3)), ALL);
    assertEquals(1, rows.extra("infos/x").orElseThrow().at(1, 0));
  }

  @Test
  void npzFaults() {
    assertEquals(
        "made.npz, key 'timeouts', row 1: expected true (1) or false (0), found 0.5",
        refusal(npz(NamedArray.of("timeouts", new float[] {0, .5f, 1}, 3))));
    assertEquals(
        "made.npz, key 'actions': expected shape [rows, columns], found [3]",
        refusal(npz(NamedArray.of("actions", new float[3], 3))));
    assertEquals(
        "made.npz, key 'rewards': expected integers from -16777216 to 16777216, which float32 holds"
            + " exactly, found -16777217 at place 1",
        refusal(npz(NamedArray.of("rewards", new long[] {0, -16777217, 2}, 3))));
    assertEquals(
        "made.npz, key 'infos/x': expected integers from -9007199254740992 to 9007199254740992,"
            + " which float64 holds exactly, found 9007199254740993 at place 0",
        refusal(npz(NamedArray.of("infos/x", new long[] {9007199254740993L, 0, 0}, 3)), ALL));
    assertEquals(
        "made.npz, key 'rewards': expected shape [rows] or [rows, 1], found [1, 3]",
        refusal(npz(NamedArray.of("rewards", new float[3], 1, 3))));
    assertEquals(
        "made.npz, key 'infos/x': expected shape [rows] or [rows, columns], found [3, 1, 1]",
        refusal(npz(NamedArray.of("infos/x", new float[3], 3, 1, 1)), ALL));
    assertEquals(
        "made.npz, key 'infos/x': expected 3 rows as in 'rewards', found 2 rows",
        refusal(npz(NamedArray.of("infos/x", new float[2], 2)), ALL));
    Path file = folder.resolve("few.npz");
    Npz.write(file, List.of(NamedArray.of("actions", new float[2], 2, 1)), false);
    assertTrue(refusal(file).endsWith("expected an array 'observations', found only '[actions]'."));
    assertEquals(
        List.of("keys that are not used: timeout"),
        DatasetFiles.readRows(npz(NamedArray.of("timeout", new boolean[3], 3)), ALL).faults());
  }

  // ---- Formats ----

  @Test
  void formatsAreKnownByTheirContent() throws IOException {
    Path npz = Files.copy(npz(), folder.resolve("made.csv"));
    assertEquals(3, DatasetFiles.readRows(npz, ALL).size());
    Path hdf5 = Files.copy(Samples.fixture("float64.hdf5"), folder.resolve("made.dat"));
    assertEquals(60, DatasetFiles.readRows(hdf5, ALL).size());
    Path text = Files.writeString(folder.resolve("text.dat"), "s0,a0\n");
    assertEquals(
        "text.dat: expected an HDF5 or npz file, a Minari folder, or a file that ends in .csv,"
            + " found other content",
        refusal(text));
    Path empty = Files.createFile(folder.resolve("empty"));
    assertTrue(refusal(empty).endsWith("found an empty file"));
    Path emptyZip =
        Files.write(
            folder.resolve("zip"),
            ("PK\5\6" + "\0".repeat(18)).getBytes(StandardCharsets.US_ASCII));
    assertTrue(refusal(emptyZip).contains("expected an array 'observations'"), refusal(emptyZip));
  }
}
