package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.TensorLists.AdamSettings;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Runs the kernels of matrix products, of an activation's backward pass and of Adam beside {@link
 * ScalarBackend} in float64, over odd sizes and leading dimensions:
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp ... io.qgpo.cuda.KernelCheck [--large]</pre>
 *
 * <p>Results are poisoned with NaN beforehand, so that each element must be written, and gaps
 * between rows must still hold NaN afterwards. Each kernel runs twice and must give the same bits.
 */
public final class KernelCheck {
  /** float32 sums of up to 4096 products; 4e-7 was measured on an H100. */
  static final double FP32_TOLERANCE = 2e-6;

  /**
   * One comparison.
   *
   * @param error the norm of the difference over that of the reference, or that of ones where it is
   *     smaller: operands are of that size, and a sum of few may cancel
   */
  public record Outcome(String kernel, String what, double error, double tolerance) {
    /** Whether it is near enough; NaN never is. */
    public boolean passed() {
      return error <= tolerance;
    }
  }

  final CudaDriver driver;
  final ScalarBackend oracle = new ScalarBackend();
  final KernelLibrary library;
  private final LinearGradKernel linearGrad;
  private final FinishProductKernel finishProduct;
  private final TensorLists lists;
  private final Random random = new Random(0);
  private final List<Outcome> outcomes = new ArrayList<>();

  private KernelCheck(CudaDriver driver) {
    this.driver = driver;
    library = new KernelLibrary(driver);
    linearGrad = new LinearGradKernel(library);
    finishProduct = new FinishProductKernel(library);
    lists = new TensorLists(library, new Reduce(library));
  }

  /** Checks the kernels on the first GPU; ends with 1 if one is wrong. */
  public static void main(String[] args) {
    String reason = CudaDriver.unavailableReason();
    if (reason != null) {
      System.err.println(reason);
      System.exit(2);
    }
    try (CudaDriver driver = CudaDriver.open()) {
      System.out.println(driver.description());
      List<Outcome> outcomes = run(driver, List.of(args).contains("--large"));
      for (Outcome outcome : outcomes) {
        System.out.printf(
            "%s %-18s %-40s error %.2e of %.0e%n",
            outcome.passed() ? "ok   " : "WRONG",
            outcome.kernel(),
            outcome.what(),
            outcome.error(),
            outcome.tolerance());
      }
      long wrong = outcomes.stream().filter(o -> !o.passed()).count();
      System.out.println(outcomes.size() + " comparisons, " + wrong + " wrong");
      System.exit(wrong == 0 ? 0 : 1);
    }
  }

  /**
   * Compares these kernels with the oracle.
   *
   * @param large also at sizes that fill a GPU
   */
  public static List<Outcome> run(CudaDriver driver, boolean large) {
    KernelCheck check = new KernelCheck(driver);
    check.others();
    ProductChecks.run(check, large);
    return check.outcomes;
  }

  /** Those of them in which the order of threads could matter most, at a few sizes. */
  static List<Outcome> runFew(CudaDriver driver) {
    KernelCheck check = new KernelCheck(driver);
    check.others();
    ProductChecks.runFew(check);
    return check.outcomes;
  }

  private void others() {
    for (Activation activation : Activation.values()) {
      linearGrad(activation, 1, 1, 1, 0);
      linearGrad(activation, 1, 130, 67, 3);
      linearGrad(activation, 1, 64, 96, 0);
      linearGrad(activation, 3, 130, 67, 3);
    }
    for (int gap : new int[] {0, 3}) {
      finishProduct(Activation.SILU, 9, 132, gap, true);
      finishProduct(Activation.RELU, 17, 131, gap, false);
      finishProduct(Activation.IDENTITY, 1, 1, gap, true);
    }
    adam(1);
    adam(1027);
  }

  /**
   * What follows a library's product: a linear layer, whose product with the identity is given.
   *
   * @param keepsZ whether the product lies where z goes, else where the result does
   */
  private void finishProduct(
      Activation activation, int rows, int columns, int gap, boolean keepsZ) {
    CheckedMatrix product = host(rows, columns, gap);
    CheckedMatrix bias = host(1, columns, 0);
    CheckedMatrix residual = host(rows, columns, gap);
    CheckedMatrix z = host(rows, columns, gap);
    CheckedMatrix out = host(rows, columns, gap);
    double[] diagonal = new double[columns * columns];
    for (int i = 0; i < columns; i++) {
      diagonal[i * (columns + 1)] = 1;
    }
    Tensor identity = Tensor.empty(oracle, DType.FLOAT64, Shape.of(columns, columns));
    oracle.write(diagonal, 0, identity);
    oracle.linear(
        product.tensor,
        identity,
        null,
        bias.tensor.reshape(Shape.of(columns)),
        activation,
        residual.tensor,
        z.tensor,
        out.tensor);
    Epilogue epilogue =
        new Epilogue(bias.device.memory(), activation, residual.device, keepsZ ? z.device : null);
    CheckedMatrix place = keepsZ ? z : out;
    Runnable body =
        () -> {
          place.device.memory().write(product.values);
          finishProduct.compute(place.device, out.device, epilogue);
        };
    String what = "%s %d x %d, gaps of %d".formatted(activation, rows, columns, gap);
    if (keepsZ) {
      compare("finish_product", what + ", z", FP32_TOLERANCE, body, out, z);
    } else {
      compare("finish_product", what, FP32_TOLERANCE, body, out);
    }
    free(product, bias, residual, z, out);
  }

  /** Of so many layers in a launch. */
  private void linearGrad(Activation activation, int layers, int rows, int columns, int gap) {
    CheckedMatrix z = host(layers * rows, columns, gap);
    CheckedMatrix gradOut = host(layers * rows, columns, gap);
    CheckedMatrix gradZ = host(layers * rows, columns, gap);
    CheckedMatrix gradBias = host(layers, columns, 0);
    for (int i = 0; i < layers; i++) {
      oracle.linearGrad(
          activation,
          z.tensor.rowBlock(i, layers),
          gradOut.tensor.rowBlock(i, layers),
          gradZ.tensor.rowBlock(i, layers),
          gradBias.tensor.rowBlock(i, layers));
    }
    DeviceMemory workspace = driver.allocate(LinearGradKernel.workspace(layers, rows, columns));
    Runnable body =
        () ->
            linearGrad.compute(
                layers,
                activation,
                z.device,
                gradOut.device,
                gradZ.device,
                gradBias.device.memory(),
                workspace);
    String what =
        "%s %d x %d, gaps of %d, layers: %d".formatted(activation, rows, columns, gap, layers);
    compare("linear_grad", what, FP32_TOLERANCE, body, gradZ, gradBias);
    driver.free(workspace);
    free(z, gradOut, gradZ, gradBias);
  }

  private void adam(int n) {
    AdamSettings settings = new AdamSettings(.9, .999, 1e-8, .01);
    CheckedMatrix p = host(1, n, 0);
    CheckedMatrix g = host(1, n, 0);
    CheckedMatrix m = host(1, n, 0);
    CheckedMatrix v = host(1, n, 0);
    v.set(v.values.length, i -> Math.abs(v.values[i]));
    CheckedMatrix scalars = host(1, 4, 0);
    float[] values = {1e-3f, .19f, .002f, .5f};
    scalars.set(4, i -> values[i]);
    for (CheckedMatrix state : List.of(p, m, v)) {
      state.keepInitial();
    }
    oracle.adam(
        new Tensor[] {p.tensor},
        new Tensor[] {g.tensor},
        new Tensor[] {m.tensor},
        new Tensor[] {v.tensor},
        scalars.tensor.reshape(Shape.of(4)),
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        settings.weightDecay());
    Runnable body =
        () -> {
          for (CheckedMatrix state : List.of(p, m, v)) {
            state.device.memory().write(state.initial);
          }
          lists.adam(
              new DeviceMatrix[][] {{p.device}, {g.device}, {m.device}, {v.device}},
              scalars.device.memory(),
              settings);
        };
    compare("adam", n + " parameters", FP32_TOLERANCE, body, p, m, v);
    free(p, g, m, v, scalars);
  }

  // ---- Comparing -----------------------------------------------------------------------------

  /** Runs twice; the outcome is the worst of the results'. */
  void compare(
      String kernel, String what, double tolerance, Runnable body, CheckedMatrix... results) {
    List<float[]> first = poisonedRun(body, results);
    List<float[]> second = poisonedRun(body, results);
    double worst = 0;
    for (int i = 0; i < results.length; i++) {
      boolean same = Arrays.equals(first.get(i), second.get(i));
      worst = Math.max(worst, same ? results[i].error(first.get(i)) : Double.NaN);
    }
    outcomes.add(new Outcome(kernel, what, worst, tolerance));
  }

  private static List<float[]> poisonedRun(Runnable body, CheckedMatrix... results) {
    for (CheckedMatrix result : results) {
      result.device.memory().fill(Float.NaN);
    }
    body.run();
    List<float[]> read = new ArrayList<>();
    for (CheckedMatrix result : results) {
      read.add(result.device.memory().read((int) result.device.memory().size()));
    }
    return read;
  }

  CheckedMatrix host(int rows, int columns, int gap) {
    return new CheckedMatrix(driver, oracle, random, rows, columns, columns + gap);
  }

  void free(CheckedMatrix... matrices) {
    for (CheckedMatrix matrix : matrices) {
      driver.free(matrix.device.memory());
    }
  }
}
