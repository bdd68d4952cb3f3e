package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.HostStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Checks and times classes of users' that compute a primitive on the CPU. */
public final class HostWorkshop {
  /** That call a class at once, as ranges of rows do when actions are drawn. */
  private static final int THREADS = 4;

  private static final long WARM_UP_NANOS = 1_000_000_000;
  private static final long TIMED_NANOS = 1_000_000_000;
  private static final int LEAST_ROUNDS = 5;

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
          new OracleCheck(op, new ClassRunner(op, users), OracleCheck.FP32_TOLERANCE, out)
              .run(false);
    }
    return right;
  }

  /** Runs once alone, then several at once, each of which gives the same bits. */
  private record ClassRunner(CheckedOp op, Backend backend) implements OracleCheck.Runner {
    @Override
    public String howRunsDiffer() {
      return "when run again, several threads at once";
    }

    @Override
    public List<int[]> run(
        CheckCase of, List<CheckedOperand> own, CheckedOperand[] operands, int run)
        throws OracleCheck.Failure {
      if (run < 2) {
        return once(own, operands);
      }
      try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
        List<Future<List<int[]>>> runs = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          runs.add(pool.submit(() -> once(own, operands)));
        }
        List<int[]> first = null;
        for (Future<List<int[]>> each : runs) {
          List<int[]> bits = each.get();
          if (first != null && !same(first, bits)) {
            return bits; // one of the two is not what it was alone
          }
          first = first == null ? bits : first;
        }
        return first;
      } catch (ExecutionException e) {
        throw new OracleCheck.Failure(e.getCause().getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OracleCheck.Failure("interrupted", e);
      }
    }

    private static boolean same(List<int[]> one, List<int[]> other) {
      return Arrays.deepEquals(one.toArray(), other.toArray());
    }

    private List<int[]> once(List<CheckedOperand> own, CheckedOperand... operands)
        throws OracleCheck.Failure {
      Map<CheckedOperand, Tensor> wholes = new IdentityHashMap<>();
      for (CheckedOperand operand : own) {
        Shape shape = Shape.of(operand.allRows(), operand.leadingDimension());
        Tensor whole = Tensor.empty(backend, DType.FLOAT32, shape);
        backend.write(operand.initial(), 0, whole);
        wholes.put(operand, whole);
      }
      // A result in the place of an input is the same tensor.
      Map<CheckedOperand, Tensor> parts = new IdentityHashMap<>();
      own.forEach(operand -> parts.put(operand, part(operand, wholes.get(operand))));
      Tensor[] tensors = new Tensor[operands.length];
      for (int i = 0; i < operands.length; i++) {
        tensors[i] = operands[i] == null ? null : parts.get(operands[i]);
      }
      try {
        op.compute().compute(backend, tensors);
      } catch (KernelException e) {
        throw new OracleCheck.Failure(e.getMessage(), e);
      }
      return own.stream().map(operand -> bits(wholes.get(operand))).toList();
    }

    private static Tensor part(CheckedOperand operand, Tensor whole) {
      int row = operand.first() / operand.leadingDimension();
      int column = operand.first() % operand.leadingDimension();
      Tensor part =
          whole.rows(row, row + operand.rows()).columns(column, column + operand.columns());
      boolean isVector = operand.operand().rows() == Operand.Extent.ONE;
      return isVector ? part.reshape(Shape.of(operand.columns())) : part;
    }

    private static int[] bits(Tensor whole) {
      float[] values = HostStorage.floats(whole);
      int[] bits = new int[whole.size()];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(values[i]);
      }
      return bits;
    }
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
            "%-16s %-18s %10s %10s %10s %10s %11s",
            "op",
            "size",
            "yours us",
            "GFLOP/s",
            "ours us",
            "GFLOP/s",
            "yours/ours"));
    for (KernelOp op : KernelOp.values()) {
      if (op.id().startsWith(kernel.op().id())
          && !(kernel.op() == HostOp.LINEAR && op.id().startsWith("linear_grad"))) {
        for (Sizes sizes : sizes(op)) {
          time(op, sizes, users, backend, out);
        }
      }
    }
    double peak = backend.peakGflops();
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
      KernelOp op, Sizes sizes, Backend users, Backend backend, Consumer<String> out) {
    Runnable yours = call(op, sizes, users);
    Runnable ours = call(op, sizes, backend);
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < WARM_UP_NANOS) {
      yours.run();
      ours.run();
    }
    List<Double> yourTimes = new ArrayList<>();
    List<Double> ourTimes = new ArrayList<>();
    begin = System.nanoTime();
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
            "%-16s %-18s %10.1f %10.2f %10.1f %10.2f %11.2f",
            op.id(),
            sizes.rows() + " x " + sizes.columns() + (op.hasInner() ? " x " + sizes.inner() : ""),
            your,
            flop / your,
            our,
            flop / our,
            your / our));
  }

  private static Runnable call(KernelOp op, Sizes sizes, Backend backend) {
    Random random = new Random(0);
    Tensor[] tensors =
        op.operands().stream()
            .map(operand -> random(backend, KernelOp.shape(operand, sizes), random))
            .toArray(Tensor[]::new);
    return () -> op.compute(backend, tensors);
  }

  private static Tensor random(Backend backend, Shape shape, Random random) {
    Tensor tensor = Tensor.empty(backend, DType.FLOAT32, shape);
    float[] values = new float[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - .5f;
    }
    backend.write(values, 0, tensor);
    return tensor;
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
