package io.qgpo.verify;

import static io.qgpo.verify.Check.equal;

import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.TimeGrid;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** The schedule and the samplers, digit by digit. */
final class ValueChecks implements CheckGroup {
  private static final String INDEPENDENT = "an independent float64 computation";
  private static final double ALLOWED = 1e-9;

  /** The point of the noise that the values of one Gaussian begin at. */
  private static final double START = 1.5;

  private static final SolverAccuracy GAUSSIAN = on(GaussianMixture.normal(1, 0.5));
  private static final SolverOptions DDIM =
      SolverOptions.multistep(1).withGrid(TimeGrid.TIME_UNIFORM);

  private static final double[] MIXTURE_STARTS = {-1.2, 0.1, 0.7};

  /** Where these end: the points at the same quantiles. */
  private static final double[] MIXTURE_ENDS = {-1.089848280672, 0.595929902221, 0.997484854144};

  static SolverAccuracy on(GaussianMixture data) {
    return new SolverAccuracy(Sampling.DOUBLE, LinearSchedule.PAPER, data);
  }

  /** .3 N(-1, .3^2) + .7 N(.8, .5^2): data of which the score is not linear. */
  static SolverAccuracy onMixture() {
    return on(
        new GaussianMixture(
            new double[] {0.3, 0.7}, new double[][] {{-1}, {0.8}}, new double[] {0.3, 0.5}));
  }

  /** Points of the noise from which solvers are measured on {@link #onMixture}. */
  static double[] mixtureStarts() {
    return MIXTURE_STARTS.clone();
  }

  @Override
  public String name() {
    return "values";
  }

  @Override
  public String title() {
    return "Schedule and samplers, digit by digit";
  }

  @Override
  public String about() {
    return """
    The paper's schedule, and what samplers make of the noise 1.5 when the data are $N(1, .5^2)$
    and the score is exact. Where a sampler leads to is not where the exact equation leads to:
    those of few evaluations are compared with themselves, as the same method gives it
    elsewhere. The exact ends of a mixture, $.3 N(-1, .3^2) + .7 N(.8, .5^2)$, are compared with
    a solver of order 3 at 4800 evaluations.\
    """;
  }

  @Override
  public List<Check> checks() {
    LinearSchedule paper = LinearSchedule.PAPER;
    List<Check> checks = new ArrayList<>();
    checks.add(schedule("lambda(.001)", 4.55771493273, () -> paper.lambda(1e-3)));
    checks.add(schedule("lambda(.5)", -1.22756773441, () -> paper.lambda(0.5)));
    checks.add(schedule("lambda(1)", -5.02497840666, () -> paper.lambda(1)));
    checks.add(schedule("alpha(1)", 0.00657158649493, () -> paper.alpha(1)));
    checks.add(
        equal(
            "exact end of 1.5",
            INDEPENDENT,
            1.746794463249,
            ALLOWED,
            () -> GAUSSIAN.exact(DDIM, START)[0]));
    checks.add(sampler("preset paper, 15 evaluations", 1.662697635642, SolverOptions.paper()));
    checks.add(
        sampler(
            "the toys' sampler: noise form, multistep 2, uniform in time, 25 evaluations",
            1.804839666413,
            SolverOptions.multistep(2)
                .withForm(Form.NOISE)
                .withGrid(TimeGrid.TIME_UNIFORM)
                .withEvaluations(25)));
    for (Form form : Form.values()) {
      checks.add(
          sampler(
              "DDIM, %s form, 15 evaluations".formatted(form.name().toLowerCase(Locale.ROOT)),
              1.617470907771,
              DDIM.withForm(form)));
    }
    for (int i = 0; i < MIXTURE_STARTS.length; i++) {
      int at = i;
      checks.add(
          equal(
              "end of %s on the mixture, solved".formatted(MIXTURE_STARTS[i]),
              INDEPENDENT,
              MIXTURE_ENDS[i],
              ALLOWED,
              () -> finest()[at]));
      checks.add(
          equal(
              "end of %s on the mixture, by quantiles".formatted(MIXTURE_STARTS[i]),
              INDEPENDENT,
              MIXTURE_ENDS[i],
              ALLOWED,
              () -> onMixture().exact(DDIM, MIXTURE_STARTS)[at]));
    }
    return checks;
  }

  private static double[] finest() {
    return onMixture()
        .sample(SolverOptions.singlestepFixed(3).withEvaluations(4800), MIXTURE_STARTS);
  }

  private static Check schedule(String name, double expected, DoubleSupplier measure) {
    return equal(name, INDEPENDENT, expected, ALLOWED, measure);
  }

  private static Check sampler(String name, double expected, SolverOptions options) {
    return equal(name, INDEPENDENT, expected, ALLOWED, () -> GAUSSIAN.sample(options, START)[0]);
  }
}
