package io.qgpo.cuda;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.kernel.KernelOp;
import io.qgpo.tensor.kernel.Sizes;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kernels of users' that a backend computes with. Each method tells whether there was one, and
 * does nothing otherwise; results without elements need none.
 */
final class UserKernels {
  private static final Map<Activation, KernelOp> LINEAR =
      Map.of(
          Activation.IDENTITY, KernelOp.LINEAR_IDENTITY,
          Activation.RELU, KernelOp.LINEAR_RELU,
          Activation.SILU, KernelOp.LINEAR_SILU);

  private static final Map<Activation, KernelOp> LINEAR_GRAD =
      Map.of(
          Activation.RELU, KernelOp.LINEAR_GRAD_RELU,
          Activation.SILU, KernelOp.LINEAR_GRAD_SILU);

  private final Map<KernelOp, UserKernel> kernels = new EnumMap<>(KernelOp.class);

  void put(UserKernel kernel) {
    kernels.put(kernel.op(), kernel);
  }

  /** What tells them from others, by the names of their operations. */
  Map<String, String> identities() {
    Map<String, String> identities = new TreeMap<>();
    kernels.forEach((op, kernel) -> identities.put(op.id(), kernel.identity()));
    return identities;
  }

  boolean linear(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    KernelOp op = LINEAR.get(activation);
    return launch(op, out, x.columns(), x, weight, bias, residual, preActivation, out);
  }

  boolean matmul(
      boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
    KernelOp op =
        transA && transB
            ? null
            : transA ? KernelOp.MATMUL_TN : transB ? KernelOp.MATMUL_NT : KernelOp.MATMUL_NN;
    int inner = transA ? a.rows() : a.columns();
    return launch(op, out, inner, a, b, accumulate ? out : null, out);
  }

  boolean linearGrad(
      Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    return launch(LINEAR_GRAD.get(activation), gradZ, 0, z, gradOut, gradZ, gradBias);
  }

  /**
   * No kernel, a question: whether one of them computes what {@code linearGradProducts} is made of.
   */
  boolean multiplyBackwards() {
    return kernels.containsKey(KernelOp.MATMUL_NN) || kernels.containsKey(KernelOp.MATMUL_TN);
  }

  /** No kernel, a question: whether one of them computes linear layers with this activation. */
  boolean computeLinear(Activation activation) {
    return kernels.containsKey(LINEAR.get(activation));
  }

  /** The same of their {@code linearGrad}. */
  boolean computeLinearGrad(Activation activation) {
    return kernels.containsKey(LINEAR_GRAD.get(activation));
  }

  boolean softmax(Tensor in, Tensor out) {
    return launch(KernelOp.SOFTMAX, out, 0, in, out);
  }

  boolean unary(UnaryOp unary, Tensor in, Tensor out) {
    return launch(unary == UnaryOp.SILU ? KernelOp.UNARY_SILU : null, out, 0, in, out);
  }

  private boolean launch(KernelOp op, Tensor result, int inner, Tensor... operands) {
    UserKernel kernel = op == null ? null : kernels.get(op);
    if (kernel == null || result == null || result.size() == 0 || op.hasInner() && inner == 0) {
      return false;
    }
    DeviceMatrix[] matrices = new DeviceMatrix[operands.length];
    for (int i = 0; i < operands.length; i++) {
      matrices[i] = Views.matrix(operands[i]);
    }
    kernel.launch(new Sizes(result.rows(), result.columns(), inner), matrices);
    return true;
  }
}
