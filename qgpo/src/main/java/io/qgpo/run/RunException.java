package io.qgpo.run;

/** A run folder cannot be used. The message is one sentence for the user that ends in the fix. */
public class RunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With one sentence for the user. */
  public RunException(String message) {
    super(message);
  }
}
