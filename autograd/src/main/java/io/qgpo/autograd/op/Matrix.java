package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Matrix products and the fused linear layer. */
public final class Matrix {
  private Matrix() {}

  /** y = a b, a: m x k, b: k x n; da = dy b^T, db = a^T dy. */
  public static Var matmul(Var a, Var b) {
    Operands.matrix("matmul", "a", a.shape());
    Operands.matrix("matmul", "b", b.shape());
    Operands.match("matmul", a.value(), b.value());
    Tensor value =
        Tensor.empty(a.backend(), a.dtype(), Shape.of(a.shape().dim(0), b.shape().dim(1)));
    a.backend().matmul(false, false, a.value(), b.value(), value, false);
    return Tape.record(
        "matmul",
        value,
        (gradOut, node) -> {
          giveProduct(node, 0, false, true, gradOut, b.value(), a.shape());
          giveProduct(node, 1, true, false, a.value(), gradOut, b.shape());
        },
        a,
        b);
  }

  /**
   * A linear layer with what follows it, in one operation: y = activation(x weight^T + bias) +
   * residual. With z = x weight^T + bias and dz = dy activation'(z): dx = dz weight, dweight = dz^T
   * x, dbias = column sums of dz, dresidual = dy.
   *
   * @param x any rank, with {@code in} columns
   * @param weight out x in
   * @param bias out, or null
   * @param residual of y's shape, or null
   * @return x's shape with {@code out} columns
   * @throws IllegalArgumentException if shapes or types do not fit
   */
  public static Var linear(Var x, Var weight, Var bias, Activation activation, Var residual) {
    return linear(x, weight, null, bias, activation, residual, null);
  }

  /**
   * The same, for a weight that was packed since it last changed, or into memory of the caller's.
   *
   * @param packed what {@link io.qgpo.tensor.Backend#pack} made of the weight; null for nothing
   * @param into receives y, whose memory it is from then on, of y's shape; must not overlap x or
   *     the weight; null for new memory
   */
  public static Var linear(
      Var x,
      Var weight,
      Tensor packed,
      Var bias,
      Activation activation,
      Var residual,
      Tensor into) {
    Operands.matrix("linear", "weight", weight.shape());
    Shape shape = x.shape().withColumns(weight.shape().dim(0));
    Operands.match("linear", x.value(), weight.value());
    Operands.match("linear", x.value(), valueOf(bias));
    Operands.match("linear", x.value(), valueOf(residual));
    if (residual != null && !residual.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "linear: expected a residual of the result's shape "
              + shape
              + ", found "
              + residual.shape());
    }
    Operands.match("linear", x.value(), into);
    if (into != null && !into.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "linear: expected room for the result's shape " + shape + ", found " + into.shape());
    }
    Tensor value = into == null ? Tensor.empty(x.backend(), x.dtype(), shape) : into;
    // The sign of max(z, 0) tells the sign of z, so ReLU by itself needs no copy of z.
    boolean keepZ =
        Tape.records(x, weight, bias, residual)
            && (activation == Activation.SILU
                || (activation == Activation.RELU && residual != null));
    Tensor kept = keepZ ? Tensor.empty(x.backend(), x.dtype(), shape) : null;
    x.backend()
        .linear(
            x.value(),
            weight.value(),
            packed,
            valueOf(bias),
            activation,
            valueOf(residual),
            kept,
            value);
    Tensor z = keepZ ? kept : value;
    return Tape.record(
        "linear",
        value,
        (gradOut, node) -> linearBackward(activation, z, x, weight, bias, gradOut, node),
        x,
        weight,
        bias,
        residual);
  }

  private static void linearBackward(
      Activation activation,
      Tensor z,
      Var x,
      Var weight,
      Var bias,
      Tensor gradOut,
      Tape.Node node) {
    node.give(3, gradOut);
    boolean needsBias = node.needs(2);
    if (!node.needs(0) && !node.needs(1) && !needsBias) {
      return;
    }
    Tensor gradBias =
        needsBias ? Tensor.empty(gradOut.backend(), gradOut.dtype(), bias.shape()) : null;
    boolean identity = activation == Activation.IDENTITY;
    Tensor gradZ = gradOut;
    if (!identity) {
      gradZ = Tensor.empty(gradOut.backend(), gradOut.dtype(), gradOut.shape());
      gradOut.backend().linearGrad(activation, z, gradOut, gradZ, gradBias);
    }
    Tensor sumX = node.accumulator(0);
    // Both are written at once, so not to the same gradient.
    Tensor sumWeight = x == weight ? null : node.accumulator(1);
    Tensor gradX = productOf(node, 0, sumX, x);
    Tensor gradWeight = productOf(node, 1, sumWeight, weight);
    gradOut
        .backend()
        .linearGradProducts(
            gradZ,
            x.value(),
            weight.value(),
            gradX,
            sumX != null,
            gradWeight,
            sumWeight != null,
            identity ? gradBias : null);
    give(node, 2, gradBias, null);
    give(node, 1, gradWeight, sumWeight);
    give(node, 0, gradX, sumX);
  }

  /**
   * Linear layers of equal shape beside each other, each as {@link #linear} without a residual: y_i
   * = activation(x_i weight_i^T + bias_i), where i means block i of the rows.
   *
   * @param x (groups rows) x in; or rows x in, which all layers take: its gradient is the sum of
   *     theirs
   * @param shared whether x is rows x in
   * @param weight (groups out) x in
   * @param bias groups x out, which says how many layers there are
   * @return (groups rows) x out
   * @throws IllegalArgumentException if shapes or types do not fit
   */
  public static Var groupedLinear(
      Var x, boolean shared, Var weight, Var bias, Activation activation) {
    Operands.matrix("grouped linear", "x", x.shape());
    Operands.matrix("grouped linear", "weight", weight.shape());
    Operands.matrix("grouped linear", "bias", bias.shape());
    Operands.match("grouped linear", x.value(), weight.value());
    Operands.match("grouped linear", x.value(), bias.value());
    int groups = bias.shape().dim(0);
    int rows = x.shape().dim(0) * (shared ? groups : 1);
    Shape shape = Shape.of(rows, bias.shape().dim(1));
    Tensor value = Tensor.empty(x.backend(), x.dtype(), shape);
    // As in linear, ReLU needs no copy of z.
    boolean keepZ = Tape.records(x, weight, bias, null) && activation == Activation.SILU;
    Tensor kept = keepZ ? Tensor.empty(x.backend(), x.dtype(), shape) : null;
    x.backend()
        .groupedLinear(groups, x.value(), weight.value(), bias.value(), activation, kept, value);
    Tensor z = keepZ ? kept : value;
    return Tape.record(
        "grouped linear",
        value,
        (gradOut, node) -> groupedBackward(groups, activation, z, x, weight, bias, gradOut, node),
        x,
        weight,
        bias,
        null);
  }

  private static void groupedBackward(
      int groups,
      Activation activation,
      Tensor z,
      Var x,
      Var weight,
      Var bias,
      Tensor gradOut,
      Tape.Node node) {
    boolean identity = activation == Activation.IDENTITY;
    Tensor gradBias = productOf(node, 2, null, bias);
    Tensor gradWeight = productOf(node, 1, null, weight);
    Tensor gradX = productOf(node, 0, null, x);
    Tensor gradZ = gradOut;
    if (!identity) {
      gradZ = Tensor.empty(gradOut.backend(), gradOut.dtype(), gradOut.shape());
      gradOut.backend().groupedLinearGrad(groups, activation, z, gradOut, gradZ, gradBias);
    }
    gradOut
        .backend()
        .groupedLinearGradProducts(
            groups,
            gradZ,
            x.value(),
            weight.value(),
            gradX,
            gradWeight,
            identity ? gradBias : null);
    give(node, 2, gradBias, null);
    give(node, 1, gradWeight, null);
    give(node, 0, gradX, null);
  }

  /** The gradient so far, to add to; else new memory; null if none is needed. */
  private static Tensor productOf(Tape.Node node, int input, Tensor sum, Var of) {
    if (sum != null || !node.needs(input)) {
      return sum;
    }
    return Tensor.empty(of.backend(), of.dtype(), of.shape());
  }

  private static void give(Tape.Node node, int input, Tensor gradient, Tensor sum) {
    if (gradient != null && sum == null) {
      node.give(input, gradient);
    }
  }

  /** Adds a product to a gradient, in place where that saves a sweep. */
  private static void giveProduct(
      Tape.Node node, int input, boolean transA, boolean transB, Tensor a, Tensor b, Shape shape) {
    if (!node.needs(input)) {
      return;
    }
    Tensor sum = node.accumulator(input);
    if (sum != null) {
      a.backend().matmul(transA, transB, a, b, sum, true);
      return;
    }
    Tensor out = Tensor.empty(a.backend(), a.dtype(), shape);
    a.backend().matmul(transA, transB, a, b, out, false);
    node.give(input, out);
  }

  private static Tensor valueOf(Var x) {
    return x == null ? null : x.value();
  }

  /** y[c, r] = x[r, c]; dx = dy transposed. */
  public static Var transpose(Var x) {
    Operands.matrix("transpose", "x", x.shape());
    Tensor value =
        Tensor.empty(x.backend(), x.dtype(), Shape.of(x.shape().dim(1), x.shape().dim(0)));
    x.backend().transpose(x.value(), value);
    return Tape.record(
        "transpose",
        value,
        (gradOut, node) -> {
          Tensor gradIn = Tensor.empty(x.backend(), x.dtype(), x.shape());
          x.backend().transpose(gradOut, gradIn);
          node.give(0, gradIn);
        },
        x);
  }
}
