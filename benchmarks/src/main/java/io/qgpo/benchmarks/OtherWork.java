package io.qgpo.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/**
 * How much of the machine other processes, and other machines on the same host, took away while a
 * timing ran: what tells a figure worth quoting from one that is not.
 */
final class OtherWork {
  /** Up to this share of the processors, a timing means something. */
  static final double QUIET = 0.02;

  private static final Path STAT = Path.of("/proc/stat");

  /** Ticks a second in {@link #STAT}: fixed in Linux's interface to programs. */
  private static final double TICKS = 100;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final double busyAtStart = busySeconds();
  private final double ownAtStart = ownSeconds();
  private final long startNanos = System.nanoTime();

  /** Share of all processors' time since construction, 0 to 1; NaN where Linux's count is not. */
  double share() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double others = busySeconds() - busyAtStart - (ownSeconds() - ownAtStart);
    return Math.max(0, others / (seconds * Runtime.getRuntime().availableProcessors()));
  }

  private static double ownSeconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  /** Time that all processors spent on anything but waiting, steal included. */
  private static double busySeconds() {
    if (!Files.isReadable(STAT)) {
      return Double.NaN;
    }
    String line;
    try (var lines = Files.lines(STAT)) {
      line = lines.findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // cpu user nice system idle iowait irq softirq steal; guests are in user and nice already.
    StringTokenizer fields = new StringTokenizer(line);
    fields.nextToken();
    long[] ticks = new long[8];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = Long.parseLong(fields.nextToken());
    }
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / TICKS;
  }
}
