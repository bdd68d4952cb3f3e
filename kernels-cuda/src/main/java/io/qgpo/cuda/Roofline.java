package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Precision;
import java.util.Optional;
import java.util.OptionalInt;
import jcuda.driver.CUdevice_attribute;

/**
 * What a GPU can do at most: multiply-adds by its clock and the results that a multiprocessor gives
 * in a cycle, and bytes as a copy on the device moves them.
 *
 * @param flops floating-point operations a second; NaN where they are not known for this GPU
 * @param bytes a second, read and written; measured
 */
record Roofline(double flops, double bytes) {
  /** 256 MB in each direction: more than any cache. */
  private static final int COPIED = 1 << 26;

  /** Measures and computes it for the GPU of a driver. */
  static Roofline of(CudaDriver driver, Precision precision) {
    DeviceMemory from = driver.allocate(COPIED);
    DeviceMemory to = driver.allocate(COPIED);
    from.fill(1);
    double micros = new LaunchTimer(driver).microseconds(() -> driver.copy(from, to, COPIED), 4);
    driver.free(from);
    driver.free(to);
    int capability =
        10 * driver.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + driver.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    OptionalInt perCycle = multiplyAdds(capability, precision);
    double cycles =
        1e3
            * driver.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE)
            * driver.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    double flops =
        perCycle.isPresent() && cycles > 0 ? 2 * perCycle.getAsInt() * cycles : Double.NaN;
    return new Roofline(flops, 8e6 * COPIED / micros);
  }

  /**
   * Of a multiprocessor in a cycle. float32: CUDA C++ Programming Guide, throughput of native
   * arithmetic instructions. TF32: from the peaks and clocks of NVIDIA's architecture papers (A100,
   * GA102, Ada, H100), without sparsity.
   */
  static OptionalInt multiplyAdds(int capability, Precision precision) {
    if (precision == Precision.FP32) {
      return switch (capability) {
        case 80 -> OptionalInt.of(64);
        case 86, 87, 89, 90, 100, 120 -> OptionalInt.of(128);
        default -> OptionalInt.empty();
      };
    }
    return switch (capability) {
      case 80 -> OptionalInt.of(512);
      case 86, 89 -> OptionalInt.of(128);
      case 90 -> OptionalInt.of(1024);
      default -> OptionalInt.empty();
    };
  }

  /**
   * The share of what could be done in a time that was done: of the bound that is nearer.
   *
   * @return empty if the peak is not known and bytes bound it less than what is not known may
   */
  Optional<Double> share(double flop, double bytes, double micros) {
    double byBytes = bytes / this.bytes * 1e6;
    double byFlop = flop / flops * 1e6;
    return Double.isNaN(byFlop)
        ? Optional.empty()
        : Optional.of(Math.max(byBytes, byFlop) / micros);
  }
}
