package io.qgpo.verify;

import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.diffusion.SolverOptions.Method;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.report.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The order at which the error of each solver falls. */
final class OrderChecks implements CheckGroup {
  private static final int[] EVALUATIONS = {240, 480, 960};

  /** Of these, single steps of order 3 end with a step of order 2, which keeps the order. */
  private static final int[] EVALUATIONS_PLUS_2 = {242, 482, 962};

  private static final int[] PLOTTED = {6, 9, 12, 15, 24, 36, 60, 90, 150, 240, 480};

  private static final SolverAccuracy MIXTURE = ValueChecks.onMixture();

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
    of evaluations is the method's order. At the 10 to 25 evaluations that policies sample with,
    the picture counts, not the order.\
    """;
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int order = 1; order <= 3; order++) {
        checks.add(slope(SolverOptions.singlestep(order).withForm(form)));
        checks.add(slope(SolverOptions.singlestepFixed(order).withForm(form)));
        checks.add(slope(SolverOptions.multistep(order).withForm(form)));
      }
    }
    return checks;
  }

  private static Check slope(SolverOptions options) {
    boolean mixed = options.method() == Method.SINGLESTEP && options.order() == 3;
    return Check.equal(
        "slope of " + name(options) + ", " + lower(options.form()) + " form",
        "its order, Lu et al. 2022",
        options.order(),
        0.1,
        () ->
            MIXTURE.slope(
                options, mixed ? EVALUATIONS_PLUS_2 : EVALUATIONS, ValueChecks.mixtureStarts()));
  }

  private static String name(SolverOptions options) {
    return lower(options.method()).replace('_', ' ') + " " + options.order();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Plot> plots() {
    return List.of(
        new Plot(
            "exactness_solvers.png",
            "Error against network evaluations, both logarithmic: the presets, and methods of order"
                + " 1 to 3",
            OrderChecks::picture));
  }

  private static Picture picture() {
    Picture picture =
        Picture.light("", "network evaluations", "error, root mean square").logarithmic();
    line(picture, "paper", SolverOptions.paper());
    line(picture, "exact: multistep 2", SolverOptions.exact());
    line(picture, "DDIM: multistep 1", SolverOptions.multistep(1));
    line(picture, "multistep 3", SolverOptions.multistep(3));
    line(picture, "singlestep fixed 3", SolverOptions.singlestepFixed(3));
    return picture.namesBeside();
  }

  private static void line(Picture picture, String name, SolverOptions options) {
    double[] errors = new double[PLOTTED.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = MIXTURE.error(options.withEvaluations(PLOTTED[i]), ValueChecks.mixtureStarts());
    }
    picture.line(name, Arrays.stream(PLOTTED).asDoubleStream().toArray(), errors);
  }
}
