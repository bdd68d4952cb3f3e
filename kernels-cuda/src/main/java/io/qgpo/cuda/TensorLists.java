package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.nio.ByteBuffer;

/**
 * Launches over all tensors of a network at once: kernels/adam.cu, kernels/lerp.cu and
 * kernels/sum_of_squares.cu, with the list of kernels/tensor_list.cuh.
 */
final class TensorLists {
  private static final int MOST_TENSORS = 64;
  private static final int CHUNK = 1024;

  private final KernelLibrary library;
  private final Reduce reduce;

  TensorLists(KernelLibrary library, Reduce reduce) {
    this.library = library;
    this.reduce = reduce;
  }

  /**
   * What {@link #adam} keeps the same from step to step, as {@code Backend.adam} has it.
   *
   * @param weightDecay decoupled
   */
  record AdamSettings(double beta1, double beta2, double epsilon, double weightDecay) {}

  /**
   * One step of Adam.
   *
   * @param all parameters, gradients, m and v, in the same order
   * @param scalars rate, 1 - beta1^step, 1 - beta2^step, a factor on the gradient
   */
  void adam(DeviceMatrix[][] all, DeviceMemory scalars, AdamSettings settings) {
    for (int from = 0; from < all[0].length; from += MOST_TENSORS) {
      Arguments arguments = new Arguments();
      int blocks = list(arguments, all, from);
      arguments
          .memory(scalars)
          .real(1 - settings.beta1())
          .real(1 - settings.beta2())
          .real(settings.epsilon())
          .real(settings.weightDecay());
      launch("adam", blocks, arguments);
    }
  }

  /** Those of tensors, for each of several lists. */
  static DeviceMatrix[][] matrices(Tensor[]... lists) {
    DeviceMatrix[][] all = new DeviceMatrix[lists.length][];
    for (int which = 0; which < lists.length; which++) {
      all[which] = new DeviceMatrix[lists[which].length];
      for (int i = 0; i < lists[which].length; i++) {
        all[which][i] = Views.matrix(lists[which][i]);
      }
    }
    return all;
  }

  /** Moves the tensors of the first list towards those of the second. */
  void lerp(DeviceMatrix[][] all, double weight) {
    for (int from = 0; from < all[0].length; from += MOST_TENSORS) {
      Arguments arguments = new Arguments();
      int blocks = list(arguments, all, from);
      launch("lerp", blocks, arguments.real(weight));
    }
  }

  /** Over all tensors, into one element. */
  void sumOfSquares(Tensor[] tensors, Tensor out) {
    int parts = 0;
    for (Tensor tensor : tensors) {
      parts += GemmPlan.ceil(tensor.size(), CHUNK);
    }
    if (parts == 0) {
      out.backend().fill(out, 0);
      return;
    }
    try (Scope _ = Scope.open("sumOfSquares")) {
      Tensor partials = Tensor.empty(out.backend(), DType.FLOAT32, Shape.of(parts));
      DeviceMatrix[][] all = matrices(new Tensor[][] {tensors});
      int done = 0;
      for (int from = 0; from < tensors.length; from += MOST_TENSORS) {
        Arguments arguments = new Arguments();
        int blocks = list(arguments, all, from);
        if (blocks > 0) {
          arguments.memory(Views.floats(partials.columns(done, parts)));
          launch("sum_of_squares", blocks, arguments);
          done += blocks;
        }
      }
      reduce.reduce(ReduceOp.SUM, partials, out.reshape(Shape.of(1)));
    }
  }

  /**
   * Adds the list of those from an index on.
   *
   * @return the blocks that it needs
   */
  private static int list(Arguments arguments, DeviceMatrix[][] all, int from) {
    int count = Math.min(MOST_TENSORS, all[0].length - from);
    int n = all.length;
    ByteBuffer bytes = Views.structure(MOST_TENSORS * (12 * n + 12));
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      for (int which = 0; which < n; which++) {
        DeviceMatrix matrix = all[which][from + i];
        int place = which * MOST_TENSORS + i;
        bytes.putLong(Long.BYTES * place, matrix.memory().address().value());
        bytes.putInt(integer(n * 2 * MOST_TENSORS + place), matrix.leadingDimension());
      }
      DeviceMatrix first = all[0][from + i];
      int size = first.rows() * first.columns();
      blocks += GemmPlan.ceil(size, CHUNK);
      bytes.putInt(integer(n * 3 * MOST_TENSORS + i), first.columns());
      bytes.putInt(integer((n * 3 + 1) * MOST_TENSORS + i), size);
      bytes.putInt(integer((n * 3 + 2) * MOST_TENSORS + i), blocks);
    }
    arguments.structure(bytes);
    return blocks;
  }

  /** Where an int lies that so many come before. */
  private static int integer(int before) {
    return Integer.BYTES * before;
  }

  private void launch(String kernel, int blocks, Arguments arguments) {
    if (blocks > 0) {
      library.kernel(kernel, kernel).launch(new Grid(blocks, 1, 1), Views.THREADS, 0, arguments);
    }
  }
}
