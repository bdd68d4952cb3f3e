package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** Checks and times classes of users' that compute a primitive on the CPU. */
public final class HostWorkshop {
  private static final long WARM_UP_NANOS = 1_500_000_000;
  private static final long TIMED_NANOS = 1_000_000_000;
  private static final int LEAST_ROUNDS = 15;

  private HostWorkshop() {}

  /**
   * Runs a class beside the oracle, over odd sizes, gaps between rows and operands left out, alone
   * and from several threads at once.
   *
   * @param backend that it is to be a part of
   * @param out takes the lines of the report
   * @return whether it is right
   */
  public static boolean check(HostKernel kernel, Backend backend, Consumer<String> out) {
    Backend users = KernelBackend.of(backend, List.of(kernel));
    boolean right = true;
    for (CheckedOp op : kernel.op().checked()) {
      out.accept(op.name() + " by class:" + kernel.className());
      right &=
          new OracleCheck(op, new HostRunner(op, users), OracleCheck.FP32_TOLERANCE, out)
              .run(false);
    }
    return right;
  }

  /**
   * Times a class beside the backend's own primitive, call by call in turn in this process.
   *
   * @param out takes the lines of the report
   */
  public static void bench(HostKernel kernel, Backend backend, Consumer<String> out) {
    Backend users = KernelBackend.of(backend, List.of(kernel));
    out.accept(
        String.format(
            Locale.ROOT,
            "%-16s %-18s %10s %10s %8s %8s %10s %10s %11s",
            "op",
            "size",
            "yours us",
            "GFLOP/s",
            "of peak",
            "GB/s",
            "ours us",
            "GFLOP/s",
            "yours/ours"));
    double peak = backend.peakGflops();
    for (KernelOp op : kernel.op().kernelOps()) {
      for (Sizes sizes : sizes(op)) {
        time(op, sizes, users, backend, peak, out);
      }
    }
    out.accept(
        "medians of calls in turn, on "
            + backend.description()
            + (Double.isNaN(peak)
                ? ""
                : String.format(Locale.ROOT, "; its peak is %.0f GFLOP/s", peak)));
  }

  private static List<Sizes> sizes(KernelOp op) {
    return op == KernelOp.MATMUL_TN
        ? List.of(new Sizes(256, 256, 256), new Sizes(256, 256, 1024))
        : op.hasInner()
            ? List.of(new Sizes(256, 256, 256), new Sizes(1024, 256, 256))
            : List.of(new Sizes(256, 256, 0), new Sizes(1024, 512, 0));
  }

  private static void time(
      KernelOp op, Sizes sizes, Backend users, Backend backend, double peak, Consumer<String> out) {
    Runnable yours = call(op, sizes, users);
    Runnable ours = call(op, sizes, backend);
    warmUp(yours);
    warmUp(ours);
    List<Double> yourTimes = new ArrayList<>();
    List<Double> ourTimes = new ArrayList<>();
    long begin = System.nanoTime();
    while (yourTimes.size() < LEAST_ROUNDS || System.nanoTime() - begin < TIMED_NANOS) {
      yourTimes.add(micros(yours));
      ourTimes.add(micros(ours));
    }
    double your = median(yourTimes);
    double our = median(ourTimes);
    double flop = op.flop(sizes) / 1e3;
    out.accept(
        String.format(
            Locale.ROOT,
            "%-16s %-18s %10.1f %10.2f %8s %8.1f %10.1f %10.2f %11.2f",
            op.id(),
            sizes,
            your,
            flop / your,
            Double.isNaN(peak) ? "-" : String.format(Locale.ROOT, "%.2f", flop / your / peak),
            op.bytes(sizes) / your / 1e3,
            our,
            flop / our,
            your / our));
  }

  /** Each alone: in turn with one that is slow, the other would be called too seldom. */
  private static void warmUp(Runnable call) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < WARM_UP_NANOS) {
      call.run();
    }
  }

  private static Runnable call(KernelOp op, Sizes sizes, Backend backend) {
    Tensor[] tensors = op.randomOperands(backend, sizes, new Random(0)).toArray(Tensor[]::new);
    return () -> op.compute(backend, tensors);
  }

  private static double micros(Runnable call) {
    long begin = System.nanoTime();
    call.run();
    return (System.nanoTime() - begin) / 1e3;
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }
}
