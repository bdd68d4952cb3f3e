package io.qgpo.verify;

import static io.qgpo.verify.Check.atMost;
import static io.qgpo.verify.Check.equal;
import static io.qgpo.verify.Sampling.DOUBLE;
import static io.qgpo.verify.Sampling.SCHEDULE;

import io.qgpo.exact.ExactGuidance;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.QuadraticEnergy;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Sampling guided by the exact f_t, and by what regression makes of it. */
final class GuidanceChecks implements CheckGroup {
  private static final int POINTS = 4000;
  private static final int SAMPLES = 20_000;

  /** Of a share among so many samples, .0035 at most, four times. */
  private static final double SHARE_ALLOWED = 0.015;

  private static final ExactGuidance LINE = ExactGuidance.ofOneGaussian();

  /** Three modes in five dimensions, of different width; the energy pulls to a point between. */
  static final ExactGuidance MODES =
      new ExactGuidance(
          new GaussianMixture(
              new double[] {0.5, 0.3, 0.2},
              new double[][] {{1.5, 0, 0, -1, 0.5}, {-1, 1, 0.5, 0.5, -1}, {0, -1.5, 1, 0.5, 1}},
              new double[] {0.3, 0.2, 0.4}),
          new QuadraticEnergy(0.6, -0.5, 0.5, 0.5, 0, 0));

  private final Supplier<double[]> guided = Lazy.of(() -> flow(LINE::gradient));
  private final Supplier<double[]> regressed = Lazy.of(() -> flow(LINE::regressionGradient));
  private final Supplier<double[]> modes = Lazy.of(GuidanceChecks::sampleModes);

  @Override
  public String name() {
    return "guidance";
  }

  @Override
  public String title() {
    return "Exact guidance";
  }

  @Override
  public String about() {
    return """
    A behaviour that is a mixture of Gaussians and the energy $\\beta e(x) = -c |x - b|^2$ have
    a target $q e^{\\beta e}$ and an $f_t$ in closed form. On a line, $q = N(.5, .5^2)$ and
    $\\beta e = -4 x^2$ give $N(1/6, 1/12)$; in five dimensions three modes are narrowed, moved
    and weighted anew. Sampling with the behaviour's exact score and the exact gradient of $f_t$
    must give the target. With the optimum of regression on $\\beta e$ (MSE) in place of $f_t$
    it must not: that is no error of the solver, and of no network.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    String closedForm = "closed form, $-\\frac{1}{2} \\ln(1+8v) - 4M^2/(1+8v)$";
    checks.add(
        equal(
            "f at t = .5, x = 0",
            closedForm,
            -0.866263943,
            1e-9,
            () -> LINE.intermediate(SCHEDULE.alpha(0.5), SCHEDULE.sigma(0.5), 0)));
    String twoWays = "$f_t = \\ln p_t - \\ln q_t + \\ln Z$";
    checks.add(atMost("f on the line, two ways", twoWays, 1e-10, () -> worstOfF(LINE)));
    checks.add(atMost("f in 5 dimensions, two ways", twoWays, 1e-10, () -> worstOfF(MODES)));
    String scores = "difference of the scores of $p_t$ and $q_t$";
    checks.add(atMost("gradient of f on the line", scores, 1e-9, () -> worstOfGradient(LINE)));
    checks.add(atMost("gradient of f in 5 dimensions", scores, 1e-9, () -> worstOfGradient(MODES)));
    String target = "the target, $N(1/6, 1/12)$";
    checks.add(
        equal("mean, guided by f", target, 1.0 / 6, 1e-3, () -> Sampling.mean(guided.get())));
    checks.add(
        equal(
            "sd, guided by f",
            target,
            Math.sqrt(1.0 / 12),
            1e-3,
            () -> Sampling.deviation(guided.get())));
    String optimum = "an independent computation";
    checks.add(
        equal(
            "mean, guided by MSE's optimum",
            optimum,
            -0.037,
            1e-3,
            () -> Sampling.mean(regressed.get())));
    checks.add(
        equal(
            "sd, guided by MSE's optimum",
            optimum,
            0.184,
            1e-3,
            () -> Sampling.deviation(regressed.get())));
    addModes(checks);
    return checks;
  }

  private void addModes(List<Check> checks) {
    GaussianMixture target = MODES.target(1);
    for (int k = 0; k < target.components(); k++) {
      int mode = k;
      checks.add(
          equal(
              "share of mode %d in 5 dimensions".formatted(k + 1),
              "the target, four standard errors",
              rounded(target.weight(k)),
              SHARE_ALLOWED,
              () -> share(target, mode)));
    }
    for (int d = 0; d < target.dimensions(); d++) {
      int dimension = d;
      double deviation = target.deviationAlong(d);
      checks.add(
          equal(
              "mean of component %d in 5 dimensions".formatted(d + 1),
              "the target, four standard errors",
              rounded(target.mean(d)),
              rounded(4 * deviation / Math.sqrt(SAMPLES)),
              () -> Sampling.mean(component(dimension))));
      checks.add(
          equal(
              "sd of component %d in 5 dimensions".formatted(d + 1),
              "the target, within 2 %",
              rounded(deviation),
              rounded(0.02 * deviation),
              () -> Sampling.deviation(component(dimension))));
    }
  }

  /** Five decimals, so that a table can be read. */
  private static double rounded(double x) {
    return Math.round(x * 1e5) / 1e5;
  }

  private static double[] flow(ExactGradient gradient) {
    return Sampling.flow(LINE, gradient.onTensors(), 1, POINTS);
  }

  private static double[] sampleModes() {
    ExactGradient gradient = MODES::gradient;
    Rng rng = new Rng(DOUBLE, 1, "guidance check");
    Shape shape = Shape.of(SAMPLES, MODES.behaviour().dimensions());
    return Sampling.guided(MODES, gradient.onTensors(), 1, rng.normal(DType.FLOAT64, shape));
  }

  private double[] component(int dimension) {
    int dimensions = MODES.behaviour().dimensions();
    double[] column = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      column[i] = modes.get()[i * dimensions + dimension];
    }
    return column;
  }

  private double share(GaussianMixture target, int mode) {
    int dimensions = target.dimensions();
    double[] point = new double[dimensions];
    double sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
      System.arraycopy(modes.get(), i * dimensions, point, 0, dimensions);
      sum += target.shares(point)[mode];
    }
    return sum / SAMPLES;
  }

  /** The largest difference of f from its other formula, over times and points. */
  private static double worstOfF(ExactGuidance guidance) {
    double logZ = guidance.energy().logMeanExp(guidance.behaviour());
    return worst(
        guidance,
        (alpha, sigma, x) ->
            guidance.intermediate(alpha, sigma, x)
                - guidance.target(1).noised(alpha, sigma).logDensity(x)
                + guidance.behaviour().noised(alpha, sigma).logDensity(x)
                - logZ);
  }

  private static double worstOfGradient(ExactGuidance guidance) {
    return worst(
        guidance,
        (alpha, sigma, x) -> {
          double[] gradient = guidance.gradient(alpha, sigma, x);
          double[] p = guidance.target(1).noised(alpha, sigma).score(x);
          double[] q = guidance.behaviour().noised(alpha, sigma).score(x);
          double worst = 0;
          for (int d = 0; d < x.length; d++) {
            worst = Math.max(worst, Math.abs(gradient[d] - p[d] + q[d]));
          }
          return worst;
        });
  }

  private interface Difference {
    double at(double alpha, double sigma, double[] x);
  }

  private static double worst(ExactGuidance guidance, Difference difference) {
    double worst = 0;
    for (double t : new double[] {1e-3, 0.1, 0.3, 0.5, 0.7, 1}) {
      for (double along = -2; along <= 2; along += 0.25) {
        double[] x = new double[guidance.behaviour().dimensions()];
        for (int d = 0; d < x.length; d++) {
          x[d] = along * (1 - 0.3 * d);
        }
        double off = difference.at(SCHEDULE.alpha(t), SCHEDULE.sigma(t), x);
        worst = Math.max(worst, Math.abs(off));
      }
    }
    return worst;
  }
}
