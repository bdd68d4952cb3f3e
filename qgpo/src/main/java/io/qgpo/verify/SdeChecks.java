package io.qgpo.verify;

import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.exact.SolverAccuracy.Moments;
import io.qgpo.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The stochastic solvers: moments of what they draw. */
final class SdeChecks implements CheckGroup {
  private static final int SAMPLES = 20_000;
  private static final int EVALUATIONS = 200;
  private static final double MEAN = 1;
  private static final double DEVIATION = 0.5;

  /** Four standard errors of the mean, .5 / sqrt(20000) each. */
  private static final double MEAN_ALLOWED = 0.0142;

  /** Four standard errors of the sd, .01, and the method's own error at this many steps. */
  private static final double DEVIATION_ALLOWED = 0.015;

  @Override
  public String name() {
    return "sde";
  }

  @Override
  public String title() {
    return "Stochastic solvers";
  }

  @Override
  public String about() {
    return """
    Mean and standard deviation of %d samples of the reverse SDE in %d evaluations each, when
    the data are $N(1, .5^2)$ and the score is exact.\
    """
        .formatted(SAMPLES, EVALUATIONS);
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int order = 1; order <= 2; order++) {
        SolverOptions options =
            SolverOptions.sde(order).withForm(form).withEvaluations(EVALUATIONS);
        Supplier<Moments> moments = Lazy.of(() -> moments(options));
        String method =
            "of SDE order %d, %s form".formatted(order, form.name().toLowerCase(Locale.ROOT));
        checks.add(
            Check.equal(
                "mean " + method, "the data", MEAN, MEAN_ALLOWED, () -> moments.get().mean()));
        checks.add(
            Check.equal(
                "sd " + method,
                "the data",
                DEVIATION,
                DEVIATION_ALLOWED,
                () -> moments.get().deviation()));
      }
    }
    return checks;
  }

  private static Moments moments(SolverOptions options) {
    SolverAccuracy accuracy = ValueChecks.on(GaussianMixture.normal(MEAN, DEVIATION));
    return accuracy.moments(options, SAMPLES, new Rng(Sampling.DOUBLE, 0, "sde check"));
  }
}
