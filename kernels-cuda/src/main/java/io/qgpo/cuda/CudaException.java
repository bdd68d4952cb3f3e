package io.qgpo.cuda;

import io.qgpo.tensor.DeviceException;
import java.util.Set;

/** A call of the driver, or of a library on top of it, that failed: which one, how, and a hint. */
public final class CudaException extends DeviceException {
  private static final long serialVersionUID = 1L;

  /**
   * The driver's codes that come of what this program asked for, or of a kernel: arguments and
   * handles, a function that is not there, accesses of a kernel's, what a recording does not allow.
   */
  private static final Set<Integer> OURS =
      Set.of(
          1, 400, 500, 700, 701, 710, 714, 715, 716, 717, 718, 719, 900, 901, 902, 903, 904, 905,
          906, 907, 908);

  private final int code;

  /** Of the driver. */
  CudaException(String call, int code, String name, String detail) {
    this(call, code, name, detail, !OURS.contains(code));
  }

  /**
   * Of the driver or a library.
   *
   * @param outside whether the cause lies outside of this program
   */
  CudaException(String call, int code, String name, String detail, boolean outside) {
    super(
        call + " failed: " + name + " (" + code + ")" + (detail.isEmpty() ? "" : "; " + detail),
        outside);
    this.code = code;
  }

  /** The driver's CUresult, as in cuda.h, or the library's status. */
  public int code() {
    return code;
  }

  /** What usually causes an error and what helps. */
  static String hint(int code) {
    return switch (code) {
      case 1 -> "an argument, a size or a launch geometry is out of range";
      case 2 -> "the GPU's memory is full: use smaller batches, or end other programs on it";
      case 46, 101 ->
          "the GPU is busy, exclusively another program's, or not there; see nvidia-smi";
      case 100 -> "no GPU is to be seen; see nvidia-smi and CUDA_VISIBLE_DEVICES";
      case 201, 709 -> "the GPU was reset or its context ended: start again";
      case 214, 226 -> "the GPU's memory is faulty; see nvidia-smi -q and the system's log";
      case 200 -> "the kernels are not for this GPU or driver";
      case 802 -> "the machine's GPUs are not ready yet; see nvidia-smi and the fabric manager";
      case 803, 804 -> "the driver's library and the system's driver differ: restart the system";
      case 218, 222 -> "the driver must be of CUDA 11.4 or newer to compile PTX 7.4";
      case 209 -> "the kernels need compute capability 8.0 or newer";
      case 500 -> "the module has no kernel of that name and number of parameters";
      case 700 -> "a kernel accessed memory that is not its own; compute-sanitizer names the line";
      case 701 -> "a kernel needs more registers or shared memory than the device has";
      case 702 -> "a kernel ran longer than the system lets it, as on a GPU with a display";
      case 710 -> "an assert in a kernel failed; its text is on standard error";
      case 714, 715, 717, 718 ->
          "a kernel did what the GPU cannot do; compute-sanitizer names the line";
      case 716 ->
          "a kernel accessed an address that is no multiple of the access's size; compute-sanitizer"
              + " names the line";
      case 719 -> "a kernel broke off; the device's memory is lost, start again";
      case 801 -> "this GPU, driver or operating system does not support the call";
      case 900, 901, 902, 903, 904, 905, 906, 907, 908 -> "not allowed while a graph is recorded";
      case 999 -> "the driver does not know more; see the system's log";
      default -> "see CUresult in CUDA's driver API, nvidia-smi and the system's log";
    };
  }
}
