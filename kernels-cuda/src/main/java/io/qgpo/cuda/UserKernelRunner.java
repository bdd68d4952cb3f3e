package io.qgpo.cuda;

import io.qgpo.tensor.kernel.CheckCase;
import io.qgpo.tensor.kernel.CheckedOperand;
import io.qgpo.tensor.kernel.OracleCheck;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a kernel of a user's for a check: on the emulator with blocks and threads in several orders;
 * a GPU chooses its own.
 */
final class UserKernelRunner implements OracleCheck.Runner {
  private final CudaDriver driver;
  private final UserKernel kernel;
  private final boolean emulated;

  UserKernelRunner(CudaDriver driver, UserKernel kernel) {
    this.driver = driver;
    this.kernel = kernel;
    emulated = KernelDevice.isEmulator();
  }

  @Override
  public String howRunsDiffer() {
    return emulated ? "with the threads in another order" : "when run again";
  }

  @Override
  public List<int[]> run(CheckCase of, List<CheckedOperand> own, CheckedOperand[] operands, int run)
      throws OracleCheck.Failure {
    Map<CheckedOperand, DeviceMemory> memory = new IdentityHashMap<>();
    try {
      for (CheckedOperand operand : own) {
        memory.put(operand, driver.allocate(operand.initial()));
      }
      DeviceMatrix[] matrices = new DeviceMatrix[operands.length];
      for (int i = 0; i < operands.length; i++) {
        matrices[i] = operands[i] == null ? null : matrix(operands[i], memory.get(operands[i]));
      }
      if (emulated) {
        KernelDevice.schedule(Math.max(0, run - 1));
      }
      kernel.launch(of.sizes(), matrices);
      List<int[]> bits =
          own.stream()
              .map(operand -> bits(memory.get(operand).read(operand.initial().length)))
              .toList();
      memory.values().forEach(driver::free);
      return bits;
    } catch (CudaException e) {
      String what = emulated ? KernelDevice.message() : e.getMessage();
      throw new OracleCheck.Failure(what, e); // what is held is freed with the driver
    } finally {
      if (emulated) {
        KernelDevice.schedule(0);
        KernelDevice.reset();
      }
    }
  }

  private static DeviceMatrix matrix(CheckedOperand operand, DeviceMemory memory) {
    return new DeviceMatrix(
        memory.from(operand.first()),
        operand.rows(),
        operand.columns(),
        operand.leadingDimension());
  }

  private static int[] bits(float... values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
