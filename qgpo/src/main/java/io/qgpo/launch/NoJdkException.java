package io.qgpo.launch;

/** There is no JDK to run on; the message is the one sentence for the user. */
final class NoJdkException extends Exception {
  private static final long serialVersionUID = 1L;

  NoJdkException(String message) {
    super(message);
  }
}
