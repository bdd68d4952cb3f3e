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
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs a class of a user's for a check: alone, then several at once, which must change no bit. */
final class HostRunner implements OracleCheck.Runner {
  /** That call a class at once, as ranges of rows do that go through all layers. */
  private static final int THREADS = 4;

  private final CheckedOp op;
  private final Backend backend;
  private List<int[]> alone;

  HostRunner(CheckedOp op, Backend backend) {
    this.op = op;
    this.backend = backend;
  }

  @Override
  public String howRunsDiffer() {
    return "when run again, several threads at once";
  }

  @Override
  public List<int[]> run(CheckCase of, List<CheckedOperand> own, CheckedOperand[] operands, int run)
      throws OracleCheck.Failure {
    if (run == 0) {
      alone = once(own, operands);
      return alone;
    }
    if (run == 1) {
      return once(own, operands);
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<int[]>>> runs = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        runs.add(pool.submit(() -> once(own, operands)));
      }
      List<int[]> last = alone;
      for (Future<List<int[]>> each : runs) {
        last = each.get();
        if (!same(alone, last)) {
          return last;
        }
      }
      return last;
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
    Tensor part = whole.rows(row, row + operand.rows()).columns(column, column + operand.columns());
    boolean isVector = operand.operand().rows() == Operand.Extent.ONE;
    return isVector ? part.reshape(Shape.of(operand.columns())) : part;
  }

  private static int[] bits(Tensor whole) {
    float[] values = HostStorage.floats(whole);
    int[] bits = new int[whole.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[whole.offset() + i]);
    }
    return bits;
  }
}
