package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.tensor.kernel.KernelOp;
import io.qgpo.tensor.kernel.Operand;
import io.qgpo.tensor.kernel.Sizes;
import java.util.List;

/** A kernel of a user's that can be launched. */
final class UserKernel {
  private final KernelSource source;
  private final CudaKernel kernel;

  /**
   * Loads it.
   *
   * @param ptx what the source was compiled to
   */
  UserKernel(CudaDriver driver, KernelSource source, String ptx) {
    this.source = source;
    kernel = driver.load(source.name(), ptx).kernel(source.op().id());
  }

  KernelOp op() {
    return source.op();
  }

  /** What tells it from others, for a run's folder. */
  String identity() {
    return source.name() + ", SHA-256 " + source.sha256();
  }

  /**
   * Starts it on the stream.
   *
   * @param operands as the operation lists them, vectors as one row; null where one is left out
   */
  void launch(Sizes sizes, DeviceMatrix... operands) {
    List<Operand> declared = source.op().operands();
    Arguments arguments = new Arguments();
    for (int i = 0; i < operands.length; i++) {
      DeviceMatrix operand = operands[i];
      arguments.memory(operand == null ? null : operand.memory());
      if (declared.get(i).rows() != Operand.Extent.ONE) {
        arguments.integer(operand == null ? 0 : operand.leadingDimension());
      }
    }
    arguments.integer(sizes.rows()).integer(sizes.columns());
    if (source.op().hasInner()) {
      arguments.integer(sizes.inner());
    }
    LaunchLine launch = source.launch();
    kernel.launch(
        launch.grid(sizes.rows(), sizes.columns()),
        launch.threads(),
        launch.sharedBytes(),
        arguments);
  }
}
