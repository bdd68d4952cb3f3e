package io.qgpo.verify;

import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.SolverAccuracy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Steps whose length follows the error. */
final class AdaptiveChecks implements CheckGroup {
  private static final double[] TOLERANCES = {1e-2, 1e-4, 1e-6};
  private static final SolverAccuracy MIXTURE = ValueChecks.onMixture();

  @Override
  public String name() {
    return "adaptive";
  }

  @Override
  public String title() {
    return "Adaptive steps";
  }

  @Override
  public String about() {
    return """
    The error on the same mixture with absolute and relative tolerance alike. Errors of single
    steps damp each other, so that all of them together stay near the bound of one: twice the
    tolerance is allowed.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int order = 2; order <= 3; order++) {
        for (double tolerance : TOLERANCES) {
          SolverOptions options =
              SolverOptions.adaptive(order).withForm(form).withTolerance(tolerance, tolerance);
          checks.add(
              Check.atMost(
                  "error of orders %d and %d, %s form, tolerance %s"
                      .formatted(
                          order - 1,
                          order,
                          form.name().toLowerCase(Locale.ROOT),
                          Figures.small(tolerance)),
                  "the tolerance",
                  2 * tolerance,
                  () -> MIXTURE.error(options, ValueChecks.mixtureStarts())));
        }
      }
    }
    return checks;
  }
}
