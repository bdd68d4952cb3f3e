package io.qgpo.verify;

import io.qgpo.diffusion.CosineSchedule;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.SolverOptions.Method;
import io.qgpo.diffusion.TimeGrid;
import io.qgpo.exact.Bimodal;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import java.util.ArrayList;
import java.util.List;

/** The order at which the error of each solver falls. */
final class OrderChecks implements CheckGroup {
  private static final String SOURCE = "its order, Lu et al. 2022";
  private static final int[] EVALUATIONS = {240, 480, 960};

  /** Of these, single steps of order 3 end with a step of order 2, which keeps the order. */
  private static final int[] EVALUATIONS_PLUS_2 = {242, 482, 962};

  private static final int[] ON_UNIFORM_TIMES = {960, 1920};
  private static final int[] ON_UNIFORM_TIMES_PLUS_2 = {962, 1922};

  private static final SolverAccuracy MIXTURE = ValueChecks.onMixture();

  /** Narrow, so that derivatives are not small. */
  private static final SolverAccuracy GAUSSIAN = ValueChecks.on(GaussianMixture.normal(1, 0.2));

  @Override
  public String name() {
    return "orders";
  }

  @Override
  public String title() {
    return "Orders of the solvers";
  }

  @Override
  public String about() {
    return """
    The error on the mixture of the section before, with its exact score, from 240 to 960
    evaluations on grids even in log-SNR: the slope of its logarithm against that of the number
    of evaluations is the method's order. The same on $N(1, .2^2)$ up to t = .2, because over the
    whole path the leading error of multistep 3 cancels on a Gaussian, whose derivatives vanish at
    both ends; on uniform times up to t = .05, from where on 960 steps are too long; and on the
    other schedules. The stochastic solvers' is that of the standard deviation at t = .1, without
    chance, by the factors of all noises.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (SolverOptions options : methods()) {
      checks.add(slope("", MIXTURE, options, pick(options, EVALUATIONS, EVALUATIONS_PLUS_2)));
    }
    for (SolverOptions options : methods()) {
      int[] evaluations = pick(options, EVALUATIONS, EVALUATIONS_PLUS_2);
      checks.add(slope(", one Gaussian", GAUSSIAN, options.withTimes(1, 0.2), evaluations));
    }
    for (SolverOptions options : methods()) {
      SolverOptions uniform = options.withGrid(TimeGrid.TIME_UNIFORM).withTimes(1, 0.05);
      int[] evaluations = pick(options, ON_UNIFORM_TIMES, ON_UNIFORM_TIMES_PLUS_2);
      checks.add(slope(", uniform times", MIXTURE, uniform, evaluations));
    }
    SolverOptions multistep = SolverOptions.multistep(2);
    checks.add(
        slope(
            ", cosine schedule",
            on(CosineSchedule.STANDARD),
            multistep.withTimes(0.99, 1e-3),
            EVALUATIONS));
    checks.add(
        slope(
            ", discrete schedule",
            // Of few steps, between which lambda bends little.
            on(Schedules.discrete(20, 0.005, 0.765)),
            multistep.withTimes(1, 0.05),
            EVALUATIONS));
    for (Form form : Form.values()) {
      for (int order = 1; order <= 2; order++) {
        checks.add(deviationSlope(SolverOptions.sde(order).withForm(form).withTimes(1, 0.1)));
      }
    }
    return checks;
  }

  private static SolverAccuracy on(NoiseSchedule schedule) {
    return new SolverAccuracy(Sampling.DOUBLE, schedule, GaussianMixture.normal(1, 0.5));
  }

  /** All of fixed steps. */
  static List<SolverOptions> methods() {
    List<SolverOptions> methods = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int order = 1; order <= 3; order++) {
        methods.add(SolverOptions.singlestep(order).withForm(form));
        methods.add(SolverOptions.singlestepFixed(order).withForm(form));
        methods.add(SolverOptions.multistep(order).withForm(form));
      }
    }
    return methods;
  }

  private static int[] pick(SolverOptions options, int[] usual, int[] mixed) {
    return options.method() == Method.SINGLESTEP && options.order() == 3 ? mixed : usual;
  }

  private static Check slope(
      String where, SolverAccuracy accuracy, SolverOptions options, int[] evaluations) {
    return Check.equal(
        "slope of " + name(options) + where,
        SOURCE,
        options.order(),
        0.1,
        () -> accuracy.slope(options, evaluations, Bimodal.starts()));
  }

  private static Check deviationSlope(SolverOptions options) {
    return Check.equal(
        "slope of " + name(options),
        "its order",
        options.order(),
        0.1,
        () -> Math.log(deviationError(options, 400) / deviationError(options, 800)) / Math.log(2));
  }

  private static double deviationError(SolverOptions options, int evaluations) {
    SolverAccuracy accuracy = on(LinearSchedule.PAPER);
    double exact = accuracy.diffusion().at(options.tEnd()).deviation(0);
    return Math.abs(
        accuracy.exactMoments(options.withEvaluations(evaluations)).deviation() - exact);
  }

  /** The method, its order and its form. */
  static String name(SolverOptions options) {
    return "%s %d, %s form"
        .formatted(
            Figures.words(options.method()).replace("sde multistep", "SDE"),
            options.order(),
            Figures.words(options.form()));
  }
}
