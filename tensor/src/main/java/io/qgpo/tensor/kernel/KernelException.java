package io.qgpo.tensor.kernel;

/** A kernel of a user's cannot be used; the message is a sentence that says why, and what helps. */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With this sentence. */
  public KernelException(String message) {
    super(message);
  }

  /** With this sentence. */
  public KernelException(String message, Throwable cause) {
    super(message, cause);
  }
}
