package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/**
 * The primitives that a Java class of a user's may compute in the place of a CPU backend's. A class
 * implements one of these interfaces, is public, and has a public constructor without arguments; it
 * gets float32 tensors, whose elements it reaches by {@link io.qgpo.tensor.cpu.HostStorage#floats},
 * {@link Tensor#offset} and {@link Tensor#leadingDimension}, writes its results wholly, and may be
 * called from several threads at once.
 */
public final class HostKernels {
  private HostKernels() {}

  /** As {@link io.qgpo.tensor.Backend#linear}, without a packed weight. */
  public interface Linear {
    /**
     * out = activation(z) + residual, where z = x weight^T + bias.
     *
     * @param x rows x in
     * @param weight out x in
     * @param bias out, or null
     * @param residual rows x out, or null
     * @param preActivation rows x out: receives z; null if not wanted
     * @param out rows x out; may be {@code residual}
     */
    void linear(
        Tensor x,
        Tensor weight,
        Tensor bias,
        Activation activation,
        Tensor residual,
        Tensor preActivation,
        Tensor out);
  }

  /** As {@link io.qgpo.tensor.Backend#linearGrad}. */
  public interface LinearGrad {
    /**
     * gradZ = gradOut activation'(z), and gradBias = its column sums.
     *
     * @param z rows x out; may be null for IDENTITY
     * @param gradOut rows x out
     * @param gradZ rows x out, or null for IDENTITY; may be gradOut
     * @param gradBias out, or null if not wanted
     */
    void linearGrad(Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias);
  }

  /** As {@link io.qgpo.tensor.Backend#matmul}. */
  public interface Matmul {
    /** out = op(a) op(b), plus out if {@code accumulate}; op transposes where asked. */
    void matmul(boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate);
  }

  /** As {@link io.qgpo.tensor.Backend#softmax}. */
  public interface Softmax {
    /** Each row of out = softmax of the row of in; out may be in. */
    void softmax(Tensor in, Tensor out);
  }

  /** As {@link io.qgpo.tensor.Backend#unary}. */
  public interface Unary {
    /** out = op(in), for every op; out may be in. */
    void unary(UnaryOp op, Tensor in, Tensor out);
  }
}
