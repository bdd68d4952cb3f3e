package io.qgpo.verify;

import java.util.function.DoubleSupplier;

/**
 * A number that is known, and how it is found here. What is expected is known without running it.
 *
 * @param name what it is, unique in its group
 * @param source where the expected number comes from: an equation, a computation, a choice
 * @param relation how found and expected are to stand
 * @param expected the known number, or the bound
 * @param allowed how far the found number may be off; 0 for bounds
 * @param measure finds the number; may take long, and may throw
 */
public record Check(
    String name,
    String source,
    Relation relation,
    double expected,
    double allowed,
    DoubleSupplier measure) {

  /** How a found number is to stand to the expected one. */
  public enum Relation {
    /** As far off as is allowed, at most. */
    EQUAL(""),
    /** Not above. */
    AT_MOST("at most "),
    /** Not below. */
    AT_LEAST("at least ");

    private final String words;

    Relation(String words) {
      this.words = words;
    }

    /** What stands before the expected number. */
    String words() {
      return words;
    }
  }

  /** A number that must be met. */
  static Check equal(
      String name, String source, double expected, double allowed, DoubleSupplier measure) {
    return new Check(name, source, Relation.EQUAL, expected, allowed, measure);
  }

  /** A number that must not be above a bound. */
  static Check atMost(String name, String source, double bound, DoubleSupplier measure) {
    return new Check(name, source, Relation.AT_MOST, bound, 0, measure);
  }

  /** A number that must not be below a bound. */
  static Check atLeast(String name, String source, double bound, DoubleSupplier measure) {
    return new Check(name, source, Relation.AT_LEAST, bound, 0, measure);
  }

  /** Finds the number; what goes wrong in doing so is a failure of this check. */
  public Outcome run() {
    try {
      return new Outcome(this, measure.getAsDouble(), "");
    } catch (RuntimeException | AssertionError e) {
      return new Outcome(this, Double.NaN, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /** How far off a number is; NaN stays NaN. */
  double deviation(double found) {
    return switch (relation) {
      case EQUAL -> Math.abs(found - expected);
      case AT_MOST -> Math.max(0, found - expected);
      case AT_LEAST -> Math.max(0, expected - found);
    };
  }
}
