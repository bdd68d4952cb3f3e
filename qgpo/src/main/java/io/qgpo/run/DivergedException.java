package io.qgpo.run;

/** A training has left what numbers can hold, or what makes sense; its checkpoints have not. */
public final class DivergedException extends RunException {
  private static final long serialVersionUID = 1L;

  private final String finding;

  /**
   * @param finding what was found, a sentence without its end
   * @param advice what to do, the rest of the sentence
   */
  DivergedException(String finding, String advice) {
    super(finding + "; " + advice + ".");
    this.finding = finding + ".";
  }

  /** What was found, without what to do about it. */
  public String finding() {
    return finding;
  }
}
