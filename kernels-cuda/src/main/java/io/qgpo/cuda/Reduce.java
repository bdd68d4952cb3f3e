package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;

/** Launches of kernels/reduce.cu. */
final class Reduce {
  /** Blocks that fill a GPU of 132 multiprocessors (H100) well enough. */
  private static final int ENOUGH_BLOCKS = 128;

  /** Elements that a thread folds at least before it is worth cutting them into parts. */
  private static final int LEAST_PER_THREAD = 8;

  /** Neighbouring outputs of a block where the last axis is kept: a warp's. */
  private static final int ACROSS = 32;

  private final KernelLibrary library;

  Reduce(KernelLibrary library) {
    this.library = library;
  }

  /** Axes, outermost first, neighbours merged where one stride runs through both. */
  private static final class Axes {
    private final int[] extents = {1, 1, 1, 1};
    private final int[][] strides;
    private int count;

    Axes(int views) {
      strides = new int[views][Shape.MAX_RANK];
    }

    void add(int extent, int... stride) {
      boolean merges = count > 0;
      for (int v = 0; v < stride.length; v++) {
        merges &= count > 0 && strides[v][count - 1] == extent * stride[v];
      }
      if (merges) {
        extents[count - 1] *= extent;
      } else {
        extents[count++] = extent;
      }
      for (int v = 0; v < stride.length; v++) {
        strides[v][count - 1] = stride[v];
      }
    }

    /** At the end of four. */
    int[] aligned(int[] values, int other) {
      int[] result = new int[Shape.MAX_RANK];
      Arrays.fill(result, other);
      System.arraycopy(values, 0, result, Shape.MAX_RANK - count, count);
      return result;
    }

    int[] extents() {
      return aligned(extents, 1);
    }

    int[] strides(int view) {
      return aligned(strides[view], 0);
    }
  }

  void reduce(ReduceOp op, Tensor in, Tensor out) {
    Axes kept = new Axes(2);
    Axes folded = new Axes(1);
    boolean across = false;
    for (int axis = 0; axis < Shape.MAX_RANK; axis++) {
      int extent = in.shape().aligned(axis);
      if (extent == 1) {
        continue;
      }
      across = out.shape().aligned(axis) != 1;
      if (across) {
        kept.add(extent, in.stride(axis), out.stride(axis));
      } else {
        folded.add(extent, in.stride(axis));
      }
    }
    int outputs = out.size();
    int count = in.size() / outputs;
    int lines = lines(outputs, count, across);
    int blocks = GemmPlan.ceil(outputs, Views.THREADS / lines);
    int parts =
        Math.max(
            1, Math.min(ENOUGH_BLOCKS / blocks, GemmPlan.ceil(count, lines * LEAST_PER_THREAD)));
    int perPart = GemmPlan.ceil(count, parts);
    parts = GemmPlan.ceil(count, perPart);
    try (Scope _ = Scope.open("reduce")) {
      DeviceMemory partials =
          parts == 1
              ? null
              : Views.floats(Tensor.empty(out.backend(), DType.FLOAT32, Shape.of(parts, outputs)));
      Arguments arguments =
          new Arguments()
              .integer(op.ordinal())
              .structure(Views.view(Views.floats(in), kept.strides(0)))
              .structure(Views.view(Views.floats(in), folded.strides(0)))
              .structure(Views.extents(kept.extents()))
              .structure(Views.extents(folded.extents()))
              .integer(outputs)
              .integer(count)
              .integer(perPart)
              .integer(lines)
              .integer(across ? 1 : 0)
              .structure(Views.view(Views.floats(out), kept.strides(1)))
              .memory(partials);
      library
          .kernel("reduce", "reduce")
          .launch(new Grid(blocks, parts, 1), Views.THREADS, 0, arguments);
    }
  }

  /** Threads for each output. */
  private static int lines(int outputs, int count, boolean across) {
    return across
        ? Views.powerOfTwo(count, Views.THREADS / Views.powerOfTwo(outputs, ACROSS))
        : Views.powerOfTwo(count / 4, Views.THREADS);
  }
}
