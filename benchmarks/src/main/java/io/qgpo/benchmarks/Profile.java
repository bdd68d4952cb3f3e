package io.qgpo.benchmarks;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a step's time goes, primitive by primitive, and what it allocates. */
@Command(
    name = "profile",
    description = "Where our step's time goes, by primitive, and what it allocates.",
    showDefaultValues = true)
final class Profile implements Callable<Integer> {
  private static final int CLASSES_SHOWN = 25;

  /** Calls until the observed backend is compiled. */
  private static final int WARM_UP = 60;

  @Mixin private CommonOptions common;

  @Option(names = "--workload", description = "${COMPLETION-CANDIDATES}")
  private Workload workload = Workload.BEHAVIOUR;

  @Option(names = "--backend", description = "its name")
  private String backendName = "auto";

  @Option(names = "--steps", description = "steps measured, after the warm-up")
  private int steps = 30;

  /** In a process of its own: see {@link Main}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Profile()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    int n = common.threads();
    Backend backend = Backends.choose(backendName, n).backend();
    double peak = backend.peakGflops();
    System.out.printf(
        "%s; %s; %s step; peak %.0f GFLOP/s%n",
        Compare.machine(), backend.description(), workload.label(), peak);
    try (QgpoSteps plain = new QgpoSteps(workload, backend)) {
      Timing timing =
          Timing.measure(
              workload.label(),
              "qgpo",
              CaseTimer.WORKLOAD_SECONDS,
              plain::call,
              plain::result,
              0,
              0);
      System.out.printf(
          "step: median %.2f ms, p10 %.2f, p90 %.2f, min %.2f; others took %.0f %% of the"
              + " machine%n%n",
          timing.medianMs(),
          timing.p10Ms(),
          timing.p90Ms(),
          timing.minMs(),
          100 * timing.otherWork());
      printAllocations(Allocations.of(() -> run(plain)));
    }
    TimedBackend timed = new TimedBackend(backend);
    try (QgpoSteps measured = new QgpoSteps(workload, timed.backend())) {
      for (int i = 0; i < WARM_UP; i++) {
        measured.call();
      }
      timed.reset();
      long start = System.nanoTime();
      run(measured);
      printTimes(timed, System.nanoTime() - start, peak);
    }
    return 0;
  }

  private void run(QgpoSteps training) {
    for (int i = 0; i < steps; i++) {
      training.call();
    }
  }

  private void printAllocations(Allocations.Result result) {
    System.out.printf("allocated: %.1f kB a step over all threads%n", result.bytes() / 1e3 / steps);
    if (result.classes().isEmpty()) {
      System.out.printf("  (a garbage collection came in between: no classes)%n%n");
      return;
    }
    for (Allocations.Objects o :
        result.classes().subList(0, Math.min(CLASSES_SHOWN, result.classes().size()))) {
      System.out.printf(
          "  %10.0f B %8.1f objects a step  %s%n",
          (double) o.bytes() / steps, (double) o.count() / steps, o.name());
    }
    long arrays =
        result.classes().stream()
            .filter(Allocations.Objects::isArray)
            .mapToLong(Allocations.Objects::count)
            .sum();
    System.out.printf("  arrays: %.2f a step%n%n", (double) arrays / steps);
  }

  private void printTimes(TimedBackend timed, long totalNanos, double peak) {
    System.out.println(
        "time by primitive, ms a step: mean; share; if every call were as quick as its quickest (of"
            + " ranges of rows, each of which one thread computes, the threads' times add up)");
    printRows(timed.primitives(), totalNanos, peak);
    double best = timed.rows().stream().mapToLong(TimedBackend.Row::bestNanos).sum();
    System.out.printf("  %8s %7s %8.3f all primitives%n", "", "", best / 1e6 / steps);
    long inside = timed.rows().stream().mapToLong(TimedBackend.Row::nanos).sum();
    System.out.printf(
        "  %8.3f %5.1f %% %8s between primitives%n%n",
        (totalNanos - inside) / 1e6 / steps, 100.0 * (totalNanos - inside) / totalNanos, "");
    System.out.println("in detail:");
    printRows(timed.rows(), totalNanos, peak);
  }

  private void printRows(List<TimedBackend.Row> rows, long totalNanos, double peak) {
    for (TimedBackend.Row row : rows) {
      double gflops = row.flop() / row.bestNanos();
      String speed =
          row.flop() == 0 ? "" : "  %.0f GFLOP/s, %.2f of peak".formatted(gflops, gflops / peak);
      System.out.printf(
          "  %8.3f %5.1f %% %8.3f %5.1f calls  %s %s%s%n",
          row.nanos() / 1e6 / steps,
          100.0 * row.nanos() / totalNanos,
          row.bestNanos() / 1e6 / steps,
          (double) row.calls() / steps,
          row.primitive(),
          row.detail(),
          speed);
    }
  }
}
