package io.qgpo.tensor;

/** A device has less memory than is asked for. */
public final class DeviceMemoryException extends DeviceException {
  private static final long serialVersionUID = 1L;

  private final long asked;
  private final long free;
  private final long held;

  /**
   * What a device said.
   *
   * @param call of its driver that failed
   * @param asked bytes
   * @param free bytes of the device that nobody holds
   * @param held bytes that this process holds
   */
  public DeviceMemoryException(String call, long asked, long free, long held) {
    this(
        "%s: the device's memory is short: asked for %d bytes, free %d, held %d; a smaller batch needs less"
            .formatted(call, asked, free, held),
        asked,
        free,
        held,
        null);
  }

  private DeviceMemoryException(
      String message, long asked, long free, long held, DeviceMemoryException cause) {
    super(message, true);
    if (cause != null) {
      initCause(cause);
    }
    this.asked = asked;
    this.free = free;
    this.held = held;
  }

  /** The same, with what would fit instead of the general advice. */
  public DeviceMemoryException with(String advice) {
    return new DeviceMemoryException(
        "the device's memory is short: asked for %d bytes, free %d, held %d; %s"
            .formatted(asked, free, held, advice),
        asked,
        free,
        held,
        this);
  }

  /** Bytes that were asked for. */
  public long asked() {
    return asked;
  }

  /** Bytes that this process can have in all: free ones, and those that it holds. */
  public long available() {
    return free + held;
  }
}
