package io.qgpo.benchmarks.gpu;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What was measured on. */
final class Machine {
  private final String noGpu;
  private String engine = "unknown";
  private String peer = "none";
  private List<String> latencies = List.of();

  /**
   * This machine.
   *
   * @param noGpu why there is no GPU; null if there is one
   */
  Machine(String noGpu) {
    this.noGpu = noGpu;
  }

  /** What computes, with device and driver, as {@code doctor} says it. */
  void engine(String description) {
    engine = description;
  }

  /** What our steps are timed beside. */
  void peer(String name) {
    peer = name;
  }

  /** Lines about launches and bandwidth. */
  void latencies(List<String> lines) {
    latencies = lines;
  }

  List<String> latencies() {
    return latencies;
  }

  boolean hasGpu() {
    return noGpu == null;
  }

  /** Rows of a table of two columns. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    rows.add("| date | " + LocalDate.now(ZoneOffset.UTC) + " |");
    rows.add("| GPU | " + (hasGpu() ? "yes" : "none: " + noGpu) + " |");
    rows.add("| device, driver | " + engine + " |");
    rows.add(
        "| host | %s %s, %d processors, Java %s |"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version()));
    rows.add("| beside | " + peer + " |");
    return rows;
  }
}
