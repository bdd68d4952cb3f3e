package io.qgpo.verify;

import static io.qgpo.verify.Check.equal;

import io.qgpo.diffusion.CosineSchedule;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.TimeGrid;
import io.qgpo.exact.Bimodal;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The schedule and the samplers, digit by digit. */
final class ValueChecks implements CheckGroup {
  private static final String INDEPENDENT = "an independent float64 computation";
  private static final double ALLOWED = 1e-9;

  /** The point of the noise that the values of one Gaussian begin at. */
  private static final double START = 1.5;

  private static final SolverAccuracy GAUSSIAN = on(GaussianMixture.normal(1, 0.5));
  private static final SolverOptions DDIM =
      SolverOptions.multistep(1).withGrid(TimeGrid.TIME_UNIFORM);

  /** Where 15 evaluations lead to from {@link Bimodal#starts}. */
  private static final double[] MIXTURE_BY_PAPER = {
    -1.064689970305, 0.614386175688, 0.970807542639
  };

  private static final double[] MIXTURE_BY_MULTISTEP = {
    -1.124402315573, 0.606207338372, 1.0190230732
  };

  private static final double[] MIXTURE_BY_EXACT = {
    -1.085467028952, 0.592795360532, 0.994527080668
  };

  private final Supplier<double[]> finest =
      Lazy.of(
          () ->
              onMixture()
                  .sample(
                      SolverOptions.singlestepFixed(3).withEvaluations(4800), Bimodal.starts()));

  static SolverAccuracy on(GaussianMixture data) {
    return new SolverAccuracy(Sampling.DOUBLE, LinearSchedule.PAPER, data);
  }

  static SolverAccuracy onMixture() {
    return on(Bimodal.DATA);
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
    The schedules, and what samplers make of the noise 1.5 when the data are $N(1, .5^2)$
    and the score is exact. Where a sampler leads to is not where the exact equation leads to:
    those of few evaluations are compared with themselves, as the same method gives it
    elsewhere. The exact ends of a mixture, $.3 N(-1, .3^2) + .7 N(.8, .5^2)$, are compared with
    a solver of order 3 at 4800 evaluations. The cosine schedule is Nichol and Dhariwal's, the
    discrete one that of Ho et al. 2020, whose 1000 variances rise evenly from .0001 to .02.\
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
    addSchedules(checks);
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
              "DDIM, %s form, 15 evaluations".formatted(Figures.words(form)),
              1.617470907771,
              DDIM.withForm(form)));
    }
    double[] starts = Bimodal.starts();
    double[] ends = Bimodal.ends();
    for (int i = 0; i < starts.length; i++) {
      int at = i;
      checks.add(
          equal(
              "end of %s on the mixture, solved".formatted(starts[i]),
              INDEPENDENT,
              ends[i],
              ALLOWED,
              () -> finest.get()[at]));
      checks.add(
          equal(
              "end of %s on the mixture, by quantiles".formatted(starts[i]),
              INDEPENDENT,
              ends[i],
              ALLOWED,
              () -> onMixture().exact(DDIM, starts)[at]));
      checks.add(
          equal(
              "preset paper from %s on the mixture".formatted(starts[i]),
              INDEPENDENT,
              MIXTURE_BY_PAPER[i],
              ALLOWED,
              () -> onMixture().sample(SolverOptions.paper(), starts)[at]));
      checks.add(
          equal(
              "multistep 2 from %s on the mixture".formatted(starts[i]),
              INDEPENDENT,
              MIXTURE_BY_MULTISTEP[i],
              ALLOWED,
              () -> onMixture().sample(SolverOptions.multistep(2), starts)[at]));
      checks.add(
          equal(
              "preset exact from %s on the mixture".formatted(starts[i]),
              INDEPENDENT,
              MIXTURE_BY_EXACT[i],
              ALLOWED,
              () -> onMixture().sample(SolverOptions.exact(), starts)[at]));
    }
    return checks;
  }

  private static void addSchedules(List<Check> checks) {
    NoiseSchedule cosine = CosineSchedule.STANDARD;
    NoiseSchedule discrete = Schedules.DISCRETE;
    checks.add(schedule("alpha(.5), cosine", 0.702740058941, () -> cosine.alpha(0.5)));
    checks.add(schedule("lambda(.5), cosine", -0.012313441406, () -> cosine.lambda(0.5)));
    checks.add(schedule("alpha(.5), discrete", 0.280334162887, () -> discrete.alpha(0.5)));
    checks.add(schedule("lambda(.5), discrete", -1.230849357905, () -> discrete.lambda(0.5)));
    Schedules.ALL.forEach(
        (name, schedule) ->
            checks.add(
                Check.atMost(
                    "t by its lambda, " + name,
                    "the inverse of lambda",
                    ALLOWED,
                    () -> Schedules.worstInverse(schedule))));
    double alpha = 1 / Math.sqrt(1 + Math.exp(2 * 1.22756773441));
    double sigma = 1 / Math.sqrt(1 + Math.exp(-2 * 1.22756773441));
    checks.add(
        equal(
            "2 noised by -1 to t = .5",
            "$2 \\alpha - \\sigma$ at the lambda above",
            2 * alpha - sigma,
            ALLOWED,
            ValueChecks::noised));
  }

  private static double noised() {
    Tensor data = Tensor.of(Sampling.DOUBLE, DType.FLOAT64, Shape.of(1, 1), 2);
    Tensor noise = Tensor.of(Sampling.DOUBLE, DType.FLOAT64, Shape.of(1, 1), -1);
    return LinearSchedule.PAPER.addNoise(data, 0.5, noise).item();
  }

  private static Check schedule(String name, double expected, DoubleSupplier measure) {
    return equal(name, INDEPENDENT, expected, ALLOWED, measure);
  }

  private static Check sampler(String name, double expected, SolverOptions options) {
    return equal(name, INDEPENDENT, expected, ALLOWED, () -> GAUSSIAN.sample(options, START)[0]);
  }
}
