package io.qgpo.benchmarks;

import io.qgpo.benchmarks.Case.Group;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Times this build and an earlier one, call by call in turn, in one process: what the machine's
 * other guests do to one call they do to the next, so that the median of the ratios tells a change
 * of a few percent where medians of times differ by a third from minute to minute. The workers of
 * the side that waits spin for the first 50 microseconds of the other's sample, a tenth of it at
 * most, and both sides alike.
 */
@Command(
    name = "versus",
    description = "This build against an earlier one, call by call in turn, in one process.",
    showDefaultValues = true)
final class Versus implements Callable<Integer> {
  /** Calls are gathered to samples of this length, beside which reading the clock is nothing. */
  private static final double SAMPLE_NANOS = 500e3;

  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "EARLIER.jar", description = "benchmarks.jar of the earlier build")
  private Path earlier;

  @Option(names = "--group", description = "${COMPLETION-CANDIDATES}")
  private Group group = Group.STEPS;

  @Option(names = "--only", description = "cases whose name contains this text", defaultValue = "")
  private String only;

  @Option(names = "--seconds", description = "of timed calls of each case, after half of it before")
  private double seconds = 20;

  /** In a process of its own: see {@link Main}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Versus()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<Case> cases = Cases.of(group, only);
    if (cases.isEmpty()) {
      System.err.printf("versus: --only: no case of %s has '%s' in its name%n", group, only);
      return 2;
    }
    if (!Files.isRegularFile(earlier)) {
      System.err.println("versus: " + earlier + ": expected a benchmarks.jar, found no such file");
      return 2;
    }
    int n = common.threads();
    System.out.printf("%s; %d threads%n", Compare.machine(), n);
    System.out.printf(
        "%-28s %10s %10s %7s %15s %6s%n",
        "case", "this, ms", "that, ms", "ratio", "quartiles", "n");
    try (URLClassLoader thisBuild = loader(Path.of(System.getProperty("java.class.path")));
        URLClassLoader thatBuild = loader(earlier)) {
      for (Case one : cases) {
        compare(one, thisBuild, thatBuild, n);
      }
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      System.err.printf(
          "versus: %s: expected a benchmarks.jar that has %s and this case, found %s%n",
          earlier, VersusSide.class.getSimpleName(), cause);
      return 2;
    }
    System.out.println(
        "ratio: the median of this build's time over that one's, by pairs of samples");
    return 0;
  }

  private static URLClassLoader loader(Path jar) throws IOException {
    URL[] urls = {jar.toUri().toURL()};
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private void compare(Case one, ClassLoader thisBuild, ClassLoader thatBuild, int n)
      throws ReflectiveOperationException {
    Runnable ours = side(thisBuild, one, n);
    try {
      Runnable theirs = side(thatBuild, one, n);
      try {
        print(one.label(), ours, theirs);
      } finally {
        close(theirs);
      }
    } finally {
      close(ours);
    }
  }

  private Runnable side(ClassLoader build, Case one, int n) throws ReflectiveOperationException {
    return (Runnable)
        build
            .loadClass(VersusSide.class.getName())
            .getConstructor(String.class, String.class, Integer.class)
            .newInstance(group.label(), one.label(), n);
  }

  /** Of an earlier build, which may have had nothing to close. */
  private static void close(Runnable side) {
    if (side instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("versus: a side could not be closed", e);
      }
    }
  }

  private void print(String label, Runnable ours, Runnable theirs) {
    pairs(ours, theirs, 1, seconds / 4);
    double[][] few = pairs(ours, theirs, 1, seconds / 4);
    int calls = (int) Math.max(1, SAMPLE_NANOS / Timing.medianOf(few[0]));
    double[][] times = pairs(ours, theirs, calls, seconds);
    double[] ratios = new double[times[0].length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = times[0][i] / times[1][i];
    }
    Arrays.sort(ratios);
    System.out.printf(
        "%-28s %10.4f %10.4f %7.3f %7.3f - %5.3f %6d%n",
        label,
        Timing.medianOf(times[0]) / calls / 1e6,
        Timing.medianOf(times[1]) / calls / 1e6,
        Timing.median(ratios),
        ratios[ratios.length / 4],
        ratios[ratios.length * 3 / 4],
        ratios.length);
  }

  /** Nanoseconds of samples of some calls each: those of both, the first of a pair by turns. */
  private static double[][] pairs(Runnable ours, Runnable theirs, int calls, double seconds) {
    List<double[]> pairs = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (pairs.size() < 4 || System.nanoTime() < end) {
      boolean oursFirst = pairs.size() % 2 == 0;
      double first = nanos(oursFirst ? ours : theirs, calls);
      double second = nanos(oursFirst ? theirs : ours, calls);
      pairs.add(oursFirst ? new double[] {first, second} : new double[] {second, first});
    }
    return new double[][] {
      pairs.stream().mapToDouble(p -> p[0]).toArray(),
      pairs.stream().mapToDouble(p -> p[1]).toArray()
    };
  }

  private static double nanos(Runnable side, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      side.run();
    }
    return System.nanoTime() - start;
  }
}
