package io.qgpo.cuda;

import io.qgpo.cuda.Kernels.Epilogue;
import io.qgpo.cuda.Kernels.Gradients;
import io.qgpo.cuda.Kernels.Precision;
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
   * Compares every kernel with the oracle.
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
    Host x = host(shape.rows(), shape.inner(), gap);
    Host weight = host(shape.columns(), shape.inner(), gap);
    Host bias = host(1, shape.columns(), 0);
    Host residual = host(shape.rows(), shape.columns(), gap);
    Host z = host(shape.rows(), shape.columns(), gap);
    Host out = host(shape.rows(), shape.columns(), gap);
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
    Host a =
        transA ? host(shape.inner(), shape.rows(), gap) : host(shape.rows(), shape.inner(), gap);
    Host b = host(shape.inner(), shape.columns(), gap);
    Host residual = host(shape.rows(), shape.columns(), gap);
    Host out = host(shape.rows(), shape.columns(), gap);
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
    Host gradZ = host(rows, out, gap);
    Host x = host(rows, in, gap);
    Host weight = host(out, in, gap);
    Host addX = host(rows, in, gap);
    Host addWeight = host(out, in, gap);
    Host gradX = host(rows, in, gap);
    Host gradWeight = host(out, in, gap);
    Host gradBias = host(1, out, 0);
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
    Host z = host(rows, columns, gap);
    Host gradOut = host(rows, columns, gap);
    Host gradZ = host(rows, columns, gap);
    Host gradBias = host(1, columns, 0);
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
    Host p = host(1, n, 0);
    Host g = host(1, n, 0);
    Host m = host(1, n, 0);
    Host v = host(1, n, 0);
    v.set(v.values.length, i -> Math.abs(v.values[i]));
    Host scalars = host(1, 4, 0);
    float[] values = {1e-3f, .19f, .002f, .5f};
    scalars.set(4, i -> values[i]);
    for (Host state : List.of(p, m, v)) {
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
          for (Host state : List.of(p, m, v)) {
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
      String kernel, String what, double tolerance, Runnable body, Host... results) {
    List<float[]> first = poisonedRun(body, results);
    List<float[]> second = poisonedRun(body, results);
    double worst = 0;
    for (int i = 0; i < results.length; i++) {
      boolean same = Arrays.equals(first.get(i), second.get(i));
      worst = Math.max(worst, same ? results[i].error(first.get(i)) : Double.NaN);
    }
    outcomes.add(new Outcome(kernel, what, worst, tolerance));
  }

  private static List<float[]> poisonedRun(Runnable body, Host... results) {
    for (Host result : results) {
      result.device.memory().fill(Float.NaN);
    }
    body.run();
    List<float[]> read = new ArrayList<>();
    for (Host result : results) {
      read.add(result.device.memory().read((int) result.device.memory().size()));
    }
    return read;
  }

  private Host host(int rows, int columns, int gap) {
    return new Host(rows, columns, columns + gap);
  }

  private void free(Host... matrices) {
    for (Host matrix : matrices) {
      driver.free(matrix.device.memory());
    }
  }

  /** A matrix of random numbers on the device, and the same in float64 for the oracle. */
  private final class Host {
    final float[] values;
    final Tensor tensor;
    final DeviceMatrix device;
    float[] initial;

    Host(int rows, int columns, int leadingDimension) {
      values = new float[rows * leadingDimension];
      tensor = Tensor.empty(oracle, DType.FLOAT64, Shape.of(rows, columns));
      device =
          new DeviceMatrix(
              driver.allocate(rows * leadingDimension), rows, columns, leadingDimension);
      Arrays.fill(values, Float.NaN);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          values[r * leadingDimension + c] = 2 * random.nextFloat() - 1;
        }
      }
      upload();
    }

    /** Replaces the first values of a matrix without gaps. */
    void set(int count, java.util.function.IntFunction<Float> value) {
      for (int i = 0; i < count; i++) {
        values[i] = value.apply(i);
      }
      upload();
    }

    void keepInitial() {
      initial = values.clone();
    }

    private void upload() {
      double[] matrix = new double[device.rows() * device.columns()];
      for (int i = 0; i < matrix.length; i++) {
        matrix[i] = values[place(i)];
      }
      oracle.write(matrix, 0, tensor);
      device.memory().write(values);
    }

    private int place(int i) {
      return i / device.columns() * device.leadingDimension() + i % device.columns();
    }

    /** NaN if a gap was written to. */
    double error(float[] result) {
      double[] expected = new double[device.rows() * device.columns()];
      oracle.read(tensor, expected, 0);
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < expected.length; i++) {
        difference += Math.pow(result[place(i)] - expected[i], 2);
        norm += expected[i] * expected[i];
        result[place(i)] = Float.NaN;
      }
      for (float gap : result) {
        if (!Float.isNaN(gap)) {
          return Double.NaN;
        }
      }
      return Math.sqrt(difference / Math.max(norm, expected.length));
    }
  }
}
