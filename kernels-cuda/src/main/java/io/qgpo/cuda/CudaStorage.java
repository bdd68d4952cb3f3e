package io.qgpo.cuda;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;

/** Elements of 4 bytes in the device's memory. */
final class CudaStorage extends Storage {
  private final DeviceMemory memory;

  CudaStorage(Backend backend, DType dtype, int size, DeviceMemory memory) {
    super(backend, dtype, size);
    this.memory = memory;
  }

  /** A tensor's memory, from its first element on; of one without elements, any. */
  static DeviceMemory memory(Tensor tensor) {
    if (tensor.storage() instanceof CudaStorage storage) {
      return tensor.size() == 0 ? storage.memory : storage.memory.from(tensor.offset());
    }
    throw new IllegalArgumentException(
        "tensor "
            + tensor.shape()
            + " is on backend "
            + tensor.backend().name()
            + ", expected one on the GPU");
  }

  /** {@link #memory} of a tensor of this type. */
  static DeviceMemory memory(DType type, Tensor tensor) {
    if (tensor.dtype() != type) {
      throw new IllegalArgumentException(
          "tensor of type " + type + " expected, found " + tensor.dtype() + " " + tensor.shape());
    }
    return memory(tensor);
  }
}
