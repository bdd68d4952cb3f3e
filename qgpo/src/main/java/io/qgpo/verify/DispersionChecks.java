package io.qgpo.verify;

import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.report.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far the two presets spread their samples, beside the data. */
final class DispersionChecks implements CheckGroup {
  private static final double[] DEVIATIONS = {0.1, 0.3, 1};
  private static final double[] OF_PAPER = {0.49, 0.79, 0.95};
  private static final double[] OF_EXACT = {1.018, 1.009, 0.99};
  private static final double OF_MULTISTEP = 1.02;

  private static final double[] PLOTTED = {
    0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1
  };

  @Override
  public String name() {
    return "dispersion";
  }

  @Override
  public String title() {
    return "Dispersion of the presets";
  }

  @Override
  public String about() {
    return """
    The standard deviation of samples over that of the data, $N(.5, s^2)$, at 15 evaluations
    with the exact score. The preset `paper` narrows what it samples, the more the narrower the
    data; `exact` does not.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < DEVIATIONS.length; i++) {
      checks.add(check("paper", SolverOptions.paper(), DEVIATIONS[i], OF_PAPER[i]));
      checks.add(check("multistep 2", SolverOptions.multistep(2), DEVIATIONS[i], OF_MULTISTEP));
      checks.add(check("exact", SolverOptions.exact(), DEVIATIONS[i], OF_EXACT[i]));
    }
    return checks;
  }

  private static Check check(
      String sampler, SolverOptions options, double deviation, double expected) {
    return Check.equal(
        name(sampler, deviation),
        "an independent float64 computation",
        expected,
        0.01,
        () -> dispersion(options, deviation));
  }

  private static String name(String sampler, double deviation) {
    return String.format(Locale.ROOT, "dispersion of %s, s = %s", sampler, deviation);
  }

  /** Of samples of N(.5, deviation^2). */
  static double dispersion(SolverOptions options, double deviation) {
    return ValueChecks.on(GaussianMixture.normal(0.5, deviation)).dispersion(options);
  }

  @Override
  public List<Plot> plots() {
    return List.of(
        new Plot(
            "exactness_dispersion.png",
            "Standard deviation of samples over the data's, by the data's: 1 is right",
            DispersionChecks::picture));
  }

  private static Picture picture() {
    Picture picture = Picture.light("", "standard deviation of the data", "sample sd / data sd");
    line(picture, "paper", SolverOptions.paper());
    line(picture, "exact", SolverOptions.exact());
    return picture;
  }

  private static void line(Picture picture, String name, SolverOptions options) {
    double[] ratios = new double[PLOTTED.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = dispersion(options, PLOTTED[i]);
    }
    picture.lineFromZero(name, PLOTTED, ratios);
  }
}
