package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.kernel.Operand.Extent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The primitives that a Java class of a user's may compute in the place of a CPU backend's own. */
public enum HostOp {
  /** A linear layer with bias, activation and residual. */
  LINEAR(HostKernels.Linear.class, "linear"),
  /** The backward pass of an activation with the gradient of the bias. */
  LINEAR_GRAD(HostKernels.LinearGrad.class, "linearGrad"),
  /** A product of matrices, each transposed or not. */
  MATMUL(HostKernels.Matmul.class, "matmul"),
  /** Softmax by rows. */
  SOFTMAX(HostKernels.Softmax.class, "softmax"),
  /** A function of elements. */
  UNARY(HostKernels.Unary.class, "unary");

  private final Class<?> type;
  private final String primitive;

  HostOp(Class<?> type, String primitive) {
    this.type = type;
    this.primitive = primitive;
  }

  /** As typed. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The primitive of a name, if there is one. */
  public static Optional<HostOp> find(String id) {
    return Arrays.stream(values()).filter(op -> op.id().equals(id)).findFirst();
  }

  /** The names of all. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(HostOp::id).toList();
  }

  /** The interface that a class implements. */
  public Class<?> type() {
    return type;
  }

  /** The name of its method, and of the backend's. */
  String primitive() {
    return primitive;
  }

  /** What of it a kernel on a device may compute, too; each is timed. */
  List<KernelOp> kernelOps() {
    return switch (this) {
      case LINEAR -> List.of(KernelOp.LINEAR_IDENTITY, KernelOp.LINEAR_RELU, KernelOp.LINEAR_SILU);
      case LINEAR_GRAD -> List.of(KernelOp.LINEAR_GRAD_RELU, KernelOp.LINEAR_GRAD_SILU);
      case MATMUL -> List.of(KernelOp.MATMUL_NN, KernelOp.MATMUL_NT, KernelOp.MATMUL_TN);
      case SOFTMAX -> List.of(KernelOp.SOFTMAX);
      case UNARY -> List.of(KernelOp.UNARY_SILU);
    };
  }

  /** All that it can be asked for, each to be checked. */
  List<CheckedOp> checked() {
    if (this == UNARY) {
      return Arrays.stream(UnaryOp.values()).map(HostOp::unary).toList();
    }
    List<CheckedOp> all = new ArrayList<>(kernelOps().stream().map(CheckedOp::of).toList());
    if (this == LINEAR_GRAD) {
      all.add(linearGradIdentity());
    } else if (this == MATMUL) {
      all.add(bothTransposed());
    }
    return all;
  }

  private static CheckedOp unary(UnaryOp op) {
    return new CheckedOp(
        "unary " + op,
        KernelOp.UNARY_SILU.operands(),
        (backend, t) -> backend.unary(op, t[0], t[1]));
  }

  private static CheckedOp bothTransposed() {
    return new CheckedOp(
        "matmul_tt",
        List.of(
            Operand.input("a", Extent.INNER, Extent.ROWS),
            Operand.input("b", Extent.COLUMNS, Extent.INNER),
            Operand.result("y", Extent.ROWS, Extent.COLUMNS, null)),
        (backend, t) -> backend.matmul(true, true, t[0], t[1], t[2], false));
  }

  /** Without z, and with gradOut as it is for gradZ. */
  private static CheckedOp linearGradIdentity() {
    return new CheckedOp(
        "linear_grad_identity",
        List.of(
            Operand.input("gradOut", Extent.ROWS, Extent.COLUMNS),
            Operand.result("gradBias", Extent.ONE, Extent.COLUMNS, null)),
        (backend, t) -> backend.linearGrad(Activation.IDENTITY, null, t[0], null, t[1]));
  }
}
