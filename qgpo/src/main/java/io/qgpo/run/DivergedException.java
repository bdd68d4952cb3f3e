package io.qgpo.run;

/** A training has left what numbers can hold, or what makes sense; its checkpoints have not. */
public final class DivergedException extends RunException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
