package io.qgpo.run;

/** An evaluation was asked to stop; it has changed nothing, and can be done again. */
final class EvaluationStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvaluationStoppedException() {
    super("The evaluation was stopped.");
  }
}
