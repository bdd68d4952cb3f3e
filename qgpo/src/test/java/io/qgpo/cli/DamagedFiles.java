package io.qgpo.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Feeds damaged files of every format to the commands that read them, in a JVM of its own with
 * little memory. Case i depends on i alone. Prints a line for each case, and ends with the first
 * failure.
 */
final class DamagedFiles {
  /** A file takes milliseconds; processor time, as the machine may be busy with other things. */
  private static final double MOST_SECONDS = 5;

  private final CommandCheck commands = new CommandCheck();
  private final List<SoundFile> files = new ArrayList<>();
  private double slowest;

  private DamagedFiles(Path folder) throws IOException {
    files.addAll(DamagedData.in(folder));
    files.addAll(DamagedRuns.in(folder));
  }

  /** Arguments: an empty folder, the first case, the case after the last. */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    DamagedFiles files = new DamagedFiles(Path.of(args[0]));
    int from = Integer.parseInt(args[1]);
    int to = Integer.parseInt(args[2]);
    for (int i = from; i < to; i++) {
      out.println(i);
      String fault = files.run(i);
      if (fault != null) {
        out.println("case " + i + ": " + fault);
        System.exit(1);
      }
    }
    out.printf(
        Locale.ROOT,
        "refused %d of %d, slowest %.2f s, memory %d%n",
        files.commands.refused(),
        to - from,
        files.slowest,
        memory());
  }

  /** The most memory that this process has had, in KiB; 0 where the system does not say. */
  private static long memory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** Runs a case; returns what is wrong, or null. */
  private String run(int number) throws IOException {
    SplittableRandom random = new SplittableRandom(number);
    SoundFile sound = files.get(random.nextInt(files.size()));
    Files.write(sound.file(), sound.damage().of(sound.bytes(), random));
    String fault = read(sound, random);
    if (fault == null) {
      Files.write(sound.file(), sound.bytes());
      return null;
    }
    return "kept in " + sound.file() + ": " + fault;
  }

  private String read(SoundFile sound, SplittableRandom random) {
    var printed = new ByteArrayOutputStream();
    PrintStream before = System.err;
    long start = processorNanos();
    String fault;
    try {
      System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
      fault = sound.reader().faultOf(commands, random);
    } catch (Throwable e) {
      fault = "threw " + e;
    } finally {
      System.setErr(before);
    }
    double seconds = (processorNanos() - start) / 1e9;
    slowest = Math.max(slowest, seconds);
    if (fault == null && seconds > MOST_SECONDS) {
      fault = "took %.1f s".formatted(seconds);
    }
    if (fault == null && printed.size() > 0) {
      fault = "printed " + printed.toString(StandardCharsets.UTF_8);
    }
    return fault;
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
