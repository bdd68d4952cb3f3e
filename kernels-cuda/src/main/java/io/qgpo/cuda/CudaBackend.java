package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.cuda.TensorLists.AdamSettings;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import java.lang.ref.Cleaner;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Map;

/**
 * The first GPU as a backend, for float32 and int32. Primitives start work and return; reading
 * waits for it. One thread at a time computes, others wait: the primitives are synchronized.
 *
 * <p>Steps are recorded and replayed ({@link CudaSteps}). Storage is cut from slabs ({@link
 * DeviceArena}) and given back when the garbage collector finds it; {@link #close} gives back all.
 */
public final class CudaBackend implements Backend, AutoCloseable {
  static final String NAME = "cuda";

  /**
   * Matrix products on the tensor cores, operands rounded to TF32's 10 bits of mantissa, but for
   * those of few rows, which are float32.
   */
  public static final String TF32_PROPERTY = "qgpo.cuda.tf32";

  /** Large matrix products by cuBLAS, which must be installed then. */
  public static final String CUBLAS_PROPERTY = "qgpo.cuda.cublas";

  /** The least multiplications of a product that is large; a whole number. */
  static final String CUBLAS_FROM_PROPERTY = "qgpo.cuda.cublas.from";

  private static final Cleaner CLEANER = Cleaner.create();

  private final CudaDriver driver;
  private final DeviceArena arena;
  private final Precision precision;
  private final LargeProducts large;
  private final Products products;
  private final Transfers transfers;
  private final Elementwise elementwise;
  private final Reduce reduce;
  private final RowOps rowOps;
  private final Moves moves;
  private final RandomOps random;
  private final TensorLists lists;
  private final CudaSteps steps;
  private final UserKernels users = new UserKernels();
  private final Cleaner.Cleanable leak;

  /**
   * Opens the first GPU.
   *
   * @throws IllegalArgumentException if cuBLAS was asked for and is not installed
   */
  public CudaBackend() {
    this(
        DeviceArena.SLAB,
        Boolean.getBoolean(TF32_PROPERTY) ? Precision.TF32 : Precision.FP32,
        LargeProducts.Rule.asked());
  }

  /**
   * Opens the first GPU.
   *
   * @param slabSize elements of a slab
   * @param byCublas the products that cuBLAS computes; null for none
   */
  CudaBackend(long slabSize, Precision precision, LargeProducts.Rule byCublas) {
    driver = CudaDriver.open();
    arena = new DeviceArena(driver, slabSize);
    this.precision = precision;
    KernelLibrary library = new KernelLibrary(driver);
    large = LargeProducts.open(driver, library, precision, byCublas);
    elementwise = new Elementwise(library, driver);
    transfers = new Transfers(driver, elementwise);
    reduce = new Reduce(library);
    rowOps = new RowOps(library);
    moves = new Moves(library);
    products = new Products(library, moves, users, precision, large);
    random = new RandomOps(library);
    lists = new TensorLists(library, reduce);
    steps = new CudaSteps(driver);
    leak = CLEANER.register(this, new Leak(driver));
  }

  /** Says that nobody closed the driver; after {@link #close} there is nothing to say. */
  private record Leak(CudaDriver driver) implements Runnable {
    @Override
    public void run() {
      if (driver.isOpen()) {
        System.getLogger(CudaBackend.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "a CUDA backend was dropped without close(): {0} bytes of the GPU stay held until"
                    + " this process ends",
                Long.toString(driver.heldBytes()));
      }
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Device and driver; what multiplies matrices, and why. */
  @Override
  public String description() {
    return "CUDA, "
        + driver.description()
        + "; matrix products by own kernels in "
        + precision
        + (large == null
            ? ", which fuse what follows a product and give the same bits whatever cuBLAS is"
                + " installed"
            : ", large ones as asked by " + large.version() + ", " + large.provider());
  }

  /** For TF32 by our kernels, which round to nearest; a library may cut off. */
  @Override
  public double operandRounding() {
    return precision == Precision.FP32 ? 0 : large == null ? 0x1p-11 : 0x1p-10;
  }

  @Override
  public String library() {
    return large == null ? "" : large.version();
  }

  /** 0; with TF32 the 19 bits of an operand, since results depend on them. */
  @Override
  public int vectorBits() {
    return precision == Precision.TF32 ? 19 : 0;
  }

  @Override
  public int threads() {
    return 1;
  }

  /** Computes with a kernel of a user's from now on; before anything is recorded. */
  synchronized void use(KernelSource source) {
    users.put(new UserKernel(driver, source, KernelDevice.module(source)));
  }

  @Override
  public Map<String, String> kernels() {
    return users.identities();
  }

  /** What the tensors lie on. */
  CudaDriver driver() {
    return driver;
  }

  @Override
  public boolean supports(DType dtype) {
    return dtype != DType.FLOAT64;
  }

  @Override
  public synchronized Storage allocate(DType dtype, int size) {
    if (!supports(dtype)) {
      throw new IllegalArgumentException(
          "backend cuda does not compute in " + dtype + "; use the scalar backend");
    }
    DeviceArena.Block block = arena.take(size);
    if (size > 0) {
      driver.fill(block.memory(), 0);
    }
    CudaStorage storage = new CudaStorage(this, dtype, size, block.memory());
    DeviceArena from = arena;
    CLEANER.register(storage, () -> from.give(block));
    return storage;
  }

  @Override
  public synchronized long freeBytes() {
    return driver.freeBytes();
  }

  /** Bytes of the GPU in use by storage that was not collected. */
  public synchronized long usedBytes() {
    return arena.usedBytes();
  }

  /** The nodes of a recorded step's graph; 0 before it is recorded. */
  public synchronized long nodes(String key) {
    return steps.nodes(key);
  }

  // ---- Between the host and the device -------------------------------------------------------

  @Override
  public synchronized void write(float[] source, int from, Tensor out) {
    Views.requireFloat(out);
    transfers.write(FloatBuffer.wrap(source), from, out);
  }

  @Override
  public void write(double[] source, int from, Tensor out) {
    throw notDouble("write", out);
  }

  @Override
  public synchronized void write(int[] source, int from, Tensor out) {
    CudaStorage.memory(DType.INT32, out);
    transfers.write(IntBuffer.wrap(source), from, out);
  }

  @Override
  public synchronized void read(Tensor in, float[] target, int to) {
    Views.requireFloat(in);
    transfers.read(in, FloatBuffer.wrap(target), to);
  }

  @Override
  public void read(Tensor in, double[] target, int to) {
    throw notDouble("read", in);
  }

  @Override
  public synchronized void read(Tensor in, int[] target, int to) {
    CudaStorage.memory(DType.INT32, in);
    transfers.read(in, IntBuffer.wrap(target), to);
  }

  private static IllegalArgumentException notDouble(String op, Tensor tensor) {
    return new IllegalArgumentException(
        op
            + ": tensor of type FLOAT64 expected, found "
            + tensor.dtype()
            + " "
            + tensor.shape()
            + "; backend cuda has no float64");
  }

  @Override
  public synchronized double readItem(Tensor in) {
    ShapeChecks.size("readItem", "in", 1, in);
    if (in.dtype() == DType.INT32) {
      int[] value = new int[1];
      driver.read(CudaStorage.memory(in), IntBuffer.wrap(value), 1);
      return value[0];
    }
    return Views.floats(in).read(1)[0];
  }

  // ---- Elementwise ---------------------------------------------------------------------------

  @Override
  public synchronized void fill(Tensor out, double value) {
    elementwise.fill(out, value);
  }

  @Override
  public synchronized void copy(Tensor in, Tensor out) {
    ShapeChecks.type("copy", "in", out.dtype(), in);
    ShapeChecks.broadcasts("copy", "in", in, out);
    elementwise.copy(in, out);
  }

  @Override
  public synchronized void unary(UnaryOp op, Tensor in, Tensor out) {
    ShapeChecks.same(op.name(), "out", in.shape(), out);
    if (!users.unary(op, in, out)) {
      elementwise.unary(op, in, out);
    }
  }

  @Override
  public synchronized void unaryGrad(
      UnaryOp op, Tensor x, Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.unaryGrad(op, x, y, gradOut, gradIn);
    elementwise.unaryGrad(op, x, y, gradOut, gradIn);
  }

  @Override
  public synchronized void binary(BinaryOp op, Tensor a, Tensor b, Tensor out) {
    ShapeChecks.broadcasts(op.name(), "a tensor", a, out);
    ShapeChecks.broadcasts(op.name(), "a tensor", b, out);
    elementwise.binary(op, a, b, out);
  }

  @Override
  public synchronized void affine(Tensor in, double scale, double shift, Tensor out) {
    ShapeChecks.broadcasts("affine", "in", in, out);
    elementwise.affine(in, scale, shift, out);
  }

  @Override
  public synchronized void addScaled(double alpha, Tensor a, double beta, Tensor b, Tensor out) {
    ShapeChecks.same("addScaled", "b", a.shape(), b);
    ShapeChecks.same("addScaled", "out", a.shape(), out);
    elementwise.addScaled(alpha, a, beta, b, out);
  }

  @Override
  public synchronized void clamp(Tensor in, double low, double high, Tensor out) {
    ShapeChecks.same("clamp", "out", in.shape(), out);
    elementwise.clamp(in, low, high, out);
  }

  @Override
  public synchronized void clampGrad(
      Tensor in, double low, double high, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("clamp gradient", "gradOut", in.shape(), gradOut);
    ShapeChecks.same("clamp gradient", "gradIn", in.shape(), gradIn);
    elementwise.clampGrad(in, low, high, gradOut, gradIn);
  }

  // ---- Reductions and rows -------------------------------------------------------------------

  @Override
  public synchronized void reduce(ReduceOp op, Tensor in, Tensor out) {
    ShapeChecks.broadcasts("reduce", "out", out, in);
    Views.requireFloat(in, out);
    if (in.size() == 0) {
      elementwise.fill(
          out,
          switch (op) {
            case SUM -> 0;
            case MEAN -> Double.NaN;
            case MAX -> Double.NEGATIVE_INFINITY;
          });
    } else {
      reduce.reduce(op, in, out);
    }
  }

  @Override
  public synchronized void softmax(Tensor in, Tensor out) {
    ShapeChecks.same("softmax", "out", in.shape(), out);
    if (!users.softmax(in, out)) {
      rowOps.softmax(in, out, false);
    }
  }

  @Override
  public synchronized void softmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("softmax gradient", "gradOut", y.shape(), gradOut);
    ShapeChecks.same("softmax gradient", "gradIn", y.shape(), gradIn);
    rowOps.softmaxGrad("softmax_grad", y, gradOut, gradIn);
  }

  @Override
  public synchronized void logSoftmax(Tensor in, Tensor out) {
    ShapeChecks.same("logSoftmax", "out", in.shape(), out);
    rowOps.softmax(in, out, true);
  }

  @Override
  public synchronized void logSoftmaxGrad(Tensor y, Tensor gradOut, Tensor gradIn) {
    ShapeChecks.same("logSoftmax gradient", "gradOut", y.shape(), gradOut);
    ShapeChecks.same("logSoftmax gradient", "gradIn", y.shape(), gradIn);
    rowOps.softmaxGrad("log_softmax_grad", y, gradOut, gradIn);
  }

  @Override
  public synchronized void softmaxValue(Tensor q, double beta, Tensor out) {
    ShapeChecks.matrix("softmaxValue", "out", q.rows(), 1, out);
    rowOps.softmaxValue(q, beta, out);
  }

  @Override
  public synchronized void squaredError(Tensor a, double scale, Tensor b, Tensor out) {
    ShapeChecks.same("squaredError", "b", a.shape(), b);
    ShapeChecks.matrix("squaredError", "out", a.rows(), 1, out);
    rowOps.squaredError(a, scale, b, out);
  }

  @Override
  public synchronized void squaredErrorGrad(
      Tensor a, double scale, Tensor b, Tensor gradOut, Tensor gradA) {
    ShapeChecks.same("squaredError gradient", "b", a.shape(), b);
    ShapeChecks.same("squaredError gradient", "gradA", a.shape(), gradA);
    ShapeChecks.matrix("squaredError gradient", "gradOut", a.rows(), 1, gradOut);
    rowOps.squaredErrorGrad(a, scale, b, gradOut, gradA);
  }

  @Override
  public synchronized void softmaxCrossEntropy(Tensor logits, Tensor target, Tensor out) {
    ShapeChecks.same("softmaxCrossEntropy", "target", logits.shape(), target);
    ShapeChecks.matrix("softmaxCrossEntropy", "out", logits.rows(), 1, out);
    rowOps.softmaxCrossEntropy(logits, target, out);
  }

  @Override
  public synchronized void softmaxCrossEntropyGrad(
      Tensor logits, Tensor target, Tensor gradOut, Tensor gradLogits) {
    ShapeChecks.same("softmaxCrossEntropy gradient", "target", logits.shape(), target);
    ShapeChecks.same("softmaxCrossEntropy gradient", "gradLogits", logits.shape(), gradLogits);
    ShapeChecks.matrix("softmaxCrossEntropy gradient", "gradOut", logits.rows(), 1, gradOut);
    rowOps.softmaxCrossEntropyGrad(logits, target, gradOut, gradLogits);
  }

  // ---- Matrices ------------------------------------------------------------------------------

  @Override
  public synchronized void matmul(
      boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
    ShapeChecks.matmul(transA, transB, a, b, out);
    products.matmul(transA, transB, a, b, out, accumulate);
  }

  @Override
  public Tensor pack(Tensor weight) {
    return null;
  }

  @Override
  public synchronized void linear(
      Tensor x,
      Tensor weight,
      Tensor packed,
      Tensor bias,
      Activation activation,
      Tensor residual,
      Tensor preActivation,
      Tensor out) {
    ShapeChecks.linear(x, weight, packed, bias, residual, preActivation, out);
    products.linear(x, weight, bias, activation, residual, preActivation, out);
  }

  @Override
  public synchronized void linearGrad(
      Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    ShapeChecks.linearGrad(activation, z, gradOut, gradZ, gradBias);
    if (gradOut.size() > 0) {
      products.linearGrad(activation, z, gradOut, gradZ, gradBias);
    } else if (gradBias != null) {
      elementwise.fill(gradBias, 0);
    }
  }

  @Override
  public synchronized void linearGradProducts(
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      boolean accumulateX,
      Tensor gradWeight,
      boolean accumulateWeight,
      Tensor gradBias) {
    ShapeChecks.linearGradProducts(gradZ, x, weight, gradX, gradWeight, gradBias);
    if (!products.linearGradProducts(
        gradZ, x, weight, gradX, accumulateX, gradWeight, accumulateWeight, gradBias)) {
      Backend.super.linearGradProducts(
          gradZ, x, weight, gradX, accumulateX, gradWeight, accumulateWeight, gradBias);
    }
  }

  @Override
  public synchronized void groupedLinear(
      int groups,
      Tensor x,
      Tensor weight,
      Tensor bias,
      Activation activation,
      Tensor preActivation,
      Tensor out) {
    ShapeChecks.groupedLinear(groups, x, weight, bias, preActivation, out);
    if (!products.groupedLinear(groups, x, weight, bias, activation, preActivation, out)) {
      Backend.super.groupedLinear(groups, x, weight, bias, activation, preActivation, out);
    }
  }

  @Override
  public synchronized void groupedLinearGrad(
      int groups, Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
    ShapeChecks.groupedLinearGrad(groups, activation, z, gradOut, gradZ, gradBias);
    if (!products.groupedLinearGrad(groups, activation, z, gradOut, gradZ, gradBias)) {
      Backend.super.groupedLinearGrad(groups, activation, z, gradOut, gradZ, gradBias);
    }
  }

  @Override
  public synchronized void groupedLinearGradProducts(
      int groups,
      Tensor gradZ,
      Tensor x,
      Tensor weight,
      Tensor gradX,
      Tensor gradWeight,
      Tensor gradBias) {
    ShapeChecks.groupedLinearGradProducts(groups, gradZ, x, weight, gradX, gradWeight, gradBias);
    if (!products.groupedLinearGradProducts(
        groups, gradZ, x, weight, gradX, gradWeight, gradBias)) {
      Backend.super.groupedLinearGradProducts(
          groups, gradZ, x, weight, gradX, gradWeight, gradBias);
    }
  }

  @Override
  public synchronized void transpose(Tensor in, Tensor out) {
    ShapeChecks.type("transpose", "in", out.dtype(), in);
    ShapeChecks.matrix("transpose", "out", in.columns(), in.rows(), out);
    moves.transpose(in, out);
  }

  // ---- Rows by index -------------------------------------------------------------------------

  @Override
  public synchronized void gatherRows(Tensor source, Tensor indices, Tensor out) {
    ShapeChecks.type("gatherRows", "source", out.dtype(), source);
    ShapeChecks.matrix("gatherRows", "out", indices.size(), source.columns(), out);
    moves.gatherRows(source, indices, out);
  }

  @Override
  public synchronized void scatterAddRows(Tensor in, Tensor indices, Tensor out) {
    ShapeChecks.matrix("scatterAddRows", "in", indices.size(), out.columns(), in);
    moves.scatterAddRows(in, indices, out);
  }

  // ---- Random numbers ------------------------------------------------------------------------

  @Override
  public synchronized void uniform(Tensor state, double low, double high, Tensor out) {
    random.uniform(state, low, high, out);
  }

  @Override
  public synchronized void normal(Tensor state, Tensor out) {
    random.normal(state, out);
  }

  @Override
  public synchronized void randomIndices(Tensor state, int bound, Tensor out) {
    random.indices(state, bound, out);
  }

  // ---- Fused pieces and optimisers -----------------------------------------------------------

  @Override
  public synchronized void fourierFeatures(Tensor t, Tensor frequencies, Tensor out) {
    ShapeChecks.fourierFeatures(t, frequencies, out);
    random.fourierFeatures(t, frequencies, out);
  }

  @Override
  public synchronized void perturb(
      Tensor x, Tensor t, Tensor noise, double quadratic, double linear, Tensor out) {
    ShapeChecks.perturb(x, t, noise, out);
    random.perturb(x, t, noise, quadratic, linear, out);
  }

  @Override
  public synchronized void adam(
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
    lists.adam(
        TensorLists.matrices(parameters, gradients, m, v),
        Views.floats(scalars),
        new AdamSettings(beta1, beta2, epsilon, weightDecay));
  }

  @Override
  public synchronized void lerp(Tensor[] targets, Tensor[] sources, double weight) {
    ShapeChecks.lerp(targets, sources);
    lists.lerp(TensorLists.matrices(targets, sources), weight);
  }

  @Override
  public synchronized void sumOfSquares(Tensor[] tensors, Tensor out) {
    ShapeChecks.size("sumOfSquares", "out", 1, out);
    lists.sumOfSquares(tensors, out);
  }

  // ---- Execution -----------------------------------------------------------------------------

  @Override
  public synchronized void step(String key, Runnable body) {
    steps.run(key, body);
  }

  @Override
  public boolean recordsSteps() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CudaException if a kernel failed since the last time
   */
  @Override
  public synchronized void synchronize() {
    driver.synchronize();
  }

  /** Gives back all of the GPU's memory. Its tensors cannot be used any more. */
  @Override
  public synchronized void close() {
    try {
      if (large != null) {
        large.close();
      }
    } finally {
      driver.close();
      leak.clean();
    }
  }
}
