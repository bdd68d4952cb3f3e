package io.qgpo.cuda;

import static io.qgpo.cuda.CudaDriver.check;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;

/** What a device and its driver are, and whether that is enough for the kernels. */
final class DeviceFacts {
  /** The first with TF32 and cp.async; and the first driver that compiles PTX 7.4. */
  private static final int LEAST_CAPABILITY = 8;

  private static final int LEAST_DRIVER = 11040;

  /** In the first line of the file in which Linux tells of the driver. */
  private static final Pattern RELEASE = Pattern.compile("NVRM version: .*?\\s(\\d+\\.[\\d.]+)\\s");

  private DeviceFacts() {}

  /** What of the first GPU and its driver is too old, in one sentence; null if nothing is. */
  static String tooOld() {
    CUdevice first = new CUdevice();
    check("cuDeviceGet", cuDeviceGet(first, 0));
    int capability =
        attribute(first, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    if (capability < LEAST_CAPABILITY) {
      return "the GPU is of compute capability %d, the kernels need %d or newer"
          .formatted(capability, LEAST_CAPABILITY);
    }
    int version = version();
    return version >= LEAST_DRIVER
        ? null
        : "the driver is for CUDA %s, the kernels need one for %s or newer"
            .formatted(versionText(version), versionText(LEAST_DRIVER));
  }

  private static int version() {
    int[] version = new int[1];
    check("cuDriverGetVersion", cuDriverGetVersion(version));
    return version[0];
  }

  private static String versionText(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** One line for logs: device, compute capability, multiprocessors, memory, driver. */
  static String describe(CUdevice device) {
    byte[] name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
    return "%s, compute capability %d.%d, %d multiprocessors, %d MiB, driver %sfor CUDA %s"
        .formatted(
            new String(name, StandardCharsets.US_ASCII).replace("\0", ""),
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            memory()[1] >> 20,
            release(Path.of("/proc/driver/nvidia/version")),
            versionText(version()));
  }

  /** The driver's own version and a space; empty where the system does not tell. */
  static String release(Path file) {
    try {
      Matcher version = RELEASE.matcher(Files.readString(file));
      return version.find() ? version.group(1) + " " : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** A {@link CUdevice_attribute} of a device. */
  static int attribute(CUdevice device, int which) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, which, device));
    return value[0];
  }

  /** Free and total bytes. */
  static long[] memory() {
    long[] free = new long[1];
    long[] total = new long[1];
    check("cuMemGetInfo", cuMemGetInfo(free, total));
    return new long[] {free[0], total[0]};
  }
}
