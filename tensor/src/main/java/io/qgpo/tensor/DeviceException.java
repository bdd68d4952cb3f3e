package io.qgpo.tensor;

/** A device, its driver or a library on it failed. The message names the call and what helps. */
public class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean outside;

  /**
   * With a sentence for the user.
   *
   * @param outside whether the cause lies outside of this program: in the device, its driver, or
   *     what else runs there
   */
  public DeviceException(String message, boolean outside) {
    super(message);
    this.outside = outside;
  }

  /** Whether the cause lies outside of this program. */
  public boolean isFromOutside() {
    return outside;
  }
}
