package io.qgpo.benchmarks;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/** One primitive of a backend, on memory of its own. */
final class QgpoPrimitive implements TimedCase {
  private final Runnable call;
  private final Tensor out;

  QgpoPrimitive(Case one, Backend backend) {
    Rng rng = new Rng(backend, 0, "benchmark");
    int[] s = one.sizes();
    switch (one.kind()) {
      case GEMM_NT, GEMM_NN, GEMM_TN -> {
        boolean transA = one.kind() == Case.Kind.GEMM_TN;
        boolean transB = one.kind() == Case.Kind.GEMM_NT;
        Tensor a = normal(rng, transA ? Shape.of(s[2], s[0]) : Shape.of(s[0], s[2]));
        Tensor b = normal(rng, transB ? Shape.of(s[1], s[2]) : Shape.of(s[2], s[1]));
        out = Tensor.zeros(backend, DType.FLOAT32, Shape.of(s[0], s[1]));
        call = () -> backend.matmul(transA, transB, a, b, out, false);
      }
      case LINEAR -> {
        Tensor x = normal(rng, Shape.of(s[0], s[2]));
        Tensor weight = normal(rng, Shape.of(s[1], s[2]));
        Tensor bias = normal(rng, Shape.of(s[1]));
        Tensor packed = backend.pack(weight);
        out = Tensor.zeros(backend, DType.FLOAT32, Shape.of(s[0], s[1]));
        call = () -> backend.linear(x, weight, packed, bias, Activation.IDENTITY, null, null, out);
      }
      case EXP, SILU -> {
        Tensor x = normal(rng, Shape.of(s[0]));
        out = Tensor.zeros(backend, DType.FLOAT32, x.shape());
        UnaryOp op = one.kind() == Case.Kind.EXP ? UnaryOp.EXP : UnaryOp.SILU;
        call = () -> backend.unary(op, x, out);
      }
      case SILU_GRAD -> {
        Tensor x = normal(rng, Shape.of(s[0]));
        Tensor dy = normal(rng, Shape.of(s[0]));
        Tensor y = Tensor.zeros(backend, DType.FLOAT32, x.shape());
        backend.unary(UnaryOp.SILU, x, y);
        out = Tensor.zeros(backend, DType.FLOAT32, x.shape());
        call = () -> backend.unaryGrad(UnaryOp.SILU, x, y, dy, out);
      }
      case SOFTMAX -> {
        Tensor x = normal(rng, Shape.of(s[0], s[1]));
        out = Tensor.zeros(backend, DType.FLOAT32, x.shape());
        call = () -> backend.softmax(x, out);
      }
      case ADAM -> {
        Shape shape = Shape.of(s[0]);
        out = normal(rng, shape);
        Tensor[] p = {out};
        Tensor[] g = {normal(rng, shape)};
        Tensor[] m = {Tensor.zeros(backend, DType.FLOAT32, shape)};
        Tensor[] v = {Tensor.zeros(backend, DType.FLOAT32, shape)};
        Tensor scalars = Tensor.of(backend, Shape.of(4), 1e-4f, 0.5f, 0.5f, 1);
        call = () -> backend.adam(p, g, m, v, scalars, 0.9, 0.999, 1e-8, 0);
      }
      case GATHER -> {
        Tensor table = normal(rng, Shape.of(s[0], s[2]));
        Tensor indices = rng.indices(s[1], s[0]);
        out = Tensor.zeros(backend, DType.FLOAT32, Shape.of(s[1], s[2]));
        call = () -> backend.gatherRows(table, indices, out);
      }
      default -> throw new IllegalArgumentException("no primitive: " + one.label());
    }
  }

  private static Tensor normal(Rng rng, Shape shape) {
    return rng.normal(DType.FLOAT32, shape);
  }

  @Override
  public void call() {
    call.run();
  }

  @Override
  public double result() {
    return out.toFloatArray()[0];
  }
}
