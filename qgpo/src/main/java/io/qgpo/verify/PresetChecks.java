package io.qgpo.verify;

import static io.qgpo.verify.Check.atLeast;
import static io.qgpo.verify.Check.atMost;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.TimeGrid;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.Quantiles;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.report.Picture;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the choice of the preset {@code exact} rests on: errors at few evaluations. */
final class PresetChecks implements CheckGroup {
  private static final int EVALUATIONS = 15;
  private static final int[] PLOTTED = {6, 9, 12, 15, 24, 36, 60, 90, 150, 240, 480};
  private static final double SCALE = 10;

  /** Three modes, near enough to each other that paths part late. */
  private static final GaussianMixture DATA =
      new GaussianMixture(
          new double[] {0.3, 0.4, 0.3},
          new double[][] {{-0.8}, {0}, {0.7}},
          new double[] {0.2, 0.15, 0.25});

  /** Guidance leads to the same modes with their weights multiplied by 1, e^2 and e. */
  private static final GaussianMixture TARGET = DATA.reweighted(new double[] {0, 2, 1});

  private static final SolverAccuracy ACCURACY = ValueChecks.on(DATA);

  private static final Map<String, SolverOptions> CANDIDATES = candidates();

  /** Where guidance leads to, to some 1e-5. */
  private final Supplier<double[]> reference =
      Lazy.of(() -> guided(SolverOptions.multistep(2).withEvaluations(4800)));

  private static Map<String, SolverOptions> candidates() {
    Map<String, SolverOptions> all = new LinkedHashMap<>();
    all.put("paper", SolverOptions.paper());
    for (Form form : Form.values()) {
      for (int order = 2; order <= 3; order++) {
        SolverOptions options = SolverOptions.multistep(order).withForm(form);
        all.put("%s form, order %d".formatted(Figures.words(form), order), options);
      }
    }
    all.put(
        "noise form, order 2, quadratic",
        SolverOptions.multistep(2).withForm(Form.NOISE).withGrid(TimeGrid.TIME_QUADRATIC));
    return all;
  }

  @Override
  public String name() {
    return "presets";
  }

  @Override
  public String title() {
    return "The choice of the preset exact";
  }

  @Override
  public String about() {
    return """
    The error at %d evaluations with exact scores: root mean square over 21 quantiles of
    $.3 N(-.8, .2^2) + .4 N(0, .15^2) + .3 N(.7, .25^2)$. Guided is scale %.0f, far beyond the
    exact one, towards the same with its weights multiplied by 1, $e^2$ and $e$, against
    multistep 2 at 4800 evaluations. Order 3 fails under strong guidance at this cost. Dispersion is
    the standard deviation of samples over that of the data, $N(.5, s^2)$. All but
    `paper` are multistep, on grids even in log-SNR or, where it is said, in the square root of
    time.\
    """
        .formatted(EVALUATIONS, SCALE);
  }

  @Override
  public List<Check> checks() {
    SolverOptions paper = SolverOptions.paper();
    SolverOptions exact = SolverOptions.exact();
    return List.of(
        atMost(
            "error of exact over that of paper",
            "bound chosen: a half",
            0.5,
            () -> error(exact) / error(paper)),
        atMost(
            "error of exact over that of paper, 10 evaluations",
            "bound chosen: a half",
            0.5,
            () -> error(exact.withEvaluations(10)) / error(paper.withEvaluations(10))),
        atMost(
            "error of exact over that of paper, 25 evaluations",
            "bound chosen: a half",
            0.5,
            () -> error(exact.withEvaluations(25)) / error(paper.withEvaluations(25))),
        atMost(
            "error of exact over that of paper, guided",
            "bound chosen: a tenth",
            0.1,
            () -> guidedError(exact) / guidedError(paper)),
        atLeast(
            "error of order 3 over that of exact, guided",
            "bound chosen: five times",
            5,
            () ->
                Math.min(
                        guidedError(SolverOptions.multistep(3)),
                        guidedError(SolverOptions.multistep(3).withForm(Form.NOISE)))
                    / guidedError(exact)));
  }

  private static double error(SolverOptions options) {
    double[] starts = Quantiles.of(ACCURACY.diffusion().at(options.tStart()), 21);
    return ACCURACY.error(options, starts);
  }

  private double guidedError(SolverOptions options) {
    return Quantiles.distance(guided(options), reference.get());
  }

  private static double[] guided(SolverOptions options) {
    NoisePrediction behaviour = ACCURACY.diffusion();
    NoisePrediction target = new ExactDiffusion(TARGET, Sampling.SCHEDULE);
    // The gradient of f_t is the difference of the scores, of which noise is -1/sigma times one.
    NoisePrediction model =
        behaviour.guided(Sampling.SCHEDULE, (x, t) -> scoreGap(behaviour, target, x, t), SCALE);
    double[] starts = Quantiles.of(ACCURACY.diffusion().at(options.tStart()), 21);
    Tensor x = Tensor.of(Sampling.DOUBLE, DType.FLOAT64, Shape.of(starts.length, 1), starts);
    return new DpmSolver(Sampling.SCHEDULE, options).sample(model, x).toDoubleArray();
  }

  private static Tensor scoreGap(
      NoisePrediction behaviour, NoisePrediction target, Tensor x, double t) {
    double factor = 1 / Sampling.SCHEDULE.sigma(t);
    Tensor gap = Tensor.empty(x.backend(), x.dtype(), x.shape());
    x.backend().addScaled(factor, behaviour.noise(x, t), -factor, target.noise(x, t), gap);
    return gap;
  }

  @Override
  public String table() {
    var table = new StringBuilder();
    table.append("| sampler | error | guided | dispersion, s = .1 | s = .3 | s = 1 |\n");
    table.append("|---|---|---|---|---|---|\n");
    CANDIDATES.forEach(
        (name, options) ->
            table.append(
                "| %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                        label(name, options),
                        Figures.small(error(options)),
                        Figures.small(guidedError(options)),
                        Figures.small(DispersionChecks.dispersion(options, 0.1)),
                        Figures.small(DispersionChecks.dispersion(options, 0.3)),
                        Figures.small(DispersionChecks.dispersion(options, 1)))));
    return table.toString();
  }

  private static String label(String name, SolverOptions options) {
    return options.equals(SolverOptions.exact()) ? "exact: " + name : name;
  }

  @Override
  public List<Plot> plots() {
    return List.of(
        new Plot(
            "exactness_solvers.png",
            "Error against network evaluations, both logarithmic: the presets and what else could"
                + " have been chosen",
            PresetChecks::picture));
  }

  private static Picture picture() {
    Picture picture =
        Picture.light("", "network evaluations", "error, root mean square").logarithmic();
    double[] evaluations = Arrays.stream(PLOTTED).asDoubleStream().toArray();
    CANDIDATES.forEach(
        (name, options) ->
            picture.line(
                label(name, options),
                evaluations,
                Arrays.stream(PLOTTED)
                    .mapToDouble(n -> error(options.withEvaluations(n)))
                    .toArray()));
    return picture.namesBeside();
  }
}
