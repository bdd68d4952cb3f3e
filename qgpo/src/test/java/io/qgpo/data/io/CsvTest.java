package io.qgpo.data.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.data.DataException;
import io.qgpo.data.LoggedRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static final ReadOptions ALL = ReadOptions.DEFAULT.keepingExtras();

  @TempDir Path folder;

  private LoggedRows read(String text, ReadOptions options) throws IOException {
    return DatasetFiles.readRows(Files.writeString(folder.resolve("made.csv"), text), options);
  }

  private LoggedRows read(String text) throws IOException {
    return read(text, ALL);
  }

  private String refusal(String text, ReadOptions options) {
    String message = assertThrows(DataException.class, () -> read(text, options)).getMessage();
    assertFalse(message.contains("\n"), "one line");
    return message;
  }

  private static ReadOptions columns(String... keysAndNames) {
    Map<String, String> columns = new java.util.LinkedHashMap<>();
    for (int i = 0; i < keysAndNames.length; i += 2) {
      columns.put(keysAndNames[i], keysAndNames[i + 1]);
    }
    return ALL.withColumns(CsvColumns.of(columns));
  }

  @Test
  void usualColumnsInAnyOrder() throws IOException {
    LoggedRows rows =
        read(
            """
            reward,s1,s0,a0,timeout,terminal,next_s0,next_s1,infos/x,infos/qpos[0],infos/qpos[1]
            1,0.5,-1e3,.25,0,false,1,2,3,4,5
            2, 1.5 ,"7",0.1,False,TRUE,1,2,NaN,4,-Infinity
            3,0,0,0,1.0,0.0,1,2,3,4,1e300
            """);
    assertEquals(2, rows.observationSize());
    assertEquals(-1000f, rows.observation(0, 0));
    assertEquals(0.5f, rows.observation(0, 1));
    assertEquals(7f, rows.observation(1, 0));
    assertEquals(0.1f, rows.action(1, 0));
    assertEquals(2f, rows.reward(1));
    assertTrue(rows.terminal(1) && !rows.terminal(0) && !rows.terminal(2));
    assertArrayEquals(new boolean[] {false, false, true}, rows.timeouts(1000));
    assertEquals(Set.of("infos/qpos", "infos/x", "next_observations"), rows.extras().keySet());
    assertEquals(1e300, rows.extra("infos/qpos").orElseThrow().at(2, 1));
    assertTrue(Double.isNaN(rows.extra("infos/x").orElseThrow().at(1, 0)));
    assertTrue(rows.extra("infos/x").orElseThrow().isVector());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void linesMayEndInAnyWay(String end) throws IOException {
    String text = "\uFEFFs0,a0,reward,terminal\n1,2,3,0\n4,5,6,1";
    LoggedRows rows = read(text.replace("\n", end));
    assertEquals(2, rows.size());
    assertFalse(rows.hasTimeouts());
    assertEquals(6f, rows.reward(1));
  }

  @Test
  void ownNames() throws IOException {
    LoggedRows rows =
        read(
            """
            time,x,v,throttle,steer 1,steer 2,r,done,q0,q1
            0,1,2,3,4,5,6,0,7,8
            1,1,2,3,4,5,6,1,7,9
            """,
            columns(
                "observations", "v, x",
                "actions", "throttle,steer *",
                "rewards", "r",
                "terminals", "done",
                "infos/qpos", "q*",
                "ignore", "time"));
    assertEquals(2f, rows.observation(0, 0));
    assertEquals(1f, rows.observation(0, 1));
    assertEquals(3, rows.actionSize());
    assertEquals(5f, rows.action(1, 2));
    assertEquals(9.0, rows.extra("infos/qpos").orElseThrow().at(1, 1));
    assertTrue(rows.terminal(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a0,reward,terminal | made.csv, key 'observations': expected columns 's*' numbered from 0"
            + " or 1, found none (name others with --columns observations=...)",
        "s0,reward,terminal | made.csv, key 'actions': expected columns 'a*' numbered from 0 or 1,"
            + " found none (name others with --columns actions=...)",
        "s0,a0,terminal | made.csv, key 'rewards': expected a column 'reward', found none (name"
            + " others with --columns rewards=...)",
        "s0,s2,a0,reward,terminal | made.csv, line 1, column 's2': expected a column of a known"
            + " array, or one that is listed under 'ignore', found neither",
        "s0,a0,reward,terminal,timeouts | made.csv, line 1, column 'timeouts': expected a column of"
            + " a known array, or one that is listed under 'ignore', found neither",
        "s0,a0,s0,reward,terminal | made.csv, line 1, column 's0': expected each name once in the"
            + " header, found it twice",
        "s0,,a0,reward,terminal | made.csv, line 1, column 2: expected the name of a column, found"
            + " none",
        "s0,a0,reward,terminal,infos/x[1] | made.csv, line 1, column 'infos/x[1]': expected a"
            + " column of a known array, or one that is listed under 'ignore', found neither",
      })
  void headerFaults(String header, String message) {
    assertEquals(message, refusal(header + "\n1,2,3,0,0\n1,2,3,0,0\n", ALL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,x,0 | line 3, column 'reward': expected a finite number, found 'x'",
        "1,2,,0 | line 3, column 'reward': expected a finite number, found ''",
        "1,2,nan,0 | line 3, column 'reward': expected a finite number, found 'nan'",
        "1,2,1f,0 | line 3, column 'reward': expected a finite number, found '1f'",
        "1,2,--1,0 | line 3, column 'reward': expected a finite number, found '--1'",
        "1e39,2,1,0 | line 3, column 's0': expected a number below 3.4e38 in size, found '1e39'",
        "1,2,3,2 | line 3, column 'terminal': expected true, false, 1 or 0, found '2'",
        "1,2,3 | line 3: expected 4 fields as in the header, found 3 fields",
        "1,2,3,0,5 | line 3: expected 4 fields as in the header, found 5 fields",
        "'' | line 3: expected 4 fields as in the header, found an empty line",
      })
  void lineFaults(String line, String message) {
    assertEquals(
        "made.csv, " + message,
        refusal("s0,a0,reward,terminal\n1,2,3,0\n" + line + "\n1,2,3,0\n", ALL));
  }

  @Test
  void infosMayHoldAnyNumber() {
    String text = "s0,a0,reward,terminal,infos/x\n1,2,3,0,%s\n1,2,3,0,0\n";
    for (String field : new String[] {"x", "0x1p3", "-"}) {
      assertEquals(
          "made.csv, line 2, column 'infos/x': expected a number, found '" + field + "'",
          refusal(text.formatted(field), ALL));
    }
  }

  @Test
  void textFaults() throws IOException {
    assertEquals(
        "made.csv: expected a line of column names, found an empty file", refusal("", ALL));
    assertEquals(
        "made.csv, key 'rewards': expected at least 2 rows, found 0 rows",
        refusal("s0,a0,reward,terminal\n", ALL));
    assertTrue(
        refusal("s0,a0,reward,terminal\n1,2,3,\"0\n", ALL).startsWith("made.csv: expected CSV"),
        "a quote that is not closed");
    assertTrue(
        refusal("s0,a0,reward,terminal\n1,2,3," + "0".repeat(1 << 20), ALL)
            .startsWith("made.csv: expected CSV text"),
        "an endless field");
    Path file = Files.write(folder.resolve("made.csv"), new byte[] {'s', '0', (byte) 0xff, '\n'});
    assertEquals(
        "made.csv: expected UTF-8 text, found other bytes",
        assertThrows(DataException.class, () -> DatasetFiles.readRows(file, ALL)).getMessage());
  }

  @Test
  void mappingFaults() {
    String text = "s0,a0,reward,terminal\n1,2,3,0\n1,2,3,0\n";
    assertEquals(
        "made.csv, key 'timeouts': expected a column 'cut', found none (name others with --columns"
            + " timeouts=...)",
        refusal(text, columns("timeouts", "cut")));
    assertEquals(
        "made.csv, key 'infos/x': expected columns 'x*' numbered from 0 or 1, found none (name"
            + " others with --columns infos/x=...)",
        refusal(text, columns("infos/x", "x*")));
    String twice = refusal(text, columns("rewards", "a0"));
    assertTrue(twice.startsWith("made.csv, line 1, column 'a0': expected a column of one array"));
    assertEquals(
        "made.csv, key 'rewards': expected one column, found 2 columns",
        refusal("s0,a0,r0,r1,terminal\n1,2,3,0,0\n1,2,3,0,0\n", columns("rewards", "r*")));
    assertEquals(
        "columns: expected observations, actions, rewards, terminals, timeouts, next_observations,"
            + " infos/NAME or ignore, found 'reward'",
        assertThrows(IllegalArgumentException.class, () -> columns("reward", "r")).getMessage());
    assertEquals(
        "columns of rewards: expected names separated by commas, found 'a,,b'",
        assertThrows(IllegalArgumentException.class, () -> columns("rewards", "a,,b"))
            .getMessage());
  }
}
