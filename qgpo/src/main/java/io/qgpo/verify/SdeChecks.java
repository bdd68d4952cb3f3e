package io.qgpo.verify;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.exact.SolverAccuracy.Moments;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The stochastic solvers: moments of what they draw. */
final class SdeChecks implements CheckGroup {
  private static final int SAMPLES = 20_000;
  private static final int EVALUATIONS = 200;

  /** Fewer for samples that are drawn: their method's moments are known for any number. */
  private static final int EVALUATIONS_DRAWN = 50;

  private static final double MEAN = 1;
  private static final double DEVIATION = 0.5;
  private static final SolverAccuracy ACCURACY =
      ValueChecks.on(GaussianMixture.normal(MEAN, DEVIATION));

  /** Four standard errors of the mean, .5 / sqrt(20000) each. */
  private static final double MEAN_ALLOWED = 0.0142;

  /** Four standard errors of the sd, .5 / sqrt(40000) each. */
  private static final double DEVIATION_ALLOWED = 0.01;

  /** The methods' own error at so many steps: that of order 1 in data form is .012. */
  private static final double BIAS_ALLOWED = 0.015;

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
    Mean and standard deviation of the reverse SDE's samples in %d evaluations, when the data are
    $N(1, .5^2)$ and the score is exact. Without chance, by the factors of start and noises in a
    sample, which is affine in them, they are near the data's; and %d samples that are drawn
    in %d evaluations have the moments that these steps give. One step of a batch of one is its
    formula, with the same noise.\
    """
        .formatted(EVALUATIONS, SAMPLES, EVALUATIONS_DRAWN);
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int order = 1; order <= 2; order++) {
        SolverOptions options =
            SolverOptions.sde(order).withForm(form).withEvaluations(EVALUATIONS);
        Moments exact = ACCURACY.exactMoments(options);
        SolverOptions fewer = options.withEvaluations(EVALUATIONS_DRAWN);
        Moments ofFewer = ACCURACY.exactMoments(fewer);
        Supplier<Moments> drawn = Lazy.of(() -> ACCURACY.moments(fewer, SAMPLES, rng()));
        String method = OrderChecks.name(options);
        checks.add(Check.equal("mean of " + method, "the data", MEAN, BIAS_ALLOWED, exact::mean));
        checks.add(
            Check.equal("sd of " + method, "the data", DEVIATION, BIAS_ALLOWED, exact::deviation));
        checks.add(
            Check.equal(
                "mean drawn by " + method,
                "without chance, four standard errors",
                rounded(ofFewer.mean()),
                MEAN_ALLOWED,
                () -> drawn.get().mean()));
        checks.add(
            Check.equal(
                "sd drawn by " + method,
                "without chance, four standard errors",
                rounded(ofFewer.deviation()),
                DEVIATION_ALLOWED,
                () -> drawn.get().deviation()));
        checks.add(
            Check.atMost(
                "one step of " + method,
                "its formula, Lu et al. 2022b",
                1e-12,
                () -> oneStep(options.withEvaluations(1))));
      }
    }
    return checks;
  }

  private static double rounded(double x) {
    return Math.round(x * 1e5) / 1e5;
  }

  private static Rng rng() {
    return new Rng(Sampling.DOUBLE, 0, "sde check");
  }

  /** How far a step of a single point is from its formula. */
  private static double oneStep(SolverOptions options) {
    NoiseSchedule schedule = Sampling.SCHEDULE;
    double s = options.tStart();
    double t = options.tEnd();
    double x = 0.3;
    double eps = ACCURACY.diffusion().noise(Solving.column(x), s).item();
    double data = (x - schedule.sigma(s) * eps) / schedule.alpha(s);
    double z = rng().normal(DType.FLOAT64, Shape.of(1, 1)).item();
    double h = schedule.lambda(t) - schedule.lambda(s);
    double expected =
        switch (options.form()) {
          case DATA ->
              schedule.sigma(t) / schedule.sigma(s) * Math.exp(-h) * x
                  + schedule.alpha(t) * (1 - Math.exp(-2 * h)) * data
                  + schedule.sigma(t) * Math.sqrt(1 - Math.exp(-2 * h)) * z;
          case NOISE ->
              schedule.alpha(t) / schedule.alpha(s) * x
                  - 2 * schedule.sigma(t) * (Math.exp(h) - 1) * eps
                  + schedule.sigma(t) * Math.sqrt(Math.exp(2 * h) - 1) * z;
        };
    DpmSolver solver = Solving.solver(options);
    double found = solver.sample(ACCURACY.diffusion(), Solving.column(x), rng()).item();
    // In noise form the terms are as large as 1/alpha(1), and cancel.
    return Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  }
}
