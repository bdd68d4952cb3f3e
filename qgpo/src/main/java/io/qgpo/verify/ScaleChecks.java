package io.qgpo.verify;

import io.qgpo.exact.ExactGuidance;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.QuadraticEnergy;
import io.qgpo.exact.Quantiles;
import io.qgpo.report.Picture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Guidance scales other than 1: how far the samples are from q exp(s beta e). */
final class ScaleChecks implements CheckGroup {
  private static final double[] SCALES = {0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 10};
  private static final int POINTS = 2000;

  /** In standard deviations of the target: the solver's own error stays below. */
  private static final double EXACT = 0.01;

  /** What cannot be the solver's error any more. */
  private static final double INEXACT = 0.02;

  private record Case(String name, ExactGuidance guidance) {}

  private static final List<Case> CASES =
      List.of(
          new Case("one Gaussian", ExactGuidance.ofOneGaussian()),
          new Case(
              "two modes",
              new ExactGuidance(
                  new GaussianMixture(
                      new double[] {1, 1}, new double[][] {{-1}, {1}}, new double[] {0.4, 0.3}),
                  new QuadraticEnergy(0.4, 1))));

  private final Map<String, Double> distances = new HashMap<>();

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public String title() {
    return "Guidance scales other than 1";
  }

  @Override
  public String about() {
    return """
    Sampling with $\\nabla \\ln q_t + s \\nabla f_t$ is compared with $q e^{s \\beta e}$, to
    which it is often taken to lead: the distance (2-Wasserstein) of the two in standard
    deviations of the latter. At scales 0 and 1 there is none. At others there is, with the
    exact $f_t$ and a fine solver, because $s f_t$ is not the intermediate energy of
    $s \\beta e$. Whoever wants $q e^{s \\beta e}$ trains with another `energy.beta`.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Case one : CASES) {
      for (double scale : SCALES) {
        boolean exact = scale == 0 || scale == 1;
        String name =
            String.format(Locale.ROOT, "distance at scale %s, %s", text(scale), one.name());
        checks.add(
            exact
                ? Check.atMost(name, "theory: exact", EXACT, () -> distance(one, scale))
                : Check.atLeast(name, "theory: not exact", INEXACT, () -> distance(one, scale)));
      }
    }
    return checks;
  }

  @Override
  public List<Plot> plots() {
    return List.of(
        new Plot(
            "exactness_scale.png",
            "Distance of samples from the target of their scale, in its standard deviations: none"
                + " at 0 and 1",
            this::picture));
  }

  private Picture picture() {
    Picture picture = Picture.light("", "guidance scale s", "distance from q exp(s beta e)");
    for (Case one : CASES) {
      double[] y = new double[SCALES.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = distance(one, SCALES[i]);
      }
      picture.points(one.name(), SCALES, y, new double[y.length]);
    }
    return picture;
  }

  private double distance(Case one, double scale) {
    return distances.computeIfAbsent(one.name() + scale, _ -> measure(one.guidance(), scale));
  }

  private static double measure(ExactGuidance guidance, double scale) {
    ExactGradient gradient = guidance::gradient;
    double[] found = Sampling.flow(guidance, gradient.onTensors(), scale, POINTS);
    GaussianMixture target = guidance.target(scale);
    return Quantiles.distance(found, Quantiles.of(target, POINTS)) / target.deviationAlong(0);
  }

  private static String text(double scale) {
    return scale == Math.rint(scale) ? Long.toString((long) scale) : Double.toString(scale);
  }
}
