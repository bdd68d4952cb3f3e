package io.qgpo.verify;

import static io.qgpo.verify.Check.atMost;
import static io.qgpo.verify.Check.equal;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.diffusion.Guidance;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.Parameterization;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.Bimodal;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a model may predict, and models steered by a condition. */
final class ModelChecks implements CheckGroup {
  private static final NoiseSchedule SCHEDULE = Sampling.SCHEDULE;
  private static final int POINTS = 1000;

  private static final ExactDiffusion BIMODAL = new ExactDiffusion(Bimodal.DATA, SCHEDULE);

  /** Two classes, equally frequent. */
  private static final ExactDiffusion BOTH =
      new ExactDiffusion(
          new GaussianMixture(
              new double[] {1, 1}, new double[][] {{-1}, {1}}, new double[] {0.5, 0.5}),
          SCHEDULE);

  private static final ExactDiffusion SECOND = normal(1);

  private static ExactDiffusion normal(double mean) {
    return new ExactDiffusion(GaussianMixture.normal(mean, 0.5), SCHEDULE);
  }

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String title() {
    return "Parameterizations and conditions";
  }

  @Override
  public String about() {
    return """
    A model may predict the noise, the data, the velocity $v = \\alpha \\epsilon - \\sigma x_0$ or
    the score: one exact diffusion, told in these four ways, gives the same samples. Of two
    classes $N(-1, .5^2)$ and $N(1, .5^2)$, the model of both guided by the exact classifier
    $\\ln p(y | x_t)$ at scale 1 is that of one (Bayes' rule). Without a classifier, scale $w$
    between $N(0, .5^2)$ and $N(1, .5^2)$ is exact too: it is $N(w, .5^2)$.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Parameterization kind : Parameterization.values()) {
      checks.add(
          atMost(
              "samples of a model that predicts " + Figures.words(kind),
              "those of the exact model",
              1e-10,
              () -> parameterized(kind)));
    }
    NoisePrediction classified = Guidance.classifier(BOTH, SCHEDULE, ModelChecks::second, 1);
    checks.add(
        atMost(
            "samples guided by a classifier, scale 1",
            "those of the class's model",
            1e-9,
            () -> difference(SECOND, classified)));
    addMoments(checks, "guided by a classifier, scale 1", "the class", 1, classified);
    NoisePrediction ofAll = normal(0);
    checks.add(
        atMost(
            "samples without classifier, scale 0",
            "those of the unconditional model",
            0,
            () -> difference(ofAll, Guidance.classifierFree(SECOND, ofAll, 0))));
    checks.add(
        atMost(
            "samples without classifier, scale 1",
            "those of the conditional model",
            0,
            () -> difference(SECOND, Guidance.classifierFree(SECOND, ofAll, 1))));
    addMoments(
        checks,
        "without classifier, scale 3",
        "$N(3, .5^2)$",
        3,
        Guidance.classifierFree(SECOND, ofAll, 3));
    return checks;
  }

  private static void addMoments(
      List<Check> checks, String how, String source, double mean, NoisePrediction model) {
    // The mean of noise at t = 1 is alpha(1) times the data's, which standard normal noise lacks.
    Supplier<double[]> samples = Lazy.of(() -> Sampling.flow(model, POINTS));
    checks.add(equal("mean " + how, source, mean, 0.02, () -> Sampling.mean(samples.get())));
    checks.add(equal("sd " + how, source, 0.5, 0.005, () -> Sampling.deviation(samples.get())));
  }

  private static double difference(NoisePrediction expected, NoisePrediction found) {
    Tensor start = Solving.column(Bimodal.starts());
    SolverOptions options = SolverOptions.multistep(2);
    return Solving.worst(
        Solving.sample(expected, options, start), Solving.sample(found, options, start));
  }

  private static double parameterized(Parameterization kind) {
    return difference(BIMODAL, kind.noise(SCHEDULE, (x, t) -> output(kind, x, t)));
  }

  /** From the definitions: x = alpha x0 + sigma eps, v = alpha eps - sigma x0. */
  private static Tensor output(Parameterization kind, Tensor x, double t) {
    double alpha = SCHEDULE.alpha(t);
    double sigma = SCHEDULE.sigma(t);
    double[] points = x.toDoubleArray();
    double[] out = new double[points.length];
    for (int i = 0; i < out.length; i++) {
      double score = BIMODAL.at(t).score(points[i])[0];
      double eps = -sigma * score;
      double data = (points[i] - sigma * eps) / alpha;
      out[i] =
          switch (kind) {
            case NOISE -> eps;
            case DATA -> data;
            case VELOCITY -> alpha * eps - sigma * data;
            case SCORE -> score;
          };
    }
    return Tensor.of(x.backend(), DType.FLOAT64, x.shape(), out);
  }

  /** ln p(second | x_t) = -ln(1 + e^-z), z = 2 alpha x / V. */
  private static Var second(Var x, double t) {
    double variance = Math.pow(BOTH.at(t).deviation(0), 2);
    return Elementwise.log(
        Elementwise.sigmoid(Elementwise.scale(x, 2 * SCHEDULE.alpha(t) / variance)));
  }
}
