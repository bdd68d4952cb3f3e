package io.qgpo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Backends;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs what {@code qgpo verify} does, but for what takes longest: the networks of {@code nets}, the
 * distances of {@code scale}, and sampling in five dimensions. In double precision the page's
 * figures are found again.
 */
class ChecksTest {
  private final Verification verification =
      Verification.standard(Backends.choose("auto", 2).backend());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "values",
        "orders",
        "presets",
        "dispersion",
        "adaptive",
        "sde",
        "models",
        "options",
        "guidance",
        "gradients"
      })
  void holdsAndIsWhatThePageSays(String name) {
    CheckGroup group = group(name);
    List<Page.Row> rows = Page.read().sections().get(group.title());
    List<Check> checks = group.checks();
    assertEquals(checks.size(), rows.size(), "stale: write it anew with qgpo verify --out docs");
    for (int i = 0; i < rows.size(); i++) {
      if (isQuick(checks.get(i))) {
        Outcome outcome = checks.get(i).run();
        assertTrue(outcome.passed(), outcome.line());
        double onPage = Double.parseDouble(rows.get(i).found());
        assertEquals(onPage, outcome.found(), rounding(outcome), outcome.line());
      }
    }
  }

  /** A network learns in single precision, with bits that depend on the vectors' width. */
  @ParameterizedTest
  @ValueSource(strings = "critic")
  void holds(String name) {
    group(name).checks().forEach(check -> assertTrue(check.run().passed(), check.run().line()));
  }

  private CheckGroup group(String name) {
    return verification.groups().get(verification.names().indexOf(name));
  }

  private static boolean isQuick(Check check) {
    return !check.name().matches("(share|mean|sd) of .* in 5 dimensions");
  }

  /** Of the page's figures, and of what elementary functions of another processor may give. */
  private static double rounding(Outcome outcome) {
    Check check = outcome.check();
    return check.relation() == Check.Relation.EQUAL
        ? check.allowed() / 5
        : 0.01 * (Math.abs(check.expected()) + Math.abs(outcome.found()));
  }
}
