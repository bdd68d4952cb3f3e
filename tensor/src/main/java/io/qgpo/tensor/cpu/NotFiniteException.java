package io.qgpo.tensor.cpu;

/** A primitive has computed NaN or infinity: the message says which, where, and for whom. */
public final class NotFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotFiniteException(String message) {
    super(message);
  }
}
