package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Gradients;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.cuda.TensorLists.AdamSettings;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DeviceException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Times the kernels at the shapes of QGPO's steps, matrix products beside cuBLAS where it is:
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp ... io.qgpo.cuda.KernelBench</pre>
 *
 * <p>Each figure is the median of rounds, by events on the stream around a replayed graph of many
 * launches, so that the host's time for a launch is not in it.
 */
public final class KernelBench {
  private static final int ROUNDS = LaunchTimer.ROUNDS;

  /** A product's operands and extents. */
  record Product(boolean transA, boolean transB, int rows, int columns, int inner) {
    @Override
    public String toString() {
      return "%s%s %d x %d x %d"
          .formatted(transA ? "T" : "N", transB ? "T" : "N", rows, columns, inner);
    }
  }

  /**
   * Forward, gradient of the input and gradient of the weight, for batches of 4096 and 256, and for
   * the few states that a server has at once.
   */
  private static final List<Product> PRODUCTS =
      List.of(
          new Product(false, true, 4096, 512, 512),
          new Product(false, true, 4096, 256, 512),
          new Product(false, true, 4096, 128, 256),
          new Product(false, true, 4096, 512, 128),
          new Product(false, true, 4096, 1792, 128),
          new Product(false, true, 4096, 256, 256),
          new Product(false, true, 256, 256, 256),
          new Product(false, true, 16, 512, 512),
          new Product(false, true, 1, 512, 512),
          new Product(false, false, 1, 256, 256),
          new Product(false, false, 4096, 512, 512),
          new Product(false, false, 4096, 256, 256),
          new Product(true, false, 512, 512, 4096),
          new Product(true, false, 256, 256, 4096),
          new Product(true, false, 128, 128, 4096),
          new Product(true, false, 256, 256, 256),
          new Product(false, true, 8192, 8192, 8192));

  /**
   * A linear layer, whose products of the backward pass are timed.
   *
   * @param bias whether its gradient is computed with them, as it is without an activation
   */
  record Layer(int rows, int in, int out, boolean bias) {
    @Override
    public String toString() {
      return "%d rows, %d to %d%s".formatted(rows, in, out, bias ? " with bias" : "");
    }
  }

  /** Those of the score network's trunk, its condition and its output, and of the critics. */
  private static final List<Layer> LAYERS =
      List.of(
          new Layer(4096, 512, 512, false),
          new Layer(4096, 512, 256, true),
          new Layer(4096, 256, 256, false),
          new Layer(4096, 256, 128, true),
          new Layer(4096, 128, 128, false),
          new Layer(4096, 128, 512, true),
          new Layer(4096, 1024, 6, true),
          new Layer(256, 256, 256, false),
          new Layer(256, 256, 1, true));

  private final CudaDriver driver;
  private final KernelLibrary library;
  private final ProductKernels kernels;
  private final LinearGradKernel linearGrad;
  private final int launches;
  private final PrintStream out;
  private final Random random = new Random(0);

  KernelBench(CudaDriver driver, int launches, PrintStream out) {
    this.driver = driver;
    library = new KernelLibrary(driver);
    kernels = new ProductKernels(library);
    linearGrad = new LinearGradKernel(library);
    this.launches = launches;
    this.out = out;
  }

  /** Times everything on the first GPU. */
  public static void main(String[] args) {
    String reason = CudaDriver.unavailableReason();
    if (reason != null) {
      System.err.println(reason);
      System.exit(2);
    }
    try (CudaDriver driver = CudaDriver.open()) {
      System.out.println(driver.description());
      KernelBench bench = new KernelBench(driver, 20, System.out);
      bench.latencies();
      bench.bandwidth(1 << 28);
      bench.streams(4096, 512, 1_634_000);
      Cublas cublas = null;
      try {
        cublas = new Cublas(driver);
        System.out.println("cuBLAS: " + cublas.provider());
      } catch (IllegalStateException | IllegalArgumentException | DeviceException e) {
        System.out.println("cuBLAS: none; " + e.getMessage());
      }
      bench.products(PRODUCTS, cublas);
      bench.backward(LAYERS);
      if (cublas != null) {
        cublas.close();
      }
    }
  }

  // ---- Latencies -----------------------------------------------------------------------------

  /** A kernel of no work: launched one by one, and as nodes of a graph. */
  void latencies() {
    DeviceMemory one = random(1);
    DeviceMatrix scalar = new DeviceMatrix(one, 1, 1);
    Runnable launch =
        () -> linearGrad.compute(Activation.IDENTITY, null, scalar, scalar, null, null);
    int many = launches * 50;
    double[] host = new double[ROUNDS];
    double[] device = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      driver.synchronize();
      long begin = System.nanoTime();
      double millis = driver.milliseconds(() -> LaunchTimer.repeat(many, launch));
      if (round >= 0) {
        host[round] = (System.nanoTime() - begin) / 1e3 / many;
        device[round] = millis * 1e3 / many;
      }
    }
    out.printf(
        "launch %.2f us, of the host %.2f us%n",
        LaunchTimer.median(device), LaunchTimer.median(host));
    out.printf("node of a graph %.2f us%n", microseconds(launch, many));
    try (CudaGraph graph = driver.record(launch)) {
      driver.synchronize();
      double[] alone = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long begin = System.nanoTime();
        for (int i = 0; i < launches; i++) {
          graph.replay();
          driver.synchronize();
        }
        alone[round] = (System.nanoTime() - begin) / 1e3 / launches;
      }
      out.printf("graph of one node, started and waited for %.2f us%n", LaunchTimer.median(alone));
    }
    driver.free(one);
  }

  /** A copy on the device, bytes read plus bytes written. */
  void bandwidth(int elements) {
    DeviceMemory from = driver.allocate(elements);
    DeviceMemory to = driver.allocate(elements);
    from.fill(1);
    double micros = microseconds(() -> driver.copy(from, to, elements), 4);
    out.printf(
        "copy of %d MB on the device %.0f GB/s%n", elements / 250_000, 8e-3 * elements / micros);
    driver.free(from);
    driver.free(to);
  }

  // ---- Kernels that move data ----------------------------------------------------------------

  /** The backward pass of an activation, and Adam. */
  void streams(int rows, int columns, int parameters) {
    DeviceMatrix z = matrix(rows, columns);
    DeviceMatrix gradOut = matrix(rows, columns);
    DeviceMatrix gradZ = matrix(rows, columns);
    DeviceMemory gradBias = random(columns);
    DeviceMemory workspace = random(LinearGradKernel.workspace(rows, columns));
    double micros =
        microseconds(
            () -> linearGrad.compute(Activation.SILU, z, gradOut, gradZ, gradBias, workspace),
            launches);
    out.printf(
        "linear_grad with bias, SILU, %d x %d: %.2f us, %.0f GB/s%n",
        rows, columns, micros, 12e-3 * rows * columns / micros);
    for (DeviceMemory memory :
        List.of(z.memory(), gradOut.memory(), gradZ.memory(), gradBias, workspace)) {
      driver.free(memory);
    }
    DeviceMatrix[][] state = new DeviceMatrix[4][];
    Arrays.setAll(state, i -> new DeviceMatrix[] {matrix(1, parameters)});
    library.load("adam");
    TensorLists lists = new TensorLists(library, new Reduce(library));
    DeviceMemory scalars = driver.allocate(new float[] {1e-4f, .1f, .001f, 1});
    AdamSettings settings = new AdamSettings(.9, .999, 1e-8, 0);
    double adam = microseconds(() -> lists.adam(state, scalars, settings), launches);
    out.printf(
        "adam of %d parameters: %.2f us, %.0f GB/s%n", parameters, adam, 28e-3 * parameters / adam);
    for (DeviceMatrix[] part : state) {
      driver.free(part[0].memory());
    }
    driver.free(scalars);
  }

  // ---- Matrix products -----------------------------------------------------------------------

  /**
   * Our products beside cuBLAS'.
   *
   * @param cublas null where there is none
   */
  void products(List<Product> products, Cublas cublas) {
    out.println("| product | precision | ours us | TFLOP/s | cuBLAS us | TFLOP/s | of cuBLAS |");
    out.println("|---|---|---|---|---|---|---|");
    for (Product product : products) {
      DeviceMatrix a =
          product.transA()
              ? matrix(product.inner(), product.rows())
              : matrix(product.rows(), product.inner());
      DeviceMatrix b =
          product.transB()
              ? matrix(product.columns(), product.inner())
              : matrix(product.inner(), product.columns());
      DeviceMatrix result = matrix(product.rows(), product.columns());
      int needed =
          kernels.gemmWorkspace(
              product.transA(), product.rows(), product.columns(), product.inner());
      DeviceMemory workspace = driver.allocate(Math.max(1, needed));
      boolean inFloat32 = !product.transA() && product.rows() <= ProductKernels.FEW_ROWS;
      for (Precision precision : Precision.values()) {
        if (inFloat32 && precision == Precision.TF32) {
          continue;
        }
        double ours =
            microseconds(
                () ->
                    kernels.gemm(
                        precision,
                        product.transA(),
                        product.transB(),
                        a,
                        b,
                        result,
                        Epilogue.NONE,
                        workspace),
                launches);
        double theirs =
            cublas == null
                ? Double.NaN
                : microseconds(
                    () ->
                        cublas.gemm(
                            precision, product.transA(), product.transB(), a, b, result, false),
                    launches);
        double flop = 2e-6 * product.rows() * product.columns() * product.inner();
        out.printf(
            "| %s | %s | %.2f | %.3f | %.2f | %.3f | %.2f |%n",
            product, precision, ours, flop / ours, theirs, flop / theirs, theirs / ours);
      }
      for (DeviceMemory memory : List.of(a.memory(), b.memory(), result.memory(), workspace)) {
        driver.free(memory);
      }
    }
  }

  /** The products of layers' backward passes in one launch, beside one for each. */
  void backward(List<Layer> layers) {
    out.println("| products of a backward pass | precision | together us | apart us | of apart |");
    out.println("|---|---|---|---|---|");
    for (Layer layer : layers) {
      DeviceMatrix gradZ = matrix(layer.rows(), layer.out());
      DeviceMatrix x = matrix(layer.rows(), layer.in());
      DeviceMatrix weight = matrix(layer.out(), layer.in());
      DeviceMatrix gradX = matrix(layer.rows(), layer.in());
      DeviceMatrix gradWeight = matrix(layer.out(), layer.in());
      DeviceMemory gradBias = layer.bias() ? random(layer.out()) : null;
      int together = kernels.backwardWorkspace(layer.rows(), layer.in(), layer.out(), true);
      int apart = kernels.gemmWorkspace(true, layer.out(), layer.in(), layer.rows());
      int bias = LinearGradKernel.workspace(layer.rows(), layer.out());
      DeviceMemory workspace = driver.allocate(Math.max(together, Math.max(apart, bias)));
      Gradients gradients = new Gradients(gradX, null, gradWeight, null, gradBias);
      for (Precision precision : Precision.values()) {
        double one =
            microseconds(
                () -> kernels.linearBackward(precision, gradZ, x, weight, gradients, workspace),
                launches);
        double each =
            microseconds(
                () -> {
                  if (layer.bias()) {
                    linearGrad.compute(Activation.IDENTITY, null, gradZ, null, gradBias, workspace);
                  }
                  kernels.gemm(
                      precision, true, false, gradZ, x, gradWeight, Epilogue.NONE, workspace);
                  kernels.gemm(precision, false, false, gradZ, weight, gradX, Epilogue.NONE, null);
                },
                launches);
        out.printf("| %s | %s | %.1f | %.1f | %.2f |%n", layer, precision, one, each, one / each);
      }
      for (DeviceMatrix matrix : List.of(gradZ, x, weight, gradX, gradWeight)) {
        driver.free(matrix.memory());
      }
      if (layer.bias()) {
        driver.free(gradBias);
      }
      driver.free(workspace);
    }
  }

  // ---- Measuring -----------------------------------------------------------------------------

  /** Of one launch, in a graph of many. */
  private double microseconds(Runnable launch, int count) {
    return new LaunchTimer(driver).microseconds(launch, count);
  }

  private DeviceMatrix matrix(int rows, int columns) {
    return new DeviceMatrix(random(rows * columns), rows, columns);
  }

  /** Numbers, not zeros: those are multiplied with less power and faster. */
  private DeviceMemory random(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - .5f;
    }
    return driver.allocate(values);
  }
}
