package io.qgpo.cuda;

import io.qgpo.tensor.Scope;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Tensor;
import java.nio.Buffer;

/** Elements between arrays of the host and tensors of any view. */
final class Transfers {
  private final CudaDriver driver;
  private final Elementwise elementwise;

  Transfers(CudaDriver driver, Elementwise elementwise) {
    this.driver = driver;
    this.elementwise = elementwise;
  }

  void write(Buffer source, int from, Tensor out) {
    ShapeChecks.hostArray("write", source.capacity(), from, out);
    if (out.size() == 0) {
      return;
    }
    if (out.isContiguous()) {
      driver.write(CudaStorage.memory(out), source.position(from), out.size());
      return;
    }
    try (Scope _ = Scope.open("write")) {
      Tensor dense = Tensor.empty(out.backend(), out.dtype(), out.shape());
      driver.write(CudaStorage.memory(dense), source.position(from), out.size());
      elementwise.copy(dense, out);
    }
  }

  void read(Tensor in, Buffer target, int to) {
    ShapeChecks.hostArray("read", target.capacity(), to, in);
    if (in.size() == 0) {
      return;
    }
    if (in.isContiguous()) {
      driver.read(CudaStorage.memory(in), target.position(to), in.size());
      return;
    }
    try (Scope _ = Scope.open("read")) {
      Tensor dense = Tensor.empty(in.backend(), in.dtype(), in.shape());
      elementwise.copy(in, dense);
      driver.read(CudaStorage.memory(dense), target.position(to), in.size());
    }
  }
}
