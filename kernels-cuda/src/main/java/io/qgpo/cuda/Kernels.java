package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.Activation;

/**
 * The kernels as they are shipped, each behind a method that checks shapes and computes its launch.
 * What they compute and how stands at the head of each source under {@code kernels/}.
 */
public final class Kernels {
  /** How the operands of a matrix product are rounded. */
  public enum Precision {
    /** Not at all. */
    FP32,
    /** To 10 bits of mantissa, for the tensor cores; sums are float32. */
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

    private boolean isSum() {
      return bias == null && activation == Activation.IDENTITY && preActivation == null;
    }
  }

  private static final int THREADS = 256;
  private static final int STRIP = 64;
  private static final int MOST_GROUPS = 4096;
  private static final int MOST_BLOCKS = 1024;
  private static final int STAGES = 3;
  private static final int SLICE = 32;

  private final KernelLibrary library;

  /** Has the driver compile all of them. */
  public Kernels(CudaDriver driver) {
    this(new KernelLibrary(driver));
    library.load("gemm_fp32", "gemm_tf32", "sum_partials", "linear_grad");
  }

  Kernels(KernelLibrary library) {
    this.library = library;
  }

  /** The elements of workspace that a product of these shapes needs. */
  public static int gemmWorkspace(
      boolean transA, int rows, int columns, int inner, Epilogue epilogue) {
    return workspace(plan(transA, rows, columns, inner, epilogue), rows, columns);
  }

  private static GemmPlan plan(
      boolean transA, int rows, int columns, int inner, Epilogue epilogue) {
    return GemmPlan.of(rows, columns, inner, transA && epilogue.isSum());
  }

  private static int workspace(GemmPlan plan, int rows, int columns) {
    return plan.splits() == 1 ? 0 : Math.multiplyExact(plan.splits(), rows * columns);
  }

  /** The elements of workspace that a bias gradient needs. */
  public static int biasGradWorkspace(int rows, int columns) {
    return GemmPlan.ceil(rows, STRIP) * columns;
  }

  /**
   * out = epilogue(op(a) op(b)), where op transposes if asked; not both may be.
   *
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
    int inner = transA ? a.rows() : a.columns();
    checkShapes(transA, transB, a, b, out, inner, epilogue);
    GemmPlan plan = plan(transA, out.rows(), out.columns(), inner, epilogue);
    int needed = workspace(plan, out.rows(), out.columns());
    if (needed > 0 && (workspace == null || workspace.size() < needed)) {
      throw new IllegalArgumentException(
          "gemm: expected a workspace of %d elements, found %d"
              .formatted(needed, workspace == null ? 0 : workspace.size()));
    }
    Arguments arguments =
        new Arguments()
            .memory(a.memory())
            .integer(a.leadingDimension())
            .memory(b.memory())
            .integer(b.leadingDimension())
            .memory(out.memory())
            .integer(out.leadingDimension())
            .integer(out.rows())
            .integer(out.columns())
            .integer(inner)
            .integer(plan.innerPerSplit())
            .memory(workspace)
            .memory(epilogue.bias())
            .integer(epilogue.activation().ordinal());
    add(arguments, epilogue.residual());
    add(arguments, epilogue.preActivation());
    String module = precision == Precision.FP32 ? "gemm_fp32" : "gemm_tf32";
    String operands = (transA ? "_t" : "_n") + (transB ? "t_" : "n_");
    library
        .kernel(module, module + operands + plan.tile())
        .launch(
            new Grid(
                GemmPlan.ceil(out.columns(), plan.tile()),
                GemmPlan.ceil(out.rows(), plan.tile()),
                plan.splits()),
            plan.threads(),
            precision == Precision.FP32 ? 0 : sharedBytes(plan.tile(), transA, transB),
            arguments);
    if (plan.splits() > 1) {
      sum(workspace, plan.splits(), out, epilogue.residual());
    }
  }

  private static void checkShapes(
      boolean transA,
      boolean transB,
      DeviceMatrix a,
      DeviceMatrix b,
      DeviceMatrix out,
      int inner,
      Epilogue epilogue) {
    if (transA && transB) {
      throw new IllegalArgumentException(
          "gemm: expected at most one transposed operand, found two; transpose the result instead");
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
  private static Arguments add(Arguments arguments, DeviceMatrix matrix) {
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

  /** out = the sum of parts that lie one after the other, plus a residual if there is one. */
  private void sum(DeviceMemory partials, int parts, DeviceMatrix out, DeviceMatrix residual) {
    Arguments arguments =
        new Arguments()
            .memory(partials)
            .integer(parts)
            .integer(out.rows())
            .integer(out.columns())
            .memory(out.memory())
            .integer(out.leadingDimension());
    add(arguments, residual);
    int blocks = Math.min(MOST_BLOCKS, GemmPlan.ceil(out.rows() * out.columns(), THREADS));
    library
        .kernel("sum_partials", "sum_partials")
        .launch(new Grid(blocks, 1, 1), THREADS, 0, arguments);
  }

  /**
   * gradZ = gradOut activation'(z), and gradBias = its column sums.
   *
   * @param z null for IDENTITY
   * @param gradZ null if not wanted; may be gradOut
   * @param gradBias null if not wanted
   * @param workspace of {@link #biasGradWorkspace}; null without gradBias
   */
  public void linearGrad(
      Activation activation,
      DeviceMatrix z,
      DeviceMatrix gradOut,
      DeviceMatrix gradZ,
      DeviceMemory gradBias,
      DeviceMemory workspace) {
    int rows = gradOut.rows();
    int columns = gradOut.columns();
    if (z == null && activation != Activation.IDENTITY) {
      throw new IllegalArgumentException(
          "linearGrad: expected z for " + activation + ", found null");
    }
    if (z != null) {
      z.require("linearGrad", "z", rows, columns);
    }
    if (gradZ != null) {
      gradZ.require("linearGrad", "gradZ", rows, columns);
    }
    Arguments arguments = add(new Arguments().integer(activation.ordinal()), z);
    add(arguments, gradOut);
    add(arguments, gradZ)
        .memory(gradBias == null ? null : workspace)
        .memory(gradBias)
        .integer(rows)
        .integer(columns);
    int groups = GemmPlan.ceil(columns, 32);
    if (groups > MOST_GROUPS) {
      throw new IllegalArgumentException(
          "linearGrad: expected at most %d columns, found %d".formatted(32 * MOST_GROUPS, columns));
    }
    library
        .kernel("linear_grad", "linear_grad")
        .launch(new Grid(groups, GemmPlan.ceil(rows, STRIP), 1), THREADS, 0, arguments);
  }
}
