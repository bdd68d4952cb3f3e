package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.DeviceException;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.kernel.KernelOp;
import io.qgpo.tensor.kernel.Sizes;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Times a kernel of a user's beside the one that is shipped, and beside cuBLAS' product where it is
 * installed, at the sizes of QGPO's layers in steps and, of 16 rows, in a server.
 */
final class UserKernelBench {
  private static final int LAUNCHES = 20;

  private static final List<Sizes> PRODUCTS =
      List.of(
          new Sizes(4096, 512, 512),
          new Sizes(4096, 256, 256),
          new Sizes(16, 512, 512),
          new Sizes(256, 256, 256));

  /** Of a weight's gradient, which sums over the batch. */
  private static final List<Sizes> GRADIENTS =
      List.of(
          new Sizes(512, 512, 4096),
          new Sizes(256, 256, 4096),
          new Sizes(128, 128, 4096),
          new Sizes(256, 256, 256));

  private static final List<Sizes> ELEMENTWISE =
      List.of(new Sizes(4096, 512, 0), new Sizes(4096, 256, 0), new Sizes(4096, 16, 0));

  private final CudaBackend backend;
  private final CudaDriver driver;
  private final ProductKernels kernels;
  private final LinearGradKernel linearGrad;
  private String noCublas;
  private final UserKernel user;
  private final Precision precision;
  private final LaunchTimer timer;
  private final Consumer<String> out;
  private final int launches;
  private final Random random = new Random(0);

  UserKernelBench(
      CudaBackend backend,
      UserKernel user,
      Precision precision,
      int launches,
      Consumer<String> out) {
    this.backend = backend;
    this.user = user;
    this.precision = precision;
    this.launches = launches;
    this.out = out;
    driver = backend.driver();
    KernelLibrary library = new KernelLibrary(driver);
    kernels = new ProductKernels(library);
    linearGrad = new LinearGradKernel(library);
    timer = new LaunchTimer(driver);
  }

  /** Launches in a graph, enough that its own start is small beside them. */
  UserKernelBench(CudaBackend backend, UserKernel user, Precision precision, Consumer<String> out) {
    this(backend, user, precision, LAUNCHES, out);
  }

  /** The sizes that an operation is timed at. */
  static List<Sizes> sizes(KernelOp op) {
    return op == KernelOp.MATMUL_TN ? GRADIENTS : op.hasInner() ? PRODUCTS : ELEMENTWISE;
  }

  /**
   * Times all sizes.
   *
   * @param roofline of this GPU
   */
  void run(List<Sizes> all, Roofline roofline) {
    Cublas cublas = user.op().hasInner() ? cublas() : null;
    out.accept(
        String.format(
            Locale.ROOT,
            "%-20s %10s %9s %9s %9s %10s %11s %10s",
            "size",
            "yours us",
            "TFLOP/s",
            "GB/s",
            "of roof",
            "ours us",
            "yours/ours",
            "cuBLAS us"));
    for (Sizes sizes : all) {
      time(sizes, roofline, cublas);
    }
    out.accept(
        String.format(
            Locale.ROOT,
            "roof: %s in %s, by clock and multiprocessors; %.0f GB/s, a copy on the device",
            Double.isNaN(roofline.flops())
                ? "FLOP/s not known for this GPU"
                : String.format(Locale.ROOT, "%.1f TFLOP/s", roofline.flops() / 1e12),
            precision,
            roofline.bytes() / 1e9));
    if (user.op().hasInner()) {
      out.accept(
          cublas == null
              ? "cuBLAS: none; " + noCublas
              : "cuBLAS: " + cublas.provider() + "; the product alone, without what follows it");
    }
    if (cublas != null) {
      cublas.close();
    }
  }

  private Cublas cublas() {
    try {
      return new Cublas(driver);
    } catch (IllegalStateException | IllegalArgumentException | DeviceException e) {
      noCublas = e.getMessage();
      return null;
    }
  }

  private void time(Sizes sizes, Roofline roofline, Cublas cublas) {
    KernelOp op = user.op();
    List<Tensor> tensors = op.randomOperands(backend, sizes, random);
    DeviceMatrix[] matrices = tensors.stream().map(Views::matrix).toArray(DeviceMatrix[]::new);
    double yours = timer.microseconds(() -> user.launch(sizes, matrices), launches);
    double ours = timer.microseconds(ours(sizes, tensors, matrices), launches);
    double theirs =
        cublas == null
            ? Double.NaN
            : timer.microseconds(
                () ->
                    cublas.gemm(
                        precision,
                        op == KernelOp.MATMUL_TN,
                        op != KernelOp.MATMUL_NN && op != KernelOp.MATMUL_TN,
                        matrices[0],
                        matrices[1],
                        matrices[matrices.length - 1],
                        false),
                launches);
    double flop = op.flop(sizes);
    double bytes = op.bytes(sizes);
    out.accept(
        String.format(
            Locale.ROOT,
            "%-20s %10.2f %9.2f %9.0f %9s %10.2f %11.2f %10s",
            sizes,
            yours,
            flop / yours / 1e6,
            bytes / yours / 1e3,
            roofline
                .share(flop, bytes, yours)
                .map(share -> String.format(Locale.ROOT, "%.1f %%", 100 * share))
                .orElse("-"),
            ours,
            yours / ours,
            Double.isNaN(theirs) ? "-" : String.format(Locale.ROOT, "%.2f", theirs)));
  }

  /** The same by the kernel that is shipped, with memory to work in made beforehand. */
  private Runnable ours(Sizes sizes, List<Tensor> tensors, DeviceMatrix[] m) {
    return switch (user.op()) {
      case LINEAR_IDENTITY -> linear(Activation.IDENTITY, m);
      case LINEAR_RELU -> linear(Activation.RELU, m);
      case LINEAR_SILU -> linear(Activation.SILU, m);
      case MATMUL_NN -> gemm(false, false, m[0], m[1], m[3], Epilogue.adding(m[2]));
      case MATMUL_NT -> gemm(false, true, m[0], m[1], m[3], Epilogue.adding(m[2]));
      case MATMUL_TN -> gemm(true, false, m[0], m[1], m[3], Epilogue.adding(m[2]));
      case LINEAR_GRAD_RELU -> linearGrad(Activation.RELU, sizes, m);
      case LINEAR_GRAD_SILU -> linearGrad(Activation.SILU, sizes, m);
      case SOFTMAX, UNARY_SILU -> () -> user.op().compute(backend, tensors.toArray(Tensor[]::new));
    };
  }

  private Runnable linear(Activation activation, DeviceMatrix... m) {
    return gemm(false, true, m[0], m[1], m[5], new Epilogue(m[2].memory(), activation, m[3], m[4]));
  }

  private Runnable gemm(
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix to,
      Epilogue epilogue) {
    int inner = transA ? a.rows() : a.columns();
    int needed = kernels.gemmWorkspace(transA, to.rows(), to.columns(), inner);
    DeviceMemory workspace = needed == 0 ? null : workspace(needed);
    return () -> kernels.gemm(precision, transA, transB, a, b, to, epilogue, workspace);
  }

  private Runnable linearGrad(Activation activation, Sizes sizes, DeviceMatrix... m) {
    DeviceMemory workspace = workspace(LinearGradKernel.workspace(sizes.rows(), sizes.columns()));
    return () -> linearGrad.compute(activation, m[0], m[1], m[2], m[3].memory(), workspace);
  }

  private DeviceMemory workspace(int elements) {
    return Views.floats(Tensor.empty(backend, DType.FLOAT32, Shape.of(elements)));
  }
}
