package io.qgpo.cuda;

/** A call of the driver, or of a library on top of it, that failed: which one, how, and a hint. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  CudaException(String call, int code, String name, String detail) {
    super(call + " failed: " + name + " (" + code + ")" + (detail.isEmpty() ? "" : "; " + detail));
    this.code = code;
  }

  /** The driver's CUresult, as in cuda.h. */
  public int code() {
    return code;
  }

  /** What usually causes an error and what helps; empty where nothing more can be said. */
  static String hint(int code) {
    return switch (code) {
      case 1 -> "an argument, a size or a launch geometry is out of range";
      case 2 -> "the GPU's memory is full: use smaller batches, or end other programs on it";
      case 100 -> "no GPU is to be seen; see nvidia-smi and CUDA_VISIBLE_DEVICES";
      case 200 -> "the kernels are not for this GPU or driver";
      case 802 -> "the machine's GPUs are not ready yet; see nvidia-smi and the fabric manager";
      case 803, 804 -> "the driver's library and the system's driver differ: restart the system";
      case 218, 222 -> "the driver must be of CUDA 11.4 or newer to compile PTX 7.4";
      case 209 -> "the kernels need compute capability 8.0 or newer";
      case 500 -> "the module has no kernel of that name and number of parameters";
      case 700 -> "a kernel accessed memory that is not its own; compute-sanitizer names the line";
      case 701 -> "a kernel needs more registers or shared memory than the device has";
      case 719 -> "a kernel broke off; the device's memory is lost, start again";
      case 900 -> "not allowed while a graph is recorded";
      case 999 -> "the driver does not know more; see the system's log";
      default -> "";
    };
  }
}
