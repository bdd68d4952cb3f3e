package io.qgpo.tensor.simd;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.cpu.HostBackend;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.Parallel;

/**
 * The CPU backend on the Vector API, for float32 and int32, multi-threaded.
 *
 * <p>Results have the same bits for every number of threads, and repeat from run to run. Those of
 * sums depend on the vector width. Primitives allocate a few small objects each and, once the
 * scratch memory has grown to the shapes in use, no array.
 */
public final class SimdBackend extends HostBackend {
  private final Parallel pool;

  /**
   * A backend with a thread pool of its own.
   *
   * @param threads how many threads compute, the caller included
   * @throws IllegalArgumentException if there cannot be so many
   */
  public SimdBackend(int threads) {
    pool = new Parallel(threads);
  }

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public String description() {
    return "Vector API, "
        + vectorBits()
        + "-bit vectors, "
        + threads()
        + (threads() == 1 ? " thread" : " threads")
        + ", float32";
  }

  @Override
  public int vectorBits() {
    return VectorMath.SPECIES.vectorBitSize();
  }

  @Override
  public int threads() {
    return pool.threads();
  }

  @Override
  public double peakGflops() {
    return Roofline.peakGflops(threads());
  }

  @Override
  public boolean supports(DType dtype) {
    return dtype != DType.FLOAT64;
  }

  // ---- Elementwise ---------------------------------------------------------------------------

  @Override
  public void fill(Tensor out, double value) {
    Broadcast.fill(pool, out, value);
  }

  @Override
  public void copy(Tensor in, Tensor out) {
    ShapeChecks.type("copy", "in", out.dtype(), in);
    ShapeChecks.broadcasts("copy", "in", in, out);
    Broadcast.copy(pool, in, out);
  }

  @Override
  public void unary(UnaryOp op, Tensor in, Tensor out) {
    ShapeChecks.same(op.name(), "out", in.shape(), out);
    Elementwise.unary(pool, op, in, out);
  }

  @Override
  public void unaryGrad(UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.unaryGrad(op, x, y, gradOut, gradIn);
    Elementwise.unaryGrad(pool, op, x, y, gradOut, gradIn);
  }

  @Override
  public void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    ShapeChecks.broadcasts(op.name(), "a tensor", a, out);
    ShapeChecks.broadcasts(op.name(), "a tensor", b, out);
    Broadcast.binary(pool, op, a, b, out);
  }

  @Override
  public void affine(Tensor in, double scale, double shift, Tensor out) {
    ShapeChecks.broadcasts("affine", "in", in, out);
    if (!in.shape().equals(out.shape())) {
      Broadcast.copy(pool, in, out);
      affine(out, scale, shift, out);
      return;
    }
    Elementwise.affine(pool, in, (float) scale, (float) shift, out);
  }

  @Override
  public void addScaled(double alpha, Tensor a, double beta, Tensor b, Tensor out) {
    ShapeChecks.same("addScaled", "b", a.shape(), b);
    ShapeChecks.same("addScaled", "out", a.shape(), out);
    Elementwise.addScaled(pool, (float) alpha, a, (float) beta, b, out);
  }

  @Override
  public void clamp(Tensor in, double low, double high, Tensor out) {
    ShapeChecks.same("clamp", "out", in.shape(), out);
    Elementwise.clamp(pool, in, (float) low, (float) high, out);
  }

  @Override
  public void clampGrad(Tensor in, double low, double high, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("clamp gradient", "gradOut", in.shape(), gradOut);
    ShapeChecks.same("clamp gradient", "gradIn", in.shape(), gradIn);
    Elementwise.clampGrad(pool, in, low, high, gradOut, gradIn);
  }

  // ---- Reductions and rows -------------------------------------------------------------------

  @Override
  public void reduce(ReduceOp op, Tensor in, Tensor out) {
    ShapeChecks.broadcasts("reduce", "out", out, in);
    if (op == ReduceOp.MEAN) {
      Reduce.reduce(pool, ReduceOp.SUM, in, out);
      affine(out, (double) out.size() / in.size(), 0, out);
      return;
    }
    Reduce.reduce(pool, op, in, out);
  }

  @Override
  public void softmax(Tensor in, Tensor out) {
    ShapeChecks.same("softmax", "out", in.shape(), out);
    RowOps.softmax(pool, in, out);
  }

  @Override
  public void softmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("softmax gradient", "gradOut", y.shape(), gradOut);
    ShapeChecks.same("softmax gradient", "gradIn", y.shape(), gradIn);
    RowOps.softmaxGrad(pool, y, gradOut, gradIn);
  }

  @Override
  public void logSoftmax(Tensor in, Tensor out) {
    ShapeChecks.same("logSoftmax", "out", in.shape(), out);
    RowOps.logSoftmax(pool, in, out);
  }

  @Override
  public void logSoftmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("logSoftmax gradient", "gradOut", y.shape(), gradOut);
    ShapeChecks.same("logSoftmax gradient", "gradIn", y.shape(), gradIn);
    RowOps.logSoftmaxGrad(pool, y, gradOut, gradIn);
  }

  @Override
  public void softmaxValue(Tensor q, double beta, Tensor out) {
    ShapeChecks.matrix("softmaxValue", "out", q.rows(), 1, out);
    RowOps.softmaxValue(pool, q, (float) beta, out);
  }

  // ---- Matrices ------------------------------------------------------------------------------

  @Override
  public void matmul(
      boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
    ShapeChecks.matmul(transA, transB, a, b, out);
    Gemm.sgemm(
        pool,
        transA,
        transB,
        out.rows(),
        out.columns(),
        transA ? a.rows() : a.columns(),
        HostStorage.floats(a),
        a.offset(),
        a.leadingDimension(),
        HostStorage.floats(b),
        b.offset(),
        b.leadingDimension(),
        HostStorage.floats(out),
        out.offset(),
        out.leadingDimension(),
        accumulate);
  }

  @Override
  public Tensor pack(Tensor weight) {
    int size = Gemm.packedSize(weight.rows(), weight.columns());
    if (size == 0) {
      return null;
    }
    Tensor packed = Tensor.empty(this, DType.FLOAT32, Shape.of(size));
    Gemm.pack(
        pool,
        weight.rows(),
        weight.columns(),
        HostStorage.floats(weight),
        weight.offset(),
        weight.leadingDimension(),
        HostStorage.floats(packed),
        packed.offset());
    return packed;
  }

  @Override
  public void linear(
      Tensor x,
      Tensor weight,
      Tensor packed,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    ShapeChecks.linear(x, weight, packed, bias, residual, preActivation, out);
    Gemm.linear(
        pool,
        out.rows(),
        out.columns(),
        x.columns(),
        HostStorage.floats(x),
        x.offset(),
        x.leadingDimension(),
        HostStorage.floats(weight),
        weight.offset(),
        weight.leadingDimension(),
        packed == null ? null : HostStorage.floats(packed),
        packed == null ? 0 : packed.offset(),
        bias == null ? null : HostStorage.floats(bias),
        bias == null ? 0 : bias.offset(),
        activation,
        residual == null ? null : HostStorage.floats(residual),
        residual == null ? 0 : residual.offset(),
        residual == null ? 0 : residual.leadingDimension(),
        preActivation == null ? null : HostStorage.floats(preActivation),
        preActivation == null ? 0 : preActivation.offset(),
        preActivation == null ? 0 : preActivation.leadingDimension(),
        HostStorage.floats(out),
        out.offset(),
        out.leadingDimension());
  }

  @Override
  public void linearGrad(
      Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    ShapeChecks.linearGrad(activation, z, gradOut, gradZ, gradBias);
    LinearGrad.linearGrad(pool, activation, z, gradOut, gradZ, gradBias);
  }

  @Override
  public void transpose(Tensor in, Tensor out) {
    if (in.dtype() != DType.FLOAT32) {
      super.transpose(in, out);
      return;
    }
    ShapeChecks.matrix("transpose", "out", in.columns(), in.rows(), out);
    RowMoves.transpose(pool, in, out);
  }

  // ---- Rows by index -------------------------------------------------------------------------

  @Override
  public void gatherRows(Tensor source, Tensor indices, Tensor out) {
    if (source.dtype() != DType.FLOAT32) {
      super.gatherRows(source, indices, out);
      return;
    }
    ShapeChecks.matrix("gatherRows", "out", indices.size(), source.columns(), out);
    checkRows("gatherRows", indices, source);
    RowMoves.gather(pool, source, indices, out);
  }

  @Override
  public void scatterAddRows(Tensor in, Tensor indices, Tensor out) {
    ShapeChecks.matrix("scatterAddRows", "in", indices.size(), out.columns(), in);
    checkRows("scatterAddRows", indices, out);
    RowMoves.scatterAdd(in, indices, out);
  }

  // ---- Random numbers ------------------------------------------------------------------------

  @Override
  public void uniform(Tensor state, double low, double high, Tensor out) {
    RandomOps.uniform(pool, state, low, high, out);
  }

  @Override
  public void normal(Tensor state, Tensor out) {
    RandomOps.normal(pool, state, out);
  }

  @Override
  public void randomIndices(Tensor state, int bound, Tensor out) {
    checkBound(bound);
    RandomOps.indices(pool, state, bound, out);
  }

  // ---- Fused pieces and optimisers -----------------------------------------------------------

  @Override
  public void fourierFeatures(Tensor t, Tensor frequencies, Tensor out) {
    ShapeChecks.fourierFeatures(t, frequencies, out);
    FourierFeatures.fourierFeatures(pool, t, frequencies, out);
  }

  @Override
  public void perturb(
      Tensor x, Tensor t, Tensor noise, double quadratic, double linear, Tensor out) {
    ShapeChecks.perturb(x, t, noise, out);
    Perturb.perturb(pool, x, t, noise, (float) quadratic, (float) linear, out);
  }

  @Override
  public void squaredError(Tensor a, double scale, Tensor b, Tensor out) {
    ShapeChecks.same("squaredError", "b", a.shape(), b);
    ShapeChecks.matrix("squaredError", "out", a.rows(), 1, out);
    Losses.squaredError(pool, a, (float) scale, b, out);
  }

  @Override
  public void squaredErrorGrad(Tensor a, double scale, Tensor b, Tensor gradOut, Tensor gradA) {
    ShapeChecks.same("squaredError gradient", "b", a.shape(), b);
    ShapeChecks.same("squaredError gradient", "gradA", a.shape(), gradA);
    ShapeChecks.matrix("squaredError gradient", "gradOut", a.rows(), 1, gradOut);
    Losses.squaredErrorGrad(pool, a, (float) scale, b, gradOut, gradA);
  }

  @Override
  public void softmaxCrossEntropy(Tensor logits, Tensor target, Tensor out) {
    ShapeChecks.same("softmaxCrossEntropy", "target", logits.shape(), target);
    ShapeChecks.matrix("softmaxCrossEntropy", "out", logits.rows(), 1, out);
    Losses.softmaxCrossEntropy(pool, logits, target, out);
  }

  @Override
  public void softmaxCrossEntropyGrad(
      Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits) {
    ShapeChecks.same("softmaxCrossEntropy gradient", "target", logits.shape(), target);
    ShapeChecks.same("softmaxCrossEntropy gradient", "gradLogits", logits.shape(), gradLogits);
    ShapeChecks.matrix("softmaxCrossEntropy gradient", "gradOut", logits.rows(), 1, gradOut);
    Losses.softmaxCrossEntropyGrad(pool, logits, target, gradOut, gradLogits);
  }

  @Override
  public void adam(
      Tensor[] parameters,
      Tensor[] gradients,
      Tensor[] m,
      Tensor[] v,
      Tensor scalars,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {
    ShapeChecks.adam(parameters, gradients, m, v, scalars);
    Optimizer.AdamStep step = Optimizer.AdamStep.of(scalars, beta1, beta2, epsilon, weightDecay);
    for (int i = 0; i < parameters.length; i++) {
      Optimizer.adam(pool, parameters[i], gradients[i], m[i], v[i], step);
    }
  }

  @Override
  public void lerp(Tensor[] targets, Tensor[] sources, double weight) {
    ShapeChecks.lerp(targets, sources);
    for (int i = 0; i < targets.length; i++) {
      Optimizer.lerp(pool, targets[i], sources[i], (float) weight);
    }
  }

  @Override
  public void sumOfSquares(Tensor[] tensors, Tensor out) {
    ShapeChecks.size("sumOfSquares", "out", 1, out);
    double sum = 0;
    for (Tensor tensor : tensors) {
      sum += Optimizer.sumOfSquares(pool, tensor);
    }
    HostStorage.floats(out)[out.offset()] = (float) sum;
  }

  // ---- Execution -----------------------------------------------------------------------------

  @Override
  public void byRows(int rows, int weight, RowRange body) {
    int each = RowRanges.rowsInEach(rows, weight);
    pool.run(
        Chunks.count(rows, each),
        range -> body.compute(range * each, Math.min(rows, (range + 1) * each)));
  }
}
