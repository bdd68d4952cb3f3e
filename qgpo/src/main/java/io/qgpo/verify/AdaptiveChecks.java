package io.qgpo.verify;

import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.Bimodal;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Steps whose length follows the error. */
final class AdaptiveChecks implements CheckGroup {
  private static final double[] TOLERANCES = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
  private static final SolverAccuracy MIXTURE = ValueChecks.onMixture();
  private static final SolverAccuracy GAUSSIAN = ValueChecks.on(GaussianMixture.normal(1, 0.5));

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
    The error on the mixture and on $N(1, .5^2)$ with absolute and relative tolerance alike.
    Errors of single steps damp each other, so that all of them together stay near the bound of
    one: twice the tolerance is allowed. A batch of one is the greatest error of the same points
    taken one by one: rows share their steps, and a row alone has its own.\
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
          checks.add(check("error of ", "", options, () -> error(MIXTURE, options)));
          checks.add(check("error of ", ", Gaussian", options, () -> error(GAUSSIAN, options)));
        }
        SolverOptions options =
            SolverOptions.adaptive(order).withForm(form).withTolerance(1e-5, 1e-5);
        checks.add(check("batches of one, ", "", options, () -> worstAlone(options)));
        checks.add(
            Check.atMost(
                "data to noise by " + name(options),
                "the noise they came of",
                1e-4,
                () -> Solving.worstBackwards(MIXTURE.diffusion(), options)));
      }
    }
    return checks;
  }

  private static Check check(
      String what, String where, SolverOptions options, DoubleSupplier error) {
    return Check.atMost(
        what + name(options) + where, "the tolerance", 2 * options.absoluteTolerance(), error);
  }

  private static String name(SolverOptions options) {
    return "orders %d and %d, %s form, tolerance %s"
        .formatted(
            options.order() - 1,
            options.order(),
            Figures.words(options.form()),
            Figures.small(options.absoluteTolerance()));
  }

  private static double error(SolverAccuracy accuracy, SolverOptions options) {
    return accuracy.error(options, Bimodal.starts());
  }

  private static double worstAlone(SolverOptions options) {
    double worst = 0;
    for (double start : Bimodal.starts()) {
      worst = Math.max(worst, MIXTURE.error(options, start));
    }
    return worst;
  }
}
