package io.qgpo.serve;

/** A request that is answered with an error. The message is one sentence for its sender. */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status of HTTP
   */
  RequestException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
