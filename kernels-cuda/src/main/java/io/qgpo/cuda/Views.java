package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors as kernels/views.cuh has them: structures laid out byte by byte. */
final class Views {
  /** Threads of a block in all kernels but those of matrix products. */
  static final int THREADS = 256;

  /** About eight blocks for each of an H100's 132 multiprocessors; loops do the rest. */
  private static final int MOST_BLOCKS = 1024;

  private Views() {}

  /** The geometry of a loop over so many elements. */
  static Grid grid(int elements) {
    return new Grid(Math.min(MOST_BLOCKS, GemmPlan.ceil(elements, THREADS)), 1, 1);
  }

  /** The smallest power of two that is not smaller, from 1 to {@code most}, itself one. */
  static int powerOfTwo(int atLeast, int most) {
    int power = 1;
    while (power < atLeast && power < most) {
      power *= 2;
    }
    return power;
  }

  static ByteBuffer structure(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  /** {@code View}: memory and the distance between neighbours along each of four axes. */
  static ByteBuffer view(DeviceMemory memory, int... strides) {
    ByteBuffer bytes = structure(24).putLong(memory.address().value());
    for (int stride : strides) {
      bytes.putInt(stride);
    }
    return bytes;
  }

  /** A tensor that is broadcast, its own axes being the last. */
  static ByteBuffer view(Tensor tensor) {
    return view(
        CudaStorage.memory(tensor),
        tensor.stride(0),
        tensor.stride(1),
        tensor.stride(2),
        tensor.stride(3));
  }

  /** {@code Extents}. */
  static ByteBuffer extents(int... extents) {
    ByteBuffer bytes = structure(16);
    for (int extent : extents) {
      bytes.putInt(extent);
    }
    return bytes;
  }

  static ByteBuffer extents(Shape shape) {
    return extents(shape.aligned(0), shape.aligned(1), shape.aligned(2), shape.aligned(3));
  }

  /** {@code Rows}: a tensor of any type of 4 bytes as a matrix. */
  static ByteBuffer rows(Tensor tensor) {
    return structure(16)
        .putLong(CudaStorage.memory(tensor).address().value())
        .putInt(tensor.leadingDimension());
  }

  /** {@link #rows} of float32 tensors, one after the other. */
  static Arguments rows(Arguments arguments, Tensor... tensors) {
    for (Tensor tensor : tensors) {
      requireFloat(tensor);
      arguments.structure(rows(tensor));
    }
    return arguments;
  }

  /** A float32 tensor as a matrix product takes it; null for null. */
  static DeviceMatrix matrix(Tensor tensor) {
    return tensor == null
        ? null
        : new DeviceMatrix(
            floats(tensor), tensor.rows(), tensor.columns(), tensor.leadingDimension());
  }

  static DeviceMemory floats(Tensor tensor) {
    return CudaStorage.memory(DType.FLOAT32, tensor);
  }

  static void requireFloat(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      floats(tensor);
    }
  }
}
