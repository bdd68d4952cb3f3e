package io.qgpo.tensor;

/**
 * The argument checks of the {@link Backend} primitives, shared by all backends so that a mistake
 * reads the same on each: the operation, what was expected, what was found.
 */
public final class ShapeChecks {
  private ShapeChecks() {}

  /** {@code found} must have the shape {@code expected}. */
  public static void same(String op, String what, Shape expected, Tensor found) {
    if (!found.shape().equals(expected)) {
      throw mismatch(op, what + " of shape " + expected, found.shape().toString());
    }
  }

  /** The folded matrix must be rows x columns. */
  public static void matrix(String op, String what, int rows, int columns, Tensor found) {
    if (found.rows() != rows || found.columns() != columns) {
      throw mismatch(
          op,
          what + " of " + rows + " x " + columns + " (rows x columns)",
          found.shape().toString());
    }
  }

  /** One row of {@code size} elements, which therefore are adjacent. */
  public static void vector(String op, String what, int size, Tensor found) {
    if (found.rows() != 1 || found.columns() != size) {
      throw mismatch(op, what + " of shape [" + size + "]", found.shape().toString());
    }
  }

  /** The tensor must have this many elements. */
  public static void size(String op, String what, int size, Tensor found) {
    if (found.size() != size) {
      throw mismatch(op, what + " of " + size + " elements", found.shape().toString());
    }
  }

  /** The tensor must be of this type. */
  public static void type(String op, String what, DType expected, Tensor found) {
    if (found.dtype() != expected) {
      throw mismatch(op, what + " of type " + expected, found.dtype() + " " + found.shape());
    }
  }

  /** {@code in} must broadcast to {@code out}. */
  public static void broadcasts(String op, String what, Tensor in, Tensor out) {
    if (!in.shape().broadcastsTo(out.shape())) {
      throw mismatch(
          op,
          what
              + " that broadcasts to "
              + out.shape()
              + " (aligned at the last axis, extents equal or 1)",
          in.shape().toString());
    }
  }

  /** Matrix product: op(a) m x k, op(b) k x n, out m x n, all rank 2 (or folded to it). */
  public static void matmul(boolean transA, boolean transB, Tensor a, Tensor b, Tensor out) {
    int m = transA ? a.columns() : a.rows();
    int k = transA ? a.rows() : a.columns();
    int k2 = transB ? b.columns() : b.rows();
    int n = transB ? b.rows() : b.columns();
    if (k != k2) {
      throw mismatch(
          "matmul",
          "inner extents to agree: a" + (transA ? "^T" : "") + " is " + m + " x " + k,
          "b" + (transB ? "^T" : "") + " of " + k2 + " x " + n);
    }
    matrix("matmul", "out", m, n, out);
  }

  /** The arguments of {@link Backend#linear}. */
  public static void linear(
      Tensor x,
      Tensor weight,
      Tensor packed,
      Tensor bias,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    if (weight.columns() != x.columns()) {
      throw mismatch(
          "linear",
          "x with as many columns as weight " + weight.shape() + " (out x in) has",
          x.shape().toString());
    }
    int rows = x.rows();
    int n = weight.rows();
    matrix("linear", "out", rows, n, out);
    if (packed != null && packed.size() < weight.size()) {
      throw mismatch("linear", "the packed weight of " + weight.shape(), packed.shape().toString());
    }
    if (bias != null) {
      vector("linear", "bias", n, bias);
    }
    if (residual != null) {
      matrix("linear", "residual", rows, n, residual);
    }
    if (preActivation != null) {
      matrix("linear", "preActivation", rows, n, preActivation);
    }
  }

  /** The arguments of {@link Backend#unaryGrad}. */
  public static void unaryGrad(UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn) {
    String name = op.name() + " gradient";
    same(name, "y", x.shape(), y);
    same(name, "gradOut", x.shape(), gradOut);
    same(name, "gradIn", x.shape(), gradIn);
  }

  /** The arguments of {@link Backend#linearGrad}. */
  public static void linearGrad(
      Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    int rows = gradOut.rows();
    int columns = gradOut.columns();
    if (activation != Activation.IDENTITY) {
      matrix("linear gradient", "z", rows, columns, z);
    }
    if (activation != Activation.IDENTITY || gradZ != null) {
      matrix("linear gradient", "gradZ", rows, columns, gradZ);
    }
    if (gradBias != null) {
      vector("linear gradient", "gradBias", columns, gradBias);
    }
  }

  /** The arguments of {@link Backend#linearGradProducts}. */
  public static void linearGradProducts(
      Tensor gradZ, Tensor x, Tensor weight, Tensor gradX, Tensor gradWeight, Tensor gradBias) {
    int out = gradZ.columns();
    int in = x.columns();
    matrix("linear gradient", "x", gradZ.rows(), in, x);
    matrix("linear gradient", "weight", out, in, weight);
    if (gradX != null) {
      matrix("linear gradient", "gradX", gradZ.rows(), in, gradX);
    }
    if (gradWeight != null) {
      matrix("linear gradient", "gradWeight", out, in, gradWeight);
    }
    if (gradBias != null) {
      vector("linear gradient", "gradBias", out, gradBias);
    }
  }

  /** The arguments of {@link Backend#groupedLinear}. */
  public static void groupedLinear(
      int groups, Tensor x, Tensor weight, Tensor bias, Tensor preActivation, Tensor out) {
    String op = "grouped linear";
    grouped(op, groups, x, weight, out);
    matrix(op, "bias", groups, out.columns(), bias);
    if (preActivation != null) {
      matrix(op, "preActivation", out.rows(), out.columns(), preActivation);
    }
  }

  /** Of layers beside each other: {@code y} is their result or its gradient. */
  private static void grouped(String op, int groups, Tensor x, Tensor weight, Tensor y) {
    if (groups < 1 || y.rows() % groups != 0) {
      throw mismatch(op, "rows of %d equal groups".formatted(groups), y.shape().toString());
    }
    matrix(op, "weight", groups * y.columns(), x.columns(), weight);
    if (x.rows() != y.rows() && x.rows() != y.rows() / groups) {
      throw mismatch(
          op,
          "x of %d rows, or of %d for all groups".formatted(y.rows(), y.rows() / groups),
          x.shape().toString());
    }
  }

  /** The arguments of {@link Backend#groupedLinearGrad}. */
  public static void groupedLinearGrad(
      int groups, Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    String op = "grouped linear gradient";
    if (groups < 1 || gradOut.rows() % groups != 0) {
      throw mismatch(op, "rows of %d equal groups".formatted(groups), gradOut.shape().toString());
    }
    if (activation == Activation.IDENTITY) {
      throw mismatch(op, "an activation", activation.toString());
    }
    matrix(op, "z", gradOut.rows(), gradOut.columns(), z);
    matrix(op, "gradZ", gradOut.rows(), gradOut.columns(), gradZ);
    if (gradBias != null) {
      matrix(op, "gradBias", groups, gradOut.columns(), gradBias);
    }
  }

  /** The arguments of {@link Backend#groupedLinearGradProducts}. */
  public static void groupedLinearGradProducts(
      int groups,
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      Tensor gradWeight,
      Tensor gradBias) {
    String op = "grouped linear gradient";
    grouped(op, groups, x, weight, gradZ);
    if (gradX != null) {
      matrix(op, "gradX", x.rows(), x.columns(), gradX);
    }
    if (gradWeight != null) {
      matrix(op, "gradWeight", weight.rows(), weight.columns(), gradWeight);
    }
    if (gradBias != null) {
      matrix(op, "gradBias", groups, gradZ.columns(), gradBias);
    }
  }

  /** The arguments of {@link Backend#fourierFeatures}. */
  public static void fourierFeatures(Tensor t, Tensor frequencies, Tensor out) {
    vector("fourierFeatures", "frequencies", frequencies.size(), frequencies);
    matrix("fourierFeatures", "t", out.rows(), 1, t);
    matrix("fourierFeatures", "out", t.rows(), 2 * frequencies.size(), out);
  }

  /** The arguments of {@link Backend#perturb}. */
  public static void perturb(Tensor x, Tensor t, Tensor noise, Tensor out) {
    same("perturb", "noise", x.shape(), noise);
    same("perturb", "out", x.shape(), out);
    boolean fits = t.rows() == 0 ? x.rows() == 0 : x.rows() % t.rows() == 0;
    if (t.columns() != 1 || !fits) {
      throw mismatch(
          "perturb",
          "times in one column, as many as the " + x.rows() + " rows or a part of that",
          t.shape().toString());
    }
  }

  /** The arguments of {@link Backend#adam}. */
  public static void adam(
      Tensor[] parameters, Tensor[] gradients, Tensor[] m, Tensor[] v, Tensor scalars) {
    vector("adam", "scalars", 4, scalars);
    if (gradients.length != parameters.length
        || m.length != parameters.length
        || v.length != parameters.length) {
      throw mismatch(
          "adam",
          "as many gradients, m and v as the " + parameters.length + " parameters",
          gradients.length + ", " + m.length + " and " + v.length);
    }
    for (int i = 0; i < parameters.length; i++) {
      same("adam", "gradient", parameters[i].shape(), gradients[i]);
      same("adam", "m", parameters[i].shape(), m[i]);
      same("adam", "v", parameters[i].shape(), v[i]);
    }
  }

  /** The arguments of {@link Backend#lerp}. */
  public static void lerp(Tensor[] targets, Tensor[] sources) {
    if (sources.length != targets.length) {
      throw mismatch(
          "lerp",
          "as many sources as the " + targets.length + " targets",
          Integer.toString(sources.length));
    }
    for (int i = 0; i < targets.length; i++) {
      same("lerp", "source", targets[i].shape(), sources[i]);
    }
  }

  /** A row index must lie within the rows. */
  public static IndexOutOfBoundsException badRow(String op, int at, int index, int rows) {
    return new IndexOutOfBoundsException(
        op + ": indices[" + at + "] must be from 0 to " + (rows - 1) + ", found " + index);
  }

  /** An array of the host of this length must hold the tensor's elements from {@code at} on. */
  public static void hostArray(String op, int length, int at, Tensor tensor) {
    if (at < 0 || at > length - tensor.size()) {
      throw mismatch(
          op,
          "an array with "
              + tensor.size()
              + " elements from "
              + at
              + " for shape "
              + tensor.shape(),
          "one of length " + length);
    }
  }

  private static IllegalArgumentException mismatch(String op, String expected, String found) {
    return new IllegalArgumentException(op + ": expected " + expected + ", found " + found);
  }
}
