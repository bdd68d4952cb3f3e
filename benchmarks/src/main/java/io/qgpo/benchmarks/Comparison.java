package io.qgpo.benchmarks;

import io.qgpo.benchmarks.Case.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Our library and its peers on one group of cases, each in processes of its own, by turns.
 *
 * @param date when it began
 * @param machine processor, threads, system
 * @param group what was timed
 * @param threads threads of each library
 * @param peakGflops the machine's float32 peak over these threads, the median of the rounds
 * @param bandwidth how fast these threads read and copy, medians of the rounds
 * @param commands how each library was started, by its name
 * @param rounds in the order they ran: the timings of each library, by its name
 */
public record Comparison(
    String date,
    String machine,
    Group group,
    int threads,
    double peakGflops,
    Bandwidth bandwidth,
    Map<String, String> commands,
    List<Map<String, List<Timing>>> rounds) {

  /** Our own library's name. */
  static final String OURS = "qgpo";

  /**
   * One case: medians over processes of their medians.
   *
   * @param name the case
   * @param oursMs our time, in ms
   * @param peer the fastest peer, or null where there is none
   * @param peerMs its time, in ms
   * @param smallest the smallest ratio of ours to that peer's in one round
   * @param largest the largest
   * @param gflops our rate in GFLOP/s, 0 where no matrix products are counted
   * @param gbs our rate in GB/s of what has to be read and written, 0 where that is not counted
   */
  public record Line(
      String name,
      double oursMs,
      String peer,
      double peerMs,
      double smallest,
      double largest,
      double gflops,
      double gbs) {
    /** Our time over the fastest peer's: below 1 we are faster; NaN without a peer. */
    public double ratio() {
      return peer == null ? Double.NaN : oursMs / peerMs;
    }
  }

  /** A line for each case, in the order in which they ran. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (Timing first : rounds.getFirst().get(OURS)) {
      lines.add(line(first));
    }
    return lines;
  }

  private Line line(Timing first) {
    String name = first.name();
    Map<String, double[]> times = new LinkedHashMap<>();
    for (String library : commands.keySet()) {
      double[] ms =
          rounds.stream()
              .flatMap(round -> round.get(library).stream())
              .filter(timing -> timing.name().equals(name))
              .mapToDouble(Timing::medianMs)
              .toArray();
      if (ms.length == rounds.size()) {
        times.put(library, ms);
      }
    }
    double[] ours = times.remove(OURS);
    double oursMs = Timing.medianOf(ours);
    String peer = null;
    for (String other : times.keySet()) {
      if (peer == null || Timing.medianOf(times.get(other)) < Timing.medianOf(times.get(peer))) {
        peer = other;
      }
    }
    double smallest = Double.NaN;
    double largest = Double.NaN;
    if (peer != null) {
      double[] ratios = new double[ours.length];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = ours[i] / times.get(peer)[i];
      }
      Arrays.sort(ratios);
      smallest = ratios[0];
      largest = ratios[ratios.length - 1];
    }
    double peerMs = peer == null ? Double.NaN : Timing.medianOf(times.get(peer));
    return new Line(
        name,
        oursMs,
        peer,
        peerMs,
        smallest,
        largest,
        first.flop() / oursMs / 1e6,
        first.bytes() / oursMs / 1e6);
  }

  /** The largest share of the machine that others took during a timing, 0 to 1. */
  public double otherWork() {
    return rounds.stream()
        .flatMap(round -> round.values().stream())
        .flatMap(List::stream)
        .mapToDouble(Timing::otherWork)
        .max()
        .orElseThrow();
  }

  /** Timings during which others took more than {@link OtherWork#QUIET}. */
  long disturbed() {
    return rounds.stream()
        .flatMap(round -> round.values().stream())
        .flatMap(List::stream)
        .filter(timing -> timing.otherWork() > OtherWork.QUIET)
        .count();
  }

  private long timings() {
    return rounds.stream().flatMap(round -> round.values().stream()).mapToLong(List::size).sum();
  }

  /** The result in words. */
  String summary() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-28s %11s %11s  %-22s %7s %14s %8s %7s%n"
            .formatted(
                "case",
                "ours, ms",
                "peer, ms",
                "fastest peer",
                "ratio",
                "in rounds",
                "of peak",
                "GB/s"));
    for (Line line : lines()) {
      text.append("%-28s %11.4f ".formatted(line.name(), line.oursMs()));
      text.append(
          line.peer() == null
              ? "%11s  %-22s %7s %14s".formatted("", "none", "", "")
              : "%11.4f  %-22s %7.3f %6.3f - %5.3f"
                  .formatted(
                      line.peerMs(), line.peer(), line.ratio(), line.smallest(), line.largest()));
      text.append(
          line.gflops() == 0
              ? " %8s".formatted("")
              : " %8.2f".formatted(line.gflops() / peakGflops));
      text.append(line.gbs() == 0 ? "%n".formatted() : " %7.1f%n".formatted(line.gbs()));
    }
    text.append(
        "medians over %d rounds; ratio: our time over the fastest peer's, below 1 we are faster%n"
            .formatted(rounds.size()));
    text.append(
        "peak: %.1f GFLOP/s on %d threads (float32 multiply-add, measured before each round)%n"
            .formatted(peakGflops, threads));
    text.append(bandwidth.words());
    if (disturbed() > 0) {
      text.append(
          ("%nothers took up to %.0f %% of the machine during %d of %d timings: if many, not to be"
                  + " quoted, for that slows libraries whose threads spin, as they do here, out of"
                  + " proportion")
              .formatted(100 * otherWork(), disturbed(), timings()));
    }
    return text.toString();
  }
}
