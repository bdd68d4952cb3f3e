package io.qgpo.tensor;

import java.util.Map;

/**
 * What a device must offer: the primitives that everything else is composed of.
 *
 * <p>All of them write a whole result into {@code out} tensors that the caller made, take views
 * with any offset and leading dimension, and are deterministic: chunking and the order of sums are
 * fixed by the shapes alone. Inputs and outputs must be on this backend and of one floating-point
 * type; unless said otherwise an output may be one of the inputs but must not partly overlap one.
 *
 * <p>{@code "rows"} and {@code "columns"} are those of the folded matrix ({@link Shape#rows()}).
 * Shape mistakes throw {@link IllegalArgumentException} naming the operation and the shapes.
 */
public interface Backend {
  /** The name it is chosen by, as in {@code --backend scalar}. */
  String name();

  /** One line for logs: device, vector width, threads. */
  String description();

  /** Bits of the vectors that it computes with; 0 where there are none. Results depend on it. */
  int vectorBits();

  /** Threads of this machine that compute. Results do not depend on it. */
  int threads();

  /**
   * The float32 multiply-add peak of what computes, in GFLOP/s, measured, which takes a third of a
   * second; NaN where it is not known.
   */
  default double peakGflops() {
    return Double.NaN;
  }

  /**
   * Kernels of users' that it computes with in the place of its own: by the name of the operation,
   * what tells one from another. Results depend on them.
   */
  default Map<String, String> kernels() {
    return Map.of();
  }

  /**
   * By how much an operand of a matrix product is rounded before it is multiplied, at most,
   * relative to it: 0 for not at all, 2^-11 for TF32's 10 bits of mantissa.
   */
  default double operandRounding() {
    return 0;
  }

  /**
   * What computes a part of its work and is not of this project: a library, with its version. Empty
   * for nothing. Results depend on it.
   */
  default String library() {
    return "";
  }

  /** Whether tensors of this type can be made and computed with here. */
  boolean supports(DType dtype);

  /** New storage, zeroed, owned by the garbage collector. */
  Storage allocate(DType dtype, int size);

  /** Bytes of its memory that nobody holds; 0 where its memory is the host's. */
  default long freeBytes() {
    return 0;
  }

  // ---- Between the host and the device -------------------------------------------------------

  /** Copies {@code out.size()} floats from {@code source} at {@code from} into a tensor. */
  void write(float[] source, int from, Tensor out);

  /** As {@link #write(float[], int, Tensor)} for float64. */
  void write(double[] source, int from, Tensor out);

  /** As {@link #write(float[], int, Tensor)} for int32. */
  void write(int[] source, int from, Tensor out);

  /** Copies a float32 tensor into {@code target} at {@code to}, in row order. */
  void read(Tensor in, float[] target, int to);

  /** As {@link #read(Tensor, float[], int)} for float64. */
  void read(Tensor in, double[] target, int to);

  /** As {@link #read(Tensor, float[], int)} for int32. */
  void read(Tensor in, int[] target, int to);

  /** The only element of a tensor of size 1, of any type. */
  double readItem(Tensor in);

  // ---- Elementwise ---------------------------------------------------------------------------

  /** Sets every element. */
  void fill(Tensor out, double value);

  /** Copies, broadcasting {@code in} to {@code out}; any type. */
  void copy(Tensor in, Tensor out);

  /** out = op(in). */
  void unary(UnaryOp op, Tensor in, Tensor out);

  /**
   * gradIn = gradOut op'(x), where y = op(x).
   *
   * @param x the argument
   * @param y the result
   */
  void unaryGrad(UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn);

  /** out = op(a, b), both broadcast to {@code out}. */
  void binary(BinaryOp op, Tensor a, Tensor b, Tensor out);

  /** out = scale in + shift, in broadcast to {@code out}. */
  void affine(Tensor in, double scale, double shift, Tensor out);

  /** out = alpha a + beta b, all of one shape. */
  void addScaled(double alpha, Tensor a, double beta, Tensor b, Tensor out);

  /** out = in limited to [low, high]; NaN stays NaN. */
  void clamp(Tensor in, double low, double high, Tensor out);

  /** gradIn = gradOut where low &lt;= in &lt;= high, else 0. */
  void clampGrad(Tensor in, double low, double high, Tensor gradOut, Tensor gradIn);

  // ---- Reductions and rows -------------------------------------------------------------------

  /**
   * Folds {@code in} along every axis where {@code out} has extent 1 or no axis: the transpose of
   * broadcasting. {@code out}'s shape must broadcast to {@code in}'s; it must not be {@code in}.
   */
  void reduce(ReduceOp op, Tensor in, Tensor out);

  /** Each row of out = softmax of the row of in. */
  void softmax(Tensor in, Tensor out);

  /** Each row of gradIn = y (gradOut - sum(y gradOut)), where y is the softmax. */
  void softmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn);

  /** Each row of out = log softmax of the row of in. */
  void logSoftmax(Tensor in, Tensor out);

  /** Each row of gradIn = gradOut - exp(y) sum(gradOut), where y is the log softmax. */
  void logSoftmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn);

  /**
   * The value of a softmax policy over candidates: out[r] = sum_i softmax(beta q[r])_i q[r,i], the
   * expectation in QGPO's in-support Bellman target (Lu et al. 2023, eq. 13).
   *
   * @param q rows x candidates
   * @param out rows x 1
   */
  void softmaxValue(Tensor q, double beta, Tensor out);

  // ---- Matrices ------------------------------------------------------------------------------

  /**
   * out = op(a) op(b), plus out if {@code accumulate}. Matrices of rank 2; op transposes where
   * asked. {@code out} must not overlap an input.
   */
  void matmul(boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate);

  /**
   * A copy of a linear layer's weight in the layout that this backend multiplies with, for weights
   * that many products read before anybody changes them.
   *
   * @param weight out x in
   * @return of any shape; null if the weight as it is serves as well
   */
  Tensor pack(Tensor weight);

  /**
   * A linear layer with everything behind it: z = x weight^T + bias; out = activation(z) +
   * residual.
   *
   * @param x rows x in
   * @param weight out x in
   * @param packed what {@link #pack} made of the weight, or null
   * @param bias out, or null
   * @param residual rows x out, or null
   * @param preActivation rows x out: receives z for the backward pass; null if not wanted
   * @param out rows x out; must not overlap {@code x} or {@code weight}; may be {@code residual}
   */
  void linear(
      Tensor x,
      Tensor weight,
      Tensor packed,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out);

  /**
   * The first part of a linear layer's backward pass, in one sweep: gradZ = gradOut activation'(z)
   * and gradBias = its column sums.
   *
   * @param z rows x out; may be null for {@link Activation#IDENTITY}
   * @param gradZ rows x out, or null for IDENTITY (it would equal gradOut); may be gradOut
   * @param gradBias out, or null if not wanted
   */
  void linearGrad(Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias);

  /**
   * The second part of a linear layer's backward pass, which a device may compute at once: gradX =
   * gradZ weight, gradWeight = gradZ^T x, and gradBias = the column sums of gradZ where {@link
   * #linearGrad} has not computed them. The results overlap neither an input nor each other.
   *
   * @param gradZ rows x out
   * @param x rows x in
   * @param weight out x in
   * @param gradX rows x in, or null if not wanted
   * @param accumulateX whether the product is added to what gradX holds
   * @param gradWeight out x in, or null if not wanted
   * @param accumulateWeight whether the product is added to what gradWeight holds
   * @param gradBias out, or null if not wanted
   */
  default void linearGradProducts(
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      boolean accumulateX,
      Tensor gradWeight,
      boolean accumulateWeight,
      Tensor gradBias) {
    ShapeChecks.linearGradProducts(gradZ, x, weight, gradX, gradWeight, gradBias);
    if (gradBias != null) {
      linearGrad(Activation.IDENTITY, null, gradZ, null, gradBias);
    }
    if (gradWeight != null) {
      matmul(true, false, gradZ, x, gradWeight, accumulateWeight);
    }
    if (gradX != null) {
      matmul(false, false, gradZ, weight, gradX, accumulateX);
    }
  }

  /**
   * Linear layers of equal shape beside each other, which a device may compute at once: {@link
   * #linear} of block i of the rows of each operand, for each i below {@code groups}.
   *
   * @param groups how many layers, 1 or more
   * @param x (groups rows) x in; or rows x in, which all layers take
   * @param weight (groups out) x in
   * @param bias groups x out
   * @param preActivation (groups rows) x out: receives z; null if not wanted
   * @param out (groups rows) x out; must not overlap {@code x} or {@code weight}
   */
  default void groupedLinear(
      int groups,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor preActivation,
      Tensor out) {
    ShapeChecks.groupedLinear(groups, x, weight, bias, preActivation, out);
    boolean shared = x.rows() < out.rows();
    for (int i = 0; i < groups; i++) {
      linear(
          shared ? x : x.rowBlock(i, groups),
          weight.rowBlock(i, groups),
          null,
          bias.rowBlock(i, groups),
          activation,
          null,
          preActivation == null ? null : preActivation.rowBlock(i, groups),
          out.rowBlock(i, groups));
    }
  }

  /**
   * {@link #linearGrad} of such layers, which have an activation.
   *
   * @param activation not {@link Activation#IDENTITY}, of which there is nothing to compute
   * @param z (groups rows) x out
   * @param gradZ of the same shape; may be gradOut
   * @param gradBias groups x out, or null if not wanted
   */
  default void groupedLinearGrad(
      int groups, Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    ShapeChecks.groupedLinearGrad(groups, activation, z, gradOut, gradZ, gradBias);
    for (int i = 0; i < groups; i++) {
      linearGrad(
          activation,
          z.rowBlock(i, groups),
          gradOut.rowBlock(i, groups),
          gradZ.rowBlock(i, groups),
          gradBias == null ? null : gradBias.rowBlock(i, groups));
    }
  }

  /**
   * {@link #linearGradProducts} of such layers.
   *
   * @param gradZ (groups rows) x out
   * @param x (groups rows) x in; or rows x in, which all layers have taken
   * @param weight (groups out) x in
   * @param gradX of x's shape, the sum over all layers where they share x; null if not wanted
   * @param gradWeight (groups out) x in, or null if not wanted
   * @param gradBias groups x out; null if not wanted, or {@link #groupedLinearGrad} has computed it
   */
  default void groupedLinearGradProducts(
      int groups,
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      Tensor gradWeight,
      Tensor gradBias) {
    ShapeChecks.groupedLinearGradProducts(groups, gradZ, x, weight, gradX, gradWeight, gradBias);
    boolean shared = x.rows() < gradZ.rows();
    for (int i = 0; i < groups; i++) {
      linearGradProducts(
          gradZ.rowBlock(i, groups),
          shared ? x : x.rowBlock(i, groups),
          weight.rowBlock(i, groups),
          gradX == null || shared ? gradX : gradX.rowBlock(i, groups),
          shared && i > 0,
          gradWeight == null ? null : gradWeight.rowBlock(i, groups),
          false,
          gradBias == null ? null : gradBias.rowBlock(i, groups));
    }
  }

  /** out[c, r] = in[r, c]. Matrices of rank 2. */
  void transpose(Tensor in, Tensor out);

  // ---- Rows by index -------------------------------------------------------------------------

  /**
   * out[i] = source[indices[i]], by rows.
   *
   * @throws IndexOutOfBoundsException if an index is no row of {@code source} (CPU backends)
   */
  void gatherRows(Tensor source, Tensor indices, Tensor out);

  /** out[indices[i]] += in[i], by rows, in the order of i. */
  void scatterAddRows(Tensor in, Tensor indices, Tensor out);

  // ---- Random numbers ------------------------------------------------------------------------
  // state: the int32 tensor of an Rng; a call reads it and advances it, on the device.

  /** Uniform on [low, high). */
  void uniform(Tensor state, double low, double high, Tensor out);

  /** Standard normal. */
  void normal(Tensor state, Tensor out);

  /** Uniform integers from 0 to bound-1 into an int32 tensor. */
  void randomIndices(Tensor state, int bound, Tensor out);

  // ---- Fused pieces of QGPO ------------------------------------------------------------------

  /**
   * Gaussian Fourier features: out[r] = [sin(2 pi t[r] w), cos(2 pi t[r] w)].
   *
   * @param t rows x 1
   * @param frequencies w: n
   * @param out rows x 2n
   */
  void fourierFeatures(Tensor t, Tensor frequencies, Tensor out);

  /**
   * Noises data to times of a variance-preserving schedule: out = alpha(t) x + sigma(t) noise with
   * ln alpha(t) = quadratic t^2 + linear t and sigma^2 = 1 - alpha^2.
   *
   * @param x rows x columns
   * @param t rows / k x 1, each for k consecutive rows
   * @param noise of x's shape
   * @param quadratic at most 0, as is {@code linear}
   */
  void perturb(Tensor x, Tensor t, Tensor noise, double quadratic, double linear, Tensor out);

  /**
   * Squared error by rows: out[r] = sum_c (a[r,c] - scale b[r,c])^2.
   *
   * @param out rows x 1
   */
  void squaredError(Tensor a, double scale, Tensor b, Tensor out);

  /** gradA[r,c] = 2 gradOut[r] (a[r,c] - scale b[r,c]). */
  void squaredErrorGrad(Tensor a, double scale, Tensor b, Tensor gradOut, Tensor gradA);

  /**
   * Cross-entropy against given probabilities: out[r] = -sum_c target[r,c] logSoftmax(logits[r])_c.
   *
   * @param out rows x 1
   */
  void softmaxCrossEntropy(Tensor logits, Tensor target, Tensor out);

  /** gradLogits[r] = gradOut[r] (softmax(logits[r]) sum(target[r]) - target[r]). */
  void softmaxCrossEntropyGrad(Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits);

  // ---- Optimisers ----------------------------------------------------------------------------

  /**
   * One step of Adam with decoupled weight decay over all parameters (Kingma and Ba 2015;
   * Loshchilov and Hutter 2019): p -= rate decay p; m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p
   * -= rate (m/c1) / (sqrt(v/c2) + epsilon).
   *
   * @param scalars [rate, c1, c2, gradientScale], on the device because they change from step to
   *     step: the learning rate, the bias corrections 1-b1^step and 1-b2^step, and a factor on g
   */
  void adam(
      Tensor[] parameters,
      Tensor[] gradients,
      Tensor[] m,
      Tensor[] v,
      Tensor scalars,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay);

  /** targets += weight (sources - targets): Polyak averaging and EMA. */
  void lerp(Tensor[] targets, Tensor[] sources, double weight);

  /** out = the sum of all squares over all tensors. out: one element. */
  void sumOfSquares(Tensor[] tensors, Tensor out);

  // ---- Execution -----------------------------------------------------------------------------

  /**
   * Runs a body that performs the same operations on the same storage each time it is called with
   * this key, so that a device may record it once and replay it. Nothing is read to the host
   * inside; what varies from step to step lives in tensors.
   */
  void step(String key, Runnable body);

  /** Whether {@link #step} records, so that storage is worth keeping where it is for its sake. */
  default boolean recordsSteps() {
    return false;
  }

  /** What is done for some of the rows of a computation. */
  @FunctionalInterface
  interface RowRange {
    /**
     * Computes the rows {@code from} to {@code to} (exclusive), in scopes of its own.
     *
     * @param from of the first row
     * @param to behind the last
     */
    void compute(int from, int to);
  }

  /**
   * Runs a body over ranges that together are all rows, each of which it computes independently of
   * the others. A device whose caches are small takes few rows through all of the body's operations
   * before it goes on to the next; several threads may be in the body at once. The ranges depend on
   * the arguments alone.
   *
   * @param rows how many
   * @param weight rows of the widest operations inside that one of these rows stands for, such as
   *     the actions of a state
   */
  default void byRows(int rows, int weight, RowRange body) {
    if (rows > 0) {
      body.compute(0, rows);
    }
  }

  /** Waits until all results are there. */
  void synchronize();
}
