package io.qgpo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static Outcome equal(double found) {
    return Check.equal("third", "arithmetic", 1.0 / 3, 1e-3, () -> found).run();
  }

  @Test
  void withinTheToleranceOrNot() {
    assertTrue(equal(0.333).passed());
    assertTrue(equal(0.334).passed());
    assertFalse(equal(0.335).passed());
    assertFalse(equal(Double.NaN).passed());
    assertFalse(equal(Double.POSITIVE_INFINITY).passed());
  }

  @Test
  void bounds() {
    assertTrue(Check.atMost("a", "b", 2, () -> 2).run().passed());
    assertFalse(Check.atMost("a", "b", 2, () -> 2.1).run().passed());
    assertFalse(Check.atMost("a", "b", 2, () -> Double.NaN).run().passed());
    assertTrue(Check.atLeast("a", "b", 2, () -> 2).run().passed());
    assertFalse(Check.atLeast("a", "b", 2, () -> 1.9).run().passed());
    assertEquals(0.5, Check.atLeast("a", "b", 2, () -> 1.5).run().deviation());
  }

  @Test
  void linesTellWhatDeviates() {
    assertEquals("passed  third: expected 0.33333 within 0.001, found 0.3340", equal(0.334).line());
    assertEquals(
        "FAILED  third (arithmetic): expected 0.33333 within 0.001, found 0.3400, which is off by"
            + " 0.00667",
        equal(0.34).line());
    assertEquals(
        "FAILED  bound (b): expected at most 1e-10, found 2.34e-7, which is off by 2.34e-7",
        Check.atMost("bound", "b", 1e-10, () -> 2.342e-7).run().line());
  }

  /** A check that cannot be run has failed; the others go on. */
  @Test
  void whatThrowsHasFailed() {
    Outcome outcome =
        Check.atMost(
                "broken",
                "b",
                2,
                () -> {
                  throw new IllegalStateException("no gear");
                })
            .run();
    assertFalse(outcome.passed());
    assertEquals("FAILED  broken (b): expected at most 2, found nothing: no gear", outcome.line());
  }

  @Test
  void numbersAsText() {
    assertEquals("0", Figures.small(0));
    assertEquals("1.23e-13", Figures.small(1.2345e-13));
    assertEquals("1e-6", Figures.small(1e-6));
    assertEquals("-2.5", Figures.small(-2.5));
    assertEquals("1.23e8", Figures.small(123456789));
    assertEquals("NaN", Figures.small(Double.NaN));
    Check value = Check.equal("v", "s", -0.866263943, 1e-9, () -> 0);
    assertEquals("-0.866263943 within 1e-9", Figures.expected(value));
    assertEquals("-0.8662639432", Figures.found(value, -0.86626394321));
  }
}
