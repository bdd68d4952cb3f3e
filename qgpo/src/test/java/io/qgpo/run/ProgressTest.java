package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now = Long.MAX_VALUE - 1_000_000_000L; // the clock may wrap around

  private Progress start(String stage, long total, long start, boolean terminal) {
    return new Progress(stage, total, start, out, terminal, () -> now);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  /** A stage of 1000 steps a second. */
  private void steps(Progress progress, long from, long to, double loss) {
    for (long step = from; step <= to; step++) {
      now += 1_000_000;
      progress.update(step, loss);
    }
  }

  @Test
  void plainLinesComeEverLater() {
    try (var progress = start("behaviour", 1_000_000, 0, false)) {
      steps(progress, 1, 300_000, .1834);
    }
    List<String> lines = text().lines().toList();
    assertEquals(
        "behaviour   0 %  2000/1000000  1000 steps/s  ETA 16:38  loss 0.1834", lines.getFirst());
    // 2 s, then 1.5 times as long each up to 60 s: 2, 5, 9.5, ... 98, 149, 209, 269, and the end.
    assertEquals(
        List.of("2000", "5000", "9500", "16250", "26375", "41563", "64345"),
        lines.subList(0, 7).stream().map(line -> line.split("[ /]+")[3]).toList());
    assertEquals(12, lines.size());
    assertEquals(
        "behaviour: stopped at step 300000, 300000 steps in 5:00, 1000 steps/s  loss 0.1834",
        lines.getLast());
  }

  @Test
  void aTerminalLineIsRewrittenInPlace() {
    try (var progress = start("critic", 1000, 0, true)) {
      steps(progress, 1, 1000, 12.5);
    }
    String[] parts = text().split("\r");
    assertEquals("", parts[0]);
    assertEquals("critic  25 %  250/1000  1000 steps/s  ETA 0:01  loss 12.50\033[K", parts[1]);
    assertEquals("critic 100 %  1000/1000  1000 steps/s  ETA 0:00  loss 12.50\033[K", parts[4]);
    assertEquals("critic: done, 1000 steps in 0:01, 1000 steps/s  loss 12.50\033[K\n", parts[5]);
    assertEquals(6, parts.length);
  }

  @Test
  void aTerminalLineNeverWraps() {
    try (var progress = start("x".repeat(200), 1000, 0, true)) {
      steps(progress, 1, 300, 1);
      assertEquals("\r" + "x".repeat(79) + "\033[K", text());
    }
  }

  @Test
  void aResumedStageCountsItsOwnSteps() {
    try (var progress = start("critic", 10_000, 6_000, false)) {
      steps(progress, 6_001, 10_000, 1);
    }
    List<String> lines = text().lines().toList();
    assertEquals("critic  80 %  8000/10000  1000 steps/s  ETA 0:02  loss 1.000", lines.getFirst());
    assertEquals("critic: done, 4000 steps in 0:04, 1000 steps/s  loss 1.000", lines.getLast());
  }

  @Test
  void theRateFollowsAChange() {
    try (var progress = start("critic", 1_000_000, 0, false)) {
      steps(progress, 1, 2_000, 1);
      for (int step = 2_001; step <= 2_400; step++) {
        now += 100_000_000; // 10 steps a second, for 40 s
        progress.update(step, 1);
      }
      List<String> lines = text().lines().toList();
      double last = Double.parseDouble(lines.getLast().split(" +")[4]);
      assertTrue(last > 10 && last < 100, lines.getLast());
    }
  }

  @Test
  void aStageWithoutLossShowsNone() {
    try (var progress = start("support", 10, 0, false)) {
      now += 4_000_000_000L;
      progress.update(2);
    }
    assertEquals(
        "support  20 %  2/10  0.5000 steps/s  ETA 0:16\n"
            + "support: stopped at step 2, 2 steps in 0:04, 0.5000 steps/s\n",
        text());
  }

  @Test
  void aLossThatIsNoNumberIsShown() {
    try (var progress = start("critic", 10, 0, false)) {
      progress.update(2, Double.NaN);
    }
    assertEquals("critic: stopped at step 2, 2 steps in 0:00  loss NaN\n", text());
  }

  @Test
  void closingTwiceSaysItOnce() {
    Progress progress = start("critic", 0, 0, false);
    progress.close();
    progress.close();
    assertEquals("critic: done, 0 steps in 0:00\n", text());
  }

  @Test
  void standardOutputWorks() {
    Progress.start("critic", 1, 0).close();
  }

  @Test
  void refusesAStartBeyondTheTotal() {
    assertThrows(IllegalArgumentException.class, () -> start("critic", 10, 11, false));
    assertThrows(IllegalArgumentException.class, () -> start("critic", 10, -1, false));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0000",
    "0.18344, 0.1834",
    "-1.5, -1.500",
    "12.345, 12.35",
    "123.45, 123.5",
    "1234.5, 1235",
    "1234567, 1.235e+06",
    "0.000012345, 1.235e-05",
    "NaN, NaN",
    "Infinity, Infinity",
  })
  void numbersHaveFourDigits(double value, String expected) {
    assertEquals(expected, Progress.number(value));
  }

  @ParameterizedTest
  @CsvSource({"0, 0:00", "59.6, 1:00", "3599, 59:59", "3600, 1:00:00", "90061, 25:01:01"})
  void durationsReadLikeAClock(double seconds, String expected) {
    assertEquals(expected, Progress.duration(seconds));
  }
}
