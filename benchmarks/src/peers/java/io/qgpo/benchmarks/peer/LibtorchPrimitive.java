package io.qgpo.benchmarks.peer;

import static org.bytedeco.pytorch.global.torch.addmm_out;
import static org.bytedeco.pytorch.global.torch.exp_out;
import static org.bytedeco.pytorch.global.torch.index_select_out;
import static org.bytedeco.pytorch.global.torch.mm_out;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.silu_backward_out;
import static org.bytedeco.pytorch.global.torch.silu_out;
import static org.bytedeco.pytorch.global.torch.softmax_out;
import static org.bytedeco.pytorch.global.torch.zeros;

import io.qgpo.benchmarks.Case;
import io.qgpo.benchmarks.TimedCase;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One operation of libtorch, into memory that is there already. */
final class LibtorchPrimitive implements TimedCase {
  private final Runnable operation;
  private final Tensor out;

  LibtorchPrimitive(Case one) {
    int[] s = one.sizes();
    switch (one.kind()) {
      case GEMM_NT, GEMM_NN, GEMM_TN -> {
        Tensor a = one.kind() == Case.Kind.GEMM_TN ? randn(s[2], s[0]).t() : randn(s[0], s[2]);
        Tensor b = one.kind() == Case.Kind.GEMM_NT ? randn(s[1], s[2]).t() : randn(s[2], s[1]);
        out = zeros(s[0], s[1]);
        operation = () -> mm_out(out, a, b);
      }
      case LINEAR -> {
        Tensor x = randn(s[0], s[2]);
        Tensor w = randn(s[1], s[2]).t();
        Tensor b = randn(s[1]);
        out = zeros(s[0], s[1]);
        operation = () -> addmm_out(out, b, x, w);
      }
      case EXP -> {
        Tensor x = randn(s[0]);
        out = zeros(s[0]);
        operation = () -> exp_out(out, x);
      }
      case SILU -> {
        Tensor x = randn(s[0]);
        out = zeros(s[0]);
        operation = () -> silu_out(out, x);
      }
      case SILU_GRAD -> {
        Tensor x = randn(s[0]);
        Tensor dy = randn(s[0]);
        out = zeros(s[0]);
        operation = () -> silu_backward_out(out, dy, x);
      }
      case SOFTMAX -> {
        Tensor x = randn(s[0], s[1]);
        out = zeros(s[0], s[1]);
        operation = () -> softmax_out(out, x, 1);
      }
      case ADAM -> {
        out = randn(s[0]);
        out.set_requires_grad(true);
        out.mutable_grad().put(randn(s[0]));
        Adam adam = new Adam(new TensorVector(out), new AdamOptions(1e-4));
        operation = adam::step;
      }
      case GATHER -> {
        Tensor table = randn(s[0], s[2]);
        Tensor indices = randint(s[0], new long[] {s[1]}).to(ScalarType.Long);
        out = zeros(s[1], s[2]);
        operation = () -> index_select_out(out, table, 0, indices);
      }
      default -> throw new IllegalArgumentException("no primitive: " + one.label());
    }
  }

  @Override
  public void call() {
    try (AutoGradMode _ = new AutoGradMode(false)) {
      operation.run();
    }
  }

  @Override
  public double result() {
    return out.flatten().select(0, 0).item_float();
  }
}
