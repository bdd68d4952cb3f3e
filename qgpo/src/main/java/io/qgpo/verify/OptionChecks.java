package io.qgpo.verify;

import static io.qgpo.verify.Check.atMost;
import static io.qgpo.verify.Check.equal;

import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.Thresholding;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What solvers can be asked for besides, and shapes at the edge. */
final class OptionChecks implements CheckGroup {
  private static final NoiseSchedule SCHEDULE = Sampling.SCHEDULE;
  private static final SolverAccuracy GAUSSIAN = ValueChecks.on(GaussianMixture.normal(1, 0.5));
  private static final double START = 1.5;
  private static final double ROUNDING = 1e-12;

  private static final ExactDiffusion PLANE =
      new ExactDiffusion(
          new GaussianMixture(
              new double[] {3, 7}, new double[][] {{-1, 0.5}, {0.8, 0}}, new double[] {0.3, 0.5}),
          SCHEDULE);

  @Override
  public String name() {
    return "options";
  }

  @Override
  public String title() {
    return "Options and shapes of the solvers";
  }

  @Override
  public String about() {
    return """
    What an option changes, against the same by hand: thresholding of known predictions; a
    correction that is called after each of 15 steps; the last step of lower order, which is one
    of DDIM from where the others lead; data predicted at the end; and the way back from data to
    noise, at 1200 evaluations. Shapes at the edge: one evaluation, which is DDIM's formula; rows
    by themselves, which are bit by bit those of their batch, and so of a last batch of one.
    Batches of one by adaptive and stochastic steps are in their sections; most sections are of
    one dimension.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(
        atMost(
            "thresholding at the quantile .75",
            "5, -4, 3, -2, 1 over 4, within 1",
            ROUNDING,
            OptionChecks::thresholded));
    checks.add(
        equal(
            "thresholding of every prediction to .25",
            "what is predicted last",
            0.25,
            ROUNDING,
            () ->
                GAUSSIAN
                    .sample(
                        SolverOptions.multistep(1)
                            .withThresholding(new Thresholding(1, 0.25))
                            .withDenoiseToZero(),
                        START)[0]));
    checks.add(
        equal("calls of the correction in 15 steps", "arithmetic", 15, 0.5, OptionChecks::calls));
    checks.add(
        equal(
            "a correction to 7 in the last step",
            "the hook",
            7,
            ROUNDING,
            OptionChecks::corrected));
    for (Form form : Form.values()) {
      String inForm = ", %s form".formatted(Figures.words(form));
      checks.add(
          atMost(
              "last step of lower order" + inForm,
              "DDIM's, Song et al. 2021",
              ROUNDING,
              () -> lowerOrderFinal(form)));
      checks.add(
          atMost(
              "denoising to zero" + inForm,
              "$(x - \\sigma \\epsilon)/\\alpha$ at the end",
              ROUNDING,
              () -> denoised(form)));
    }
    for (SolverOptions options : OrderChecks.methods()) {
      String name = OrderChecks.name(options);
      checks.add(
          atMost(
              "data to noise by " + name,
              "the noise they came of",
              options.order() == 1 ? 0.02 : 2e-4,
              () ->
                  Solving.worstBackwards(
                      ValueChecks.onMixture().diffusion(), options.withEvaluations(1200))));
    }
    for (SolverOptions options : OrderChecks.methods()) {
      String name = OrderChecks.name(options);
      if (options.method() != SolverOptions.Method.SINGLESTEP_FIXED) {
        checks.add(
            atMost(
                "one evaluation of " + name,
                "DDIM's formula, Song et al. 2021",
                ROUNDING,
                () -> oneEvaluation(options)));
      }
      checks.add(
          atMost("rows by themselves by " + name, "their batch", 0, () -> rowsAlone(options)));
    }
    return checks;
  }

  /** Data predicted are the same everywhere. */
  private static NoisePrediction predicting(double... data) {
    return (x, t) -> {
      Tensor noise = Tensor.empty(x.backend(), x.dtype(), x.shape());
      double sigma = SCHEDULE.sigma(t);
      Tensor known = Solving.rows(data.length, data);
      x.backend().addScaled(1 / sigma, x, -SCHEDULE.alpha(t) / sigma, known, noise);
      return noise;
    };
  }

  private static double thresholded() {
    SolverOptions options =
        SolverOptions.multistep(1).withThresholding(new Thresholding(0.75, 1)).withDenoiseToZero();
    double[] found =
        Solving.sample(predicting(5, -4, 3, -2, 1), options, Solving.rows(5, 1, 2, 3, 4, 5));
    return Solving.worst(new double[] {1, -1, 0.75, -0.5, 0.25}, found);
  }

  private static double calls() {
    int[] calls = {0};
    SolverOptions options =
        SolverOptions.multistep(2)
            .withCorrection(
                (x, t, step) -> {
                  calls[0]++;
                  return x;
                });
    GAUSSIAN.sample(options, START);
    return calls[0];
  }

  private static double corrected() {
    SolverOptions options = SolverOptions.multistep(2);
    Tensor seven = Solving.column(7);
    return GAUSSIAN
        .sample(options.withCorrection((x, t, step) -> t == options.tEnd() ? seven : x), START)[0];
  }

  private static double lowerOrderFinal(Form form) {
    SolverOptions options = SolverOptions.multistep(2).withForm(form).withEvaluations(4);
    double from = SCHEDULE.lambda(options.tStart());
    double to = SCHEDULE.lambda(options.tEnd());
    double s = SCHEDULE.inverseLambda(from + (to - from) * 3 / 4);
    double before = GAUSSIAN.sample(options.withEvaluations(3).withTimes(1, s), START)[0];
    double expected = ddim(before, s, options.tEnd());
    return Math.abs(GAUSSIAN.sample(options.withLowerOrderFinal(), START)[0] - expected);
  }

  private static double denoised(Form form) {
    SolverOptions options = SolverOptions.multistep(2).withForm(form);
    double x = GAUSSIAN.sample(options, START)[0];
    double data = data(x, eps(x, options.tEnd()), options.tEnd());
    return Math.abs(GAUSSIAN.sample(options.withDenoiseToZero(), START)[0] - data);
  }

  private static double oneEvaluation(SolverOptions options) {
    double expected = ddim(START, options.tStart(), options.tEnd());
    return Math.abs(GAUSSIAN.sample(options.withEvaluations(1), START)[0] - expected);
  }

  /** x' = alpha' (x - sigma eps) / alpha + sigma' eps. */
  private static double ddim(double x, double s, double t) {
    double eps = eps(x, s);
    return SCHEDULE.alpha(t) * data(x, eps, s) + SCHEDULE.sigma(t) * eps;
  }

  private static double eps(double x, double t) {
    return -SCHEDULE.sigma(t) * GAUSSIAN.diffusion().at(t).score(x)[0];
  }

  private static double data(double x, double eps, double t) {
    return (x - SCHEDULE.sigma(t) * eps) / SCHEDULE.alpha(t);
  }

  private static double rowsAlone(SolverOptions options) {
    Tensor batch = Solving.rows(2, 1, 2, -0.5, 0.3, 0, -1);
    double[] together = Solving.sample(PLANE, options, batch);
    double worst = 0;
    for (int row = 0; row < batch.rows(); row++) {
      double[] alone = Solving.sample(PLANE, options, batch.rows(row, row + 1));
      double[] expected = {together[2 * row], together[2 * row + 1]};
      worst = Math.max(worst, Solving.worst(expected, alone));
    }
    return worst;
  }
}
