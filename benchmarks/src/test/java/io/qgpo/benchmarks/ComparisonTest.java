package io.qgpo.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.qgpo.benchmarks.Case.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final double FLOP = 2e9;
  private static final double BYTES = 4e6;
  private static final Bandwidth BANDWIDTH = new Bandwidth(300, 200, 100);

  private static Timing timing(String name, double ms, double flop) {
    return new Timing(name, "library", 10, ms, ms, ms, ms, 0.01, 1, 2, flop, BYTES);
  }

  private static Map<String, List<Timing>> round(double ours, double first, double second) {
    Map<String, List<Timing>> round = new LinkedHashMap<>();
    round.put(Comparison.OURS, List.of(timing("a", ours, FLOP), timing("alone", 5, 0)));
    round.put("first", List.of(timing("a", first, 0)));
    round.put("second", List.of(timing("a", second, 0)));
    return round;
  }

  private static Comparison comparison() {
    Map<String, String> commands = new LinkedHashMap<>();
    commands.put(Comparison.OURS, "java ours");
    commands.put("first", "java <first>");
    commands.put("second", "java second");
    return new Comparison(
        "2026-01-01T00:00:00Z",
        "machine",
        Group.GEMM,
        2,
        100,
        BANDWIDTH,
        commands,
        List.of(round(10, 20, 30), round(20, 50, 25), round(40, 44, 50)));
  }

  @Test
  void aLineIsMediansAgainstTheFastestPeer() {
    Comparison.Line line = comparison().lines().getFirst();
    assertEquals("a", line.name());
    assertEquals(20, line.oursMs());
    assertEquals("second", line.peer());
    assertEquals(30, line.peerMs());
    assertEquals(20.0 / 30, line.ratio(), 1e-15);
    assertEquals(10.0 / 30, line.smallest(), 1e-15);
    assertEquals(20.0 / 25, line.largest(), 1e-15);
    assertEquals(100, line.gflops(), 1e-12);
    assertEquals(0.2, line.gbs(), 1e-12);
  }

  @Test
  void aCaseThatNoPeerHasStandsAlone() {
    Comparison.Line line = comparison().lines().get(1);
    assertEquals("alone", line.name());
    assertNull(line.peer());
    assertTrue(Double.isNaN(line.ratio()));
    assertTrue(comparison().summary().contains("none"));
  }

  @Test
  void saysWhenOthersWereBusy() {
    assertTrue(!comparison().summary().contains("others took"));
    assertTrue(comparison().summary().contains("     0.2\n"), comparison().summary());
    String memory = "300 GB/s reading 256 KB a thread, 200 reading 6 MB, 100 copying that";
    assertTrue(comparison().summary().contains(memory), comparison().summary());
    assertTrue(ComparisonPage.html(comparison()).contains(memory));
    Map<String, List<Timing>> loaded = new LinkedHashMap<>(round(1, 2, 3));
    loaded.put(
        Comparison.OURS, List.of(new Timing("a", "library", 10, 1, 1, 1, 1, 0.5, 1, 2, FLOP, 0)));
    Comparison busy =
        new Comparison(
            "", "", Group.GEMM, 2, 1, BANDWIDTH, comparison().commands(), List.of(loaded));
    assertTrue(
        busy.summary().contains("others took up to 50 % of the machine during 1 of 3 timings"),
        busy.summary());
  }

  @Test
  void isReadBackFromItsFile() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Comparison read = json.readValue(json.writeValueAsBytes(comparison()), Comparison.class);
    assertEquals(comparison(), read);
  }

  @Test
  void memoryIsReadAndCopied() {
    Bandwidth measured = Bandwidth.measure(1);
    for (double gbs :
        new double[] {measured.secondLevel(), measured.thirdLevel(), measured.copy()}) {
      assertTrue(gbs > 0 && Double.isFinite(gbs), measured::words);
    }
    assertEquals(
        new Bandwidth(2, 5, 8),
        Bandwidth.medians(
            List.of(new Bandwidth(1, 5, 9), new Bandwidth(2, 4, 8), new Bandwidth(3, 6, 7))));
  }

  @Test
  void thePageIsHtml() {
    String page = ComparisonPage.html(comparison());
    assertTrue(page.contains("first: java &lt;first>"), page);
    // 1 / ratio is 1.5, of 4.
    assertTrue(page.contains("width:37.5%"), page);
  }

  @Test
  void timingsGoFromProcessToProcess() {
    Timing timing = timing("a", 1.5, FLOP);
    assertEquals(
        timing,
        Timing.parse(
            Timing.PREFIX
                + "{\"name\":\"a\",\"library\":\"library\",\"calls\":10,\"medianMs\":1.5,\"p10Ms\":1.5,"
                + "\"p90Ms\":1.5,\"minMs\":1.5,\"otherWork\":0.01,\"before\":1,\"after\":2,\"flop\":2e9,\"bytes\":4e6}"));
  }

  @Test
  void measuresEachCallAndAsksForTheResultOutsideOfThem() {
    int[] calls = new int[1];
    Timing timing = Timing.measure("a", "b", 1e-3, () -> calls[0]++, () -> calls[0], 7, 8);
    assertTrue(timing.before() >= 80, "warmed up by " + timing.before() + " calls");
    assertTrue(timing.calls() >= 10, timing.calls() + " calls timed");
    assertEquals(timing.before() + timing.calls(), timing.after());
    assertTrue(timing.minMs() >= 0 && timing.minMs() <= timing.medianMs());
    assertEquals(7, timing.flop());
    assertEquals(8, timing.bytes());
  }

  @Test
  void ratiosFailWhereALaterOneIsAboveTheirBandOrHasNone() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Ratios kept = json.readValue(json.writeValueAsBytes(Ratios.of(comparison())), Ratios.class);
    assertEquals(Map.of("a", 0.667), kept.ratios());
    assertEquals(List.of(), kept.faults(comparison(), 0));
    Ratios faster = new Ratios("date", "machine", Map.of("a", 0.5, "gone", 0.1));
    assertEquals(List.of(), faster.faults(comparison(), 0.34));
    String slower = "slower than before: a: ratio 0.667, was 0.500, and 30 % above it are allowed";
    assertEquals(List.of(slower), faster.faults(comparison(), 0.3));
    Ratios elsewhere = new Ratios("date", "another", Map.of("a", 0.5));
    assertEquals(
        List.of(slower, "what is kept is of another machine: another, this is machine"),
        elsewhere.faults(comparison(), 0.3));
    assertEquals(
        List.of(
            "not compared: a: ratio 0.667, and none of date is kept: copy this comparison's there"),
        new Ratios("date", "machine", Map.of("gone", 0.1)).faults(comparison(), 0.3));
  }

  @Test
  void badRatiosAreOneSentence(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("ratios.json");
    for (String content :
        List.of("", "{", "{}", "{\"ratios\":{}}", "{\"ratios\":{\"a\":null}}", "[1]")) {
      Files.writeString(file, content);
      String message =
          assertThrows(IllegalStateException.class, () -> Ratios.read(file), content).getMessage();
      assertTrue(message.contains("expected ratios of an earlier comparison, found"), message);
    }
    Files.delete(file);
    String message =
        assertThrows(IllegalStateException.class, () -> Ratios.read(file)).getMessage();
    assertTrue(message.endsWith("found no such file"), message);
  }
}
