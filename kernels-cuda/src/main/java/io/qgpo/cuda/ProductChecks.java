package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Gradients;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Shape;
import java.util.List;

/** The matrix products of {@link KernelCheck}: in each form, tile and precision. */
final class ProductChecks {
  /**
   * A product of two numbers rounded to 10 bits is off by at most 2^-10, a single one that much.
   */
  private static final double TF32_TOLERANCE = 1e-3;

  /** Layers in a launch. */
  private static final int LAYERS = 3;

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

  /** Of those with several tiles, and splits. */
  private static final List<Shape3> FEW = List.of(new Shape3(129, 65, 34), new Shape3(801, 5, 7));

  /** Of {@code few_rows.cu}, where the shape decides. */
  private static final List<Shape3> FEW_ROWS =
      List.of(
          new Shape3(1, 1, 1),
          new Shape3(1, 70, 515),
          new Shape3(3, 33, 128),
          new Shape3(16, 131, 77));

  private static final List<Shape3> LARGE =
      List.of(
          new Shape3(4096, 512, 128), // backward: the large tile, four groups of parts
          new Shape3(1411, 1300, 129),
          new Shape3(256, 256, 4096),
          new Shape3(257, 255, 1029));

  private final KernelCheck check;
  private final ProductKernels kernels;
  private final String tiles;

  private ProductChecks(KernelCheck check, int tile) {
    this.check = check;
    kernels = new ProductKernels(check.library, tile);
    tiles = tile == 0 ? "" : ", tiles of " + tile;
  }

  /**
   * Compares all.
   *
   * @param large also at sizes that fill a GPU
   */
  static void run(KernelCheck check, boolean large) {
    new ProductChecks(check, GemmPlan.SMALL).products(SMALL, 0, 1, 8);
    new ProductChecks(check, GemmPlan.LARGE).products(SMALL, 0, 1);
    new ProductChecks(check, 0).products(FEW_ROWS, 0, 1);
    if (large) {
      new ProductChecks(check, 0).products(LARGE, 1);
    }
  }

  /** Compares at a few sizes. */
  static void runFew(KernelCheck check) {
    new ProductChecks(check, GemmPlan.SMALL).products(FEW, 1);
    new ProductChecks(check, GemmPlan.LARGE).products(FEW, 1);
    new ProductChecks(check, 0).products(FEW_ROWS, 1);
  }

  private void products(List<Shape3> shapes, int... gaps) {
    for (Precision precision : Precision.values()) {
      for (Shape3 shape : shapes) {
        for (int gap : gaps) {
          linear(precision, shape, gap, Activation.values()[gap % 3]);
          product(precision, false, shape, gap);
          product(precision, true, shape, gap);
          backward(precision, shape, gap);
        }
        int gap = gaps[gaps.length - 1];
        for (boolean shared : new boolean[] {false, true}) {
          grouped(precision, shape, gap, shared);
          groupedBackward(precision, shape, gap, shared);
        }
      }
    }
  }

  /** x W^T with everything behind it. */
  private void linear(Precision precision, Shape3 shape, int gap, Activation activation) {
    CheckedMatrix x = check.host(shape.rows(), shape.inner(), gap);
    CheckedMatrix weight = check.host(shape.columns(), shape.inner(), gap);
    CheckedMatrix bias = check.host(1, shape.columns(), 0);
    CheckedMatrix residual = check.host(shape.rows(), shape.columns(), gap);
    CheckedMatrix z = check.host(shape.rows(), shape.columns(), gap);
    CheckedMatrix out = check.host(shape.rows(), shape.columns(), gap);
    check.oracle.linear(
        x.tensor,
        weight.tensor,
        null,
        bias.tensor.reshape(Shape.of(shape.columns())),
        activation,
        residual.tensor,
        z.tensor,
        out.tensor);
    Epilogue epilogue = new Epilogue(bias.device.memory(), activation, residual.device, z.device);
    check.compare(
        "gemm " + precision + " nt",
        describe(shape, gap) + " " + activation,
        toleranceOfRows(precision, shape),
        () ->
            kernels.gemm(
                precision, false, true, x.device, weight.device, out.device, epilogue, null),
        out,
        z);
    check.free(x, weight, bias, residual, z, out);
  }

  /** dZ W, or dZ^T X; split where the result is small, and added to what is there. */
  private void product(Precision precision, boolean transA, Shape3 shape, int gap) {
    CheckedMatrix a =
        transA
            ? check.host(shape.inner(), shape.rows(), gap)
            : check.host(shape.rows(), shape.inner(), gap);
    CheckedMatrix b = check.host(shape.inner(), shape.columns(), gap);
    CheckedMatrix residual = check.host(shape.rows(), shape.columns(), gap);
    CheckedMatrix out = check.host(shape.rows(), shape.columns(), gap);
    check.oracle.copy(residual.tensor, out.tensor);
    check.oracle.matmul(transA, false, a.tensor, b.tensor, out.tensor, true);
    Epilogue epilogue = Epilogue.adding(residual.device);
    int needed = kernels.gemmWorkspace(transA, shape.rows(), shape.columns(), shape.inner());
    DeviceMemory workspace = needed == 0 ? null : check.driver.allocate(needed);
    check.compare(
        "gemm " + precision + (transA ? " tn" : " nn"),
        describe(shape, gap),
        transA ? tolerance(precision) : toleranceOfRows(precision, shape),
        () ->
            kernels.gemm(
                precision, transA, false, a.device, b.device, out.device, epilogue, workspace),
        out);
    check.free(a, b, residual, out);
    if (workspace != null) {
      check.driver.free(workspace);
    }
  }

  /** All gradients of a linear layer in one launch; those of x and the weight added to others. */
  private void backward(Precision precision, Shape3 shape, int gap) {
    int rows = shape.rows();
    int in = shape.columns();
    int out = shape.inner();
    CheckedMatrix gradZ = check.host(rows, out, gap);
    CheckedMatrix x = check.host(rows, in, gap);
    CheckedMatrix weight = check.host(out, in, gap);
    CheckedMatrix addX = check.host(rows, in, gap);
    CheckedMatrix addWeight = check.host(out, in, gap);
    CheckedMatrix gradX = check.host(rows, in, gap);
    CheckedMatrix gradWeight = check.host(out, in, gap);
    CheckedMatrix gradBias = check.host(1, out, 0);
    check.oracle.copy(addX.tensor, gradX.tensor);
    check.oracle.copy(addWeight.tensor, gradWeight.tensor);
    check.oracle.linearGradProducts(
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
    DeviceMemory workspace = needed == 0 ? null : check.driver.allocate(needed);
    check.compare(
        "gemm " + precision + " backward",
        describe(shape, gap),
        tolerance(precision),
        () ->
            kernels.linearBackward(
                precision, gradZ.device, x.device, weight.device, gradients, workspace),
        gradX,
        gradWeight,
        gradBias);
    check.free(gradZ, x, weight, addX, addWeight, gradX, gradWeight, gradBias);
    if (workspace != null) {
      check.driver.free(workspace);
    }
  }

  private static double tolerance(Precision precision) {
    return precision == Precision.FP32 ? KernelCheck.FP32_TOLERANCE : TF32_TOLERANCE;
  }

  /** A few rows are multiplied in float32 in either precision, where the shape decides. */
  private double toleranceOfRows(Precision precision, Shape3 shape) {
    boolean few = tiles.isEmpty() && shape.rows() <= ProductKernels.FEW_ROWS;
    return tolerance(few ? Precision.FP32 : precision);
  }

  private String describe(Shape3 shape, int gap) {
    return "%d x %d x %d, gaps of %d%s"
        .formatted(shape.rows(), shape.columns(), shape.inner(), gap, tiles);
  }

  // ---- Several layers in a launch ------------------------------------------------------------

  private void grouped(Precision precision, Shape3 shape, int gap, boolean shared) {
    int rows = LAYERS * shape.rows();
    CheckedMatrix x = check.host(shared ? shape.rows() : rows, shape.inner(), gap);
    CheckedMatrix weight = check.host(LAYERS * shape.columns(), shape.inner(), gap);
    CheckedMatrix bias = check.host(LAYERS, shape.columns(), 0);
    CheckedMatrix z = check.host(rows, shape.columns(), gap);
    CheckedMatrix out = check.host(rows, shape.columns(), gap);
    check.oracle.groupedLinear(
        LAYERS, x.tensor, weight.tensor, bias.tensor, Activation.RELU, z.tensor, out.tensor);
    Epilogue epilogue = new Epilogue(bias.device.memory(), Activation.RELU, null, z.device);
    check.compare(
        "grouped " + precision + " nt",
        describe(shape, gap) + (shared ? ", one x" : ""),
        toleranceOfRows(precision, shape),
        () -> kernels.grouped(precision, LAYERS, x.device, weight.device, out.device, epilogue),
        out,
        z);
    check.free(x, weight, bias, z, out);
  }

  /** Without the gradient of an x that is shared. */
  private void groupedBackward(Precision precision, Shape3 shape, int gap, boolean shared) {
    int rows = LAYERS * shape.rows();
    int in = shape.columns();
    int out = shape.inner();
    CheckedMatrix gradZ = check.host(rows, out, gap);
    CheckedMatrix x = check.host(shared ? shape.rows() : rows, in, gap);
    CheckedMatrix weight = check.host(LAYERS * out, in, gap);
    CheckedMatrix gradX = check.host(rows, in, gap);
    CheckedMatrix gradWeight = check.host(LAYERS * out, in, gap);
    CheckedMatrix gradBias = check.host(LAYERS, out, 0);
    check.oracle.groupedLinearGradProducts(
        LAYERS,
        gradZ.tensor,
        x.tensor,
        weight.tensor,
        shared ? null : gradX.tensor,
        gradWeight.tensor,
        gradBias.tensor);
    Gradients gradients =
        new Gradients(
            shared ? null : gradX.device, null, gradWeight.device, null, gradBias.device.memory());
    int needed = kernels.backwardWorkspace(LAYERS, shape.rows(), in, out, !shared);
    DeviceMemory workspace = needed == 0 ? null : check.driver.allocate(needed);
    Runnable body =
        () ->
            kernels.linearBackward(
                precision, LAYERS, gradZ.device, x.device, weight.device, gradients, workspace);
    String kernel = "grouped " + precision + " backward";
    String what = describe(shape, gap) + (shared ? ", one x" : "");
    if (shared) {
      check.compare(kernel, what, tolerance(precision), body, gradWeight, gradBias);
    } else {
      check.compare(kernel, what, tolerance(precision), body, gradX, gradWeight, gradBias);
    }
    check.free(gradZ, x, weight, gradX, gradWeight, gradBias);
    if (workspace != null) {
      check.driver.free(workspace);
    }
  }
}
