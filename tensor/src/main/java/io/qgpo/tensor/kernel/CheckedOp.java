package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Tensor;
import java.util.List;

/**
 * An operation as a check sees it.
 *
 * @param name for the report
 * @param operands in their order
 * @param compute what it is, by a backend's primitives
 */
public record CheckedOp(String name, List<Operand> operands, Compute compute) {
  /** An operation on tensors. */
  @FunctionalInterface
  public interface Compute {
    /** Computes it; null stands for an operand that is left out. */
    void compute(Backend backend, Tensor... operands);
  }

  /** One that a kernel on a device may compute. */
  public static CheckedOp of(KernelOp op) {
    return new CheckedOp(op.id(), op.operands(), op::compute);
  }

  /** Whether something is summed over {@link Sizes#inner()}. */
  boolean hasInner() {
    return operands.stream()
        .anyMatch(o -> o.rows() == Operand.Extent.INNER || o.columns() == Operand.Extent.INNER);
  }
}
