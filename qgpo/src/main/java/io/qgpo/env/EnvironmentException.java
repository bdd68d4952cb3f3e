package io.qgpo.env;

/** An environment cannot be had. The message is one sentence for the user that ends in the fix. */
public class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong and how to put it right. */
  public EnvironmentException(String message) {
    super(message);
  }

  /** The same with what it came from. */
  public EnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
