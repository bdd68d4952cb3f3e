package io.qgpo.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Our steps and a peer's, timed in separate processes by turns.
 *
 * @param date when it began
 * @param machine processor, threads, system
 * @param workload what was timed
 * @param threads threads of each library
 * @param peakGflops the machine's float32 peak over these threads, measured at the start
 * @param peerCommand how the peer was started
 * @param pairs a process of each, in the order they ran
 */
public record Comparison(
    String date,
    String machine,
    String workload,
    int threads,
    double peakGflops,
    String peerCommand,
    List<Pair> pairs) {

  /** One process of ours and the peer's that followed. */
  public record Pair(StepTiming ours, StepTiming peer) {
    /** Our median over the peer's: below 1 we are faster. */
    public double ratio() {
      return ours.medianMs() / peer.medianMs();
    }
  }

  /** The median over our processes of their medians, in ms. */
  public double oursMs() {
    return median(pairs.stream().mapToDouble(p -> p.ours().medianMs()).toArray());
  }

  /** The median over the peer's processes of their medians, in ms. */
  public double peerMs() {
    return median(pairs.stream().mapToDouble(p -> p.peer().medianMs()).toArray());
  }

  /** {@link #oursMs} over {@link #peerMs}. */
  public double ratio() {
    return oursMs() / peerMs();
  }

  /** The smallest ratio of a pair. */
  public double smallestRatio() {
    return pairs.stream().mapToDouble(Pair::ratio).min().orElseThrow();
  }

  /** The largest ratio of a pair. */
  public double largestRatio() {
    return pairs.stream().mapToDouble(Pair::ratio).max().orElseThrow();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return StepTiming.median(values);
  }

  /** The largest share of the machine that others took during a timing, 0 to 1. */
  public double otherWork() {
    return pairs.stream()
        .mapToDouble(p -> Math.max(p.ours().otherWork(), p.peer().otherWork()))
        .max()
        .orElseThrow();
  }

  /** The result in words. */
  String summary() {
    StringBuilder text = new StringBuilder();
    text.append(
        "medians: ours %.1f ms, peer %.1f ms, ratio %.3f (pairs %.3f to %.3f; below 1 we are faster)%n"
            .formatted(oursMs(), peerMs(), ratio(), smallestRatio(), largestRatio()));
    text.append(
        "roofline: %.1f GFLOP/s on %d threads (float32 multiply-add, measured at the start)"
            .formatted(peakGflops, threads));
    if (otherWork() > OtherWork.QUIET) {
      text.append(
          ("%nothers took up to %.0f %% of the machine: not to be quoted, for that slows libraries"
                  + " whose threads spin, as both do here, out of proportion")
              .formatted(100 * otherWork()));
    }
    return text.toString();
  }
}
