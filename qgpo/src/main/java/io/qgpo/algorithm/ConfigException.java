package io.qgpo.algorithm;

/**
 * A setting that cannot be used. The message is one sentence for the user: the key, what was
 * expected, what was found.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A fault told in the given sentence. */
  public ConfigException(String message) {
    super(message);
  }

  /** A fault told in the given sentence, with the exception that brought it to light. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
