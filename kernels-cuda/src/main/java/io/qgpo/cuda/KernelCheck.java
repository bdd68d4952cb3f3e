package io.qgpo.cuda;

import io.qgpo.cuda.Kernels.Epilogue;
import io.qgpo.cuda.Kernels.Gradients;
import io.qgpo.cuda.Kernels.Precision;
import io.qgpo.cuda.TensorLists.AdamSettings;
import io.qgpo.tensor.Activation;
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
  private static final double FP32_TOLERANCE = 2e-6;

  /**
   * A product of two numbers rounded to 10 bits is off by at most 2^-10, a single one that much.
   */
  private static final double TF32_TOLERANCE = 1e-3;

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

  private record Shape3(int rows, int columns, int inner) {}

  private static final List<Shape3> SMALL =
      List.of(
          new Shape3(1, 1, 1),
          new Shape3(64, 128, 40),
          new Shape3(67, 33, 77),
          new Shape3(129, 65, 34),
          new Shape3(5, 131, 300),
          // Backward: four tiles, nine splits, so two groups of parts.
          new Shape3(801, 68, 70));

  private static final List<Shape3> LARGE =
      List.of(
          new Shape3(4096, 512, 128), // backward: the large tile, four groups of parts
          new Shape3(1411, 1300, 129),
          new Shape3(256, 256, 4096),
          new Shape3(257, 255, 1029));

  private final CudaDriver driver;
  private final KernelLibrary library;
  private Kernels kernels;
  private String tiles = "";
  private final TensorLists lists;
  private final ScalarBackend oracle = new ScalarBackend();
  private final Random random = new Random(0);
  private final List<Outcome> outcomes = new ArrayList<>();

  private KernelCheck(CudaDriver driver) {
    this.driver = driver;
    library = new KernelLibrary(driver);
    kernels = new Kernels(library);
    this.lists = new TensorLists(library, new Reduce(library));
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
    check.products(GemmPlan.SMALL, SMALL, 0, 1, 8);
    check.products(GemmPlan.LARGE, SMALL, 0, 1);
    if (large) {
      check.products(0, LARGE, 1);
    }
    for (Activation activation : Activation.values()) {
      check.linearGrad(activation, 1, 1, 0);
      check.linearGrad(activation, 130, 67, 3);
      check.linearGrad(activation, 64, 96, 0);
    }
    check.adam(1);
    check.adam(1027);
    return check.outcomes;
  }

  // ---- Matrix products -----------------------------------------------------------------------

  private void products(int tile, List<Shape3> shapes, int... gaps) {
    kernels = new Kernels(library, tile);
    tiles = tile == 0 ? "" : ", tiles of " + tile;
    for (Precision precision : Precision.values()) {
      for (Shape3 shape : shapes) {
        for (int gap : gaps) {
          linear(precision, shape, gap, Activation.values()[gap % 3]);
          product(precision, false, shape, gap);
          product(precision, true, shape, gap);
          backward(precision, shape, gap);
        }
      }
    }
  }

  /** x W^T with everything behind it. */
  private void linear(Precision precision, Shape3 shape, int gap, Activation activation) {
    CheckedMatrix x = host(shape.rows(), shape.inner(), gap);
    CheckedMatrix weight = host(shape.columns(), shape.inner(), gap);
    CheckedMatrix bias = host(1, shape.columns(), 0);
    CheckedMatrix residual = host(shape.rows(), shape.columns(), gap);
    CheckedMatrix z = host(shape.rows(), shape.columns(), gap);
    CheckedMatrix out = host(shape.rows(), shape.columns(), gap);
    oracle.linear(
        x.tensor,
        weight.tensor,
        null,
        bias.tensor.reshape(Shape.of(shape.columns())),
        activation,
        residual.tensor,
        z.tensor,
        out.tensor);
    Epilogue epilogue = new Epilogue(bias.device.memory(), activation, residual.device, z.device);
    compare(
        "gemm " + precision + " nt",
        describe(shape, gap) + " " + activation,
        tolerance(precision),
        () ->
            kernels.gemm(
                precision, false, true, x.device, weight.device, out.device, epilogue, null),
        out,
        z);
    free(x, weight, bias, residual, z, out);
  }

  /** dZ W, or dZ^T X; split where the result is small, and added to what is there. */
  private void product(Precision precision, boolean transA, Shape3 shape, int gap) {
    CheckedMatrix a =
        transA ? host(shape.inner(), shape.rows(), gap) : host(shape.rows(), shape.inner(), gap);
    CheckedMatrix b = host(shape.inner(), shape.columns(), gap);
    CheckedMatrix residual = host(shape.rows(), shape.columns(), gap);
    CheckedMatrix out = host(shape.rows(), shape.columns(), gap);
    oracle.copy(residual.tensor, out.tensor);
    oracle.matmul(transA, false, a.tensor, b.tensor, out.tensor, true);
    Epilogue epilogue = Epilogue.adding(residual.device);
    int needed = kernels.gemmWorkspace(transA, shape.rows(), shape.columns(), shape.inner());
    DeviceMemory workspace = needed == 0 ? null : driver.allocate(needed);
    compare(
        "gemm " + precision + (transA ? " tn" : " nn"),
        describe(shape, gap),
        tolerance(precision),
        () ->
            kernels.gemm(
                precision, transA, false, a.device, b.device, out.device, epilogue, workspace),
        out);
    free(a, b, residual, out);
    if (workspace != null) {
      driver.free(workspace);
    }
  }

  /** All gradients of a linear layer in one launch; those of x and the weight added to others. */
  private void backward(Precision precision, Shape3 shape, int gap) {
    int rows = shape.rows();
    int in = shape.columns();
    int out = shape.inner();
    CheckedMatrix gradZ = host(rows, out, gap);
    CheckedMatrix x = host(rows, in, gap);
    CheckedMatrix weight = host(out, in, gap);
    CheckedMatrix addX = host(rows, in, gap);
    CheckedMatrix addWeight = host(out, in, gap);
    CheckedMatrix gradX = host(rows, in, gap);
    CheckedMatrix gradWeight = host(out, in, gap);
    CheckedMatrix gradBias = host(1, out, 0);
    oracle.copy(addX.tensor, gradX.tensor);
    oracle.copy(addWeight.tensor, gradWeight.tensor);
    oracle.linearGradProducts(
        gradZ.tensor,
        x.tensor,
        weight.tensor,
        gradX.tensor,
        true,
        gradWeight.tensor,
        true,
        gradBias.tensor.reshape(Shape.of(out)));
    Gradients gradients =
        new Gradients(
            gradX.device,
            addX.device,
            gradWeight.device,
            addWeight.device,
            gradBias.device.memory());
    int needed = kernels.backwardWorkspace(rows, in, out, true);
    DeviceMemory workspace = needed == 0 ? null : driver.allocate(needed);
    compare(
        "gemm " + precision + " backward",
        describe(shape, gap),
        tolerance(precision),
        () ->
            kernels.linearBackward(
                precision, gradZ.device, x.device, weight.device, gradients, workspace),
        gradX,
        gradWeight,
        gradBias);
    free(gradZ, x, weight, addX, addWeight, gradX, gradWeight, gradBias);
    if (workspace != null) {
      driver.free(workspace);
    }
  }

  private static double tolerance(Precision precision) {
    return precision == Precision.FP32 ? FP32_TOLERANCE : TF32_TOLERANCE;
  }

  private String describe(Shape3 shape, int gap) {
    return "%d x %d x %d, gaps of %d%s"
        .formatted(shape.rows(), shape.columns(), shape.inner(), gap, tiles);
  }

  // ---- The others ----------------------------------------------------------------------------

  private void linearGrad(Activation activation, int rows, int columns, int gap) {
    CheckedMatrix z = host(rows, columns, gap);
    CheckedMatrix gradOut = host(rows, columns, gap);
    CheckedMatrix gradZ = host(rows, columns, gap);
    CheckedMatrix gradBias = host(1, columns, 0);
    oracle.linearGrad(
        activation,
        z.tensor,
        gradOut.tensor,
        gradZ.tensor,
        gradBias.tensor.reshape(Shape.of(columns)));
    DeviceMemory workspace = driver.allocate(Kernels.biasGradWorkspace(rows, columns));
    Runnable body =
        () ->
            kernels.linearGrad(
                activation,
                z.device,
                gradOut.device,
                gradZ.device,
                gradBias.device.memory(),
                workspace);
    String what = "%s %d x %d, gaps of %d".formatted(activation, rows, columns, gap);
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
  private void compare(
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

  private CheckedMatrix host(int rows, int columns, int gap) {
    return new CheckedMatrix(driver, oracle, random, rows, columns, columns + gap);
  }

  private void free(CheckedMatrix... matrices) {
    for (CheckedMatrix matrix : matrices) {
      driver.free(matrix.device.memory());
    }
  }
}
