package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.Activation;

/**
 * The kernels of matrix products as they are shipped, each behind a method that checks shapes and
 * computes its launch. What they compute and how stands at the heads of {@code
 * kernels/gemm_fp32.cu}, {@code gemm_tf32.cu}, {@code few_rows.cu} and {@code linear_backward.cuh}.
 */
public final class ProductKernels {
  /** How the operands of a matrix product are rounded. */
  public enum Precision {
    /** Not at all. */
    FP32,
    /** To 10 bits of mantissa, for the tensor cores, but for few rows; sums are float32. */
    TF32
  }

  /**
   * What a linear layer does to its products: z = product + bias, out = activation(z) + residual.
   *
   * @param bias a value for each column, or null
   * @param residual of the result's shape, or null; may be the result, which accumulates
   * @param preActivation receives z; null if not wanted
   */
  public record Epilogue(
      DeviceMemory bias, Activation activation, DeviceMatrix residual, DeviceMatrix preActivation) {
    /** Nothing. */
    public static final Epilogue NONE = adding(null);

    /** Only a residual. */
    public static Epilogue adding(DeviceMatrix residual) {
      return new Epilogue(null, Activation.IDENTITY, residual, null);
    }

    boolean isSum() {
      return bias == null && activation == Activation.IDENTITY && preActivation == null;
    }
  }

  /** Of a launch: see gemm_fp32.cu. */
  static final int MOST_LAYERS = (1 << 15) - 1;

  // Of few_rows.cu, which multiplies in float32 whatever the precision.
  static final int FEW_ROWS = 16;
  private static final int FEW_ROWS_COLUMNS_NT = 8;
  private static final int FEW_ROWS_COLUMNS_NN = 32;
  private static final int FEW_ROWS_THREADS = 256;

  private static final int STAGES = 3;
  private static final int SLICE = 32;

  private final KernelLibrary library;
  private final int forcedTile;

  ProductKernels(KernelLibrary library) {
    this(library, 0);
  }

  /**
   * For checks of small shapes in large tiles.
   *
   * @param tile of all products; 0 for what suits the shape
   */
  ProductKernels(KernelLibrary library, int tile) {
    this.library = library;
    forcedTile = tile;
  }

  /**
   * What a linear layer's backward pass computes from gradZ, rows x out: gradWeight = gradZ^T x,
   * and what else is not null.
   *
   * @param gradX receives gradZ weight, of x's shape
   * @param addX added to it; may be gradX
   * @param gradWeight of the weight's shape
   * @param addWeight added to it; may be gradWeight
   * @param gradBias receives the column sums of gradZ
   */
  public record Gradients(
      DeviceMatrix gradX,
      DeviceMatrix addX,
      DeviceMatrix gradWeight,
      DeviceMatrix addWeight,
      DeviceMemory gradBias) {
    /** That of the weight alone. */
    public static Gradients ofWeight(DeviceMatrix gradWeight, DeviceMatrix addWeight) {
      return new Gradients(null, null, gradWeight, addWeight, null);
    }
  }

  /** The elements of workspace that a product of these shapes needs. */
  public int gemmWorkspace(boolean transA, int rows, int columns, int inner) {
    return transA ? backwardWorkspace(inner, columns, rows, false) : 0;
  }

  /**
   * The elements of workspace that a linear layer's backward pass needs.
   *
   * @param withX whether x's gradient is wanted
   */
  public int backwardWorkspace(int rows, int in, int out, boolean withX) {
    return backwardWorkspace(1, rows, in, out, withX);
  }

  /** The same of {@code layers} of equal shape. */
  int backwardWorkspace(int layers, int rows, int in, int out, boolean withX) {
    return Math.multiplyExact(
        layers, workspace(backwardPlan(layers, rows, in, out, withX), in, out));
  }

  private GemmPlan backwardPlan(int layers, int rows, int in, int out, boolean withX) {
    int tile = chosen(GemmPlan.backwardTile(layers, rows, in, out, withX));
    return GemmPlan.ofBackward(tile, layers, rows, in, out);
  }

  private int chosen(int suitable) {
    return forcedTile == 0 ? suitable : forcedTile;
  }

  private static int workspace(GemmPlan plan, int in, int out) {
    return plan.splits() == 1
        ? 0
        : Math.multiplyExact(plan.splits(), Math.multiplyExact(out, in + 1));
  }

  /**
   * out = epilogue(op(a) op(b)), where op transposes if asked; not both may be.
   *
   * @param epilogue with a transposed, at most a residual
   * @param workspace of {@link #gemmWorkspace}; null if that is 0
   */
  public void gemm(
      Precision precision,
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      Epilogue epilogue,
      DeviceMemory workspace) {
    checkShapes(transA, transB, a, b, out, epilogue);
    if (transA) {
      Gradients gradients = Gradients.ofWeight(out, epilogue.residual());
      linearBackward(precision, a, b, null, gradients, workspace);
      return;
    }
    products(precision, 1, 0, transB, a, b, out, epilogue);
  }

  /**
   * Linear layers of equal shape: out_i = epilogue(a_i b_i^T), where block i of the rows of each
   * matrix is that of layer i.
   *
   * @param a (layers rows) x inner; or rows x inner, which all layers take
   * @param b (layers columns) x inner
   * @param out (layers rows) x columns
   * @param epilogue with a bias of layers x columns
   */
  void grouped(
      Precision precision,
      int layers,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      Epilogue epilogue) {
    requireLayers("grouped linear", layers, out.rows());
    int rows = out.rows() / layers;
    int rowsOfA = a.rows() == out.rows() ? rows : 0;
    a.require("grouped linear", "a", rowsOfA == 0 ? rows : out.rows(), a.columns());
    b.require("grouped linear", "b", layers * out.columns(), a.columns());
    if (epilogue.residual() != null) {
      throw new IllegalArgumentException("grouped linear: expected no residual, found one");
    }
    if (epilogue.preActivation() != null) {
      epilogue
          .preActivation()
          .require("grouped linear", "preActivation", out.rows(), out.columns());
    }
    products(precision, layers, rowsOfA, true, a, b, out, epilogue);
  }

  static void requireLayers(String op, int layers, int rows) {
    if (layers < 1 || layers > MOST_LAYERS || rows % layers != 0) {
      throw new IllegalArgumentException(
          "%s: expected 1 to %d layers of equal rows, found %d of %d rows"
              .formatted(op, MOST_LAYERS, layers, rows));
    }
  }

  /** Of all layers; rowsOfA is how far apart in a theirs begin. */
  private void products(
      Precision precision,
      int layers,
      int rowsOfA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      Epilogue epilogue) {
    int rows = out.rows() / layers;
    Arguments arguments = add(new Arguments(), a);
    add(arguments, b);
    add(arguments, out)
        .integer(rows)
        .integer(out.columns())
        .integer(a.columns())
        .memory(epilogue.bias())
        .integer(epilogue.activation().ordinal());
    add(arguments, epilogue.residual());
    add(arguments, epilogue.preActivation()).integer(rowsOfA);
    if (rows <= FEW_ROWS && forcedTile == 0) {
      int atOnce = transB ? FEW_ROWS_COLUMNS_NT : FEW_ROWS_COLUMNS_NN;
      library
          .kernel("few_rows", transB ? "few_rows_nt" : "few_rows_nn")
          .launch(
              new Grid(GemmPlan.ceil(out.columns(), atOnce), 1, layers),
              FEW_ROWS_THREADS,
              0,
              arguments);
      return;
    }
    int tile = chosen(GemmPlan.tile(layers, rows, out.columns()));
    int shared = precision == Precision.FP32 ? 0 : sharedBytes(tile, false, transB);
    Grid grid = new Grid(GemmPlan.ceil(out.columns(), tile), GemmPlan.ceil(rows, tile), layers);
    launch(precision, transB ? "nt" : "nn", tile, grid, shared, arguments);
  }

  /**
   * The products of a linear layer's backward pass.
   *
   * @param gradZ rows x out; out and in must be 1 or more
   * @param x rows x in
   * @param weight out x in; may be null if gradX is not wanted
   * @param workspace of {@link #backwardWorkspace}; null if that is 0
   */
  public void linearBackward(
      Precision precision,
      DeviceMatrix gradZ,
      DeviceMatrix x,
      DeviceMatrix weight,
      Gradients gradients,
      DeviceMemory workspace) {
    linearBackward(precision, 1, gradZ, x, weight, gradients, workspace);
  }

  /**
   * The same of layers of equal shape: block i of the rows of each matrix is that of layer i. Where
   * they share x, rows x in, no gradX may be wanted.
   */
  void linearBackward(
      Precision precision,
      int layers,
      DeviceMatrix gradZ,
      DeviceMatrix x,
      DeviceMatrix weight,
      Gradients gradients,
      DeviceMemory workspace) {
    requireLayers("linearBackward", layers, gradZ.rows());
    int rows = gradZ.rows() / layers;
    int out = gradZ.columns();
    int in = x.columns();
    int rowsOfX = x.rows() == gradZ.rows() ? rows : 0;
    if (in == 0 || out == 0 || gradients.gradWeight() == null) {
      throw new IllegalArgumentException(
          "linearBackward: expected a gradWeight with elements, found %s for %d x %d"
              .formatted(gradients.gradWeight(), out, in));
    }
    x.require("linearBackward", "x", rowsOfX == 0 ? rows : gradZ.rows(), in);
    require("gradWeight", gradients.gradWeight(), layers * out, in);
    require("addWeight", gradients.addWeight(), layers * out, in);
    boolean withX = gradients.gradX() != null;
    if (withX) {
      if (weight == null) {
        throw new IllegalArgumentException("linearBackward: expected a weight for gradX");
      }
      weight.require("linearBackward", "weight", layers * out, in);
      require("gradX", gradients.gradX(), rowsOfX * layers, in);
      require("addX", gradients.addX(), rowsOfX * layers, in);
    }
    GemmPlan plan = backwardPlan(layers, rows, in, out, withX);
    int needed = Math.multiplyExact(layers, workspace(plan, in, out));
    if (needed > 0 && (workspace == null || workspace.size() < needed)) {
      throw new IllegalArgumentException(
          "linearBackward: expected a workspace of %d elements, found %d"
              .formatted(needed, workspace == null ? 0 : workspace.size()));
    }
    Arguments arguments = add(new Arguments(), gradZ);
    add(arguments, x);
    add(arguments, weight);
    add(arguments, gradients.gradX());
    add(arguments, gradients.addX());
    add(arguments, gradients.gradWeight());
    add(arguments, gradients.addWeight())
        .memory(gradients.gradBias())
        .memory(needed == 0 ? null : workspace)
        .integer(rows)
        .integer(in)
        .integer(out)
        .integer(plan.splits())
        .integer(plan.innerPerSplit())
        .integer(rowsOfX);
    int tile = plan.tile();
    int blocks =
        plan.splits() * GemmPlan.blocks(tile, out, in)
            + (withX ? GemmPlan.blocks(tile, rows, in) : 0);
    int shared =
        precision == Precision.FP32
            ? 0
            : Math.max(sharedBytes(tile, true, false), sharedBytes(tile, false, false));
    launch(precision, "backward", tile, new Grid(blocks, 1, layers), shared, arguments);
  }

  private void launch(
      Precision precision, String kind, int tile, Grid grid, int shared, Arguments arguments) {
    String module = precision == Precision.FP32 ? "gemm_fp32" : "gemm_tf32";
    library
        .kernel(module, module + "_" + kind + "_" + tile)
        .launch(grid, tile == GemmPlan.LARGE ? 256 : 128, shared, arguments);
  }

  private static void require(String name, DeviceMatrix matrix, int rows, int columns) {
    if (matrix != null) {
      matrix.require("linearBackward", name, rows, columns);
    }
  }

  /** Of operands, result and what follows of a product. */
  static void checkShapes(
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      Epilogue epilogue) {
    int inner = transA ? a.rows() : a.columns();
    if (transA && transB) {
      throw new IllegalArgumentException(
          "gemm: expected at most one transposed operand, found two; transpose the result instead");
    }
    if (transA && !epilogue.isSum()) {
      throw new IllegalArgumentException(
          "gemm: expected at most a residual with a transposed, found more of an epilogue");
    }
    if (out.rows() == 0 || out.columns() == 0) {
      throw new IllegalArgumentException(
          "gemm: expected a result with elements, found an empty one");
    }
    a.require("gemm", "a", transA ? inner : out.rows(), transA ? out.rows() : inner);
    b.require("gemm", "b", transB ? out.columns() : inner, transB ? inner : out.columns());
    if (epilogue.residual() != null) {
      epilogue.residual().require("gemm", "residual", out.rows(), out.columns());
    }
    if (epilogue.preActivation() != null) {
      epilogue.preActivation().require("gemm", "preActivation", out.rows(), out.columns());
    }
  }

  /** Memory and leading dimension of a matrix that may be missing. */
  static Arguments add(Arguments arguments, DeviceMatrix matrix) {
    return matrix == null
        ? arguments.memory(null).integer(0)
        : arguments.memory(matrix.memory()).integer(matrix.leadingDimension());
  }

  /** Of gemm_tf32.cu: slices of both operands with their padding, or the products of the tile. */
  private static int sharedBytes(int tile, boolean transA, boolean transB) {
    int innerAdjacent = tile * (SLICE + 4);
    int innerApart = SLICE * (tile + 8);
    int slices =
        STAGES * ((transA ? innerApart : innerAdjacent) + (transB ? innerAdjacent : innerApart));
    return Float.BYTES * Math.max(slices, tile * (tile + 8));
  }
}
