package io.qgpo.verify;

import static io.qgpo.verify.Check.atLeast;
import static io.qgpo.verify.Check.atMost;
import static io.qgpo.verify.Check.equal;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.exact.ExactGuidance;
import io.qgpo.report.Picture;
import io.qgpo.tensor.Backend;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What networks learn of f_t by the three losses, against what they should. */
final class EnergyNetChecks implements CheckGroup {
  private static final int STEPS = 4000;

  /** A tenth: what longer training is compared with. */
  private static final int FEW_STEPS = 400;

  /** From 0.8 on the exact gradient is below 1 % of its largest, and does not matter. */
  private static final double[] CHECKED_TIMES = {0.1, 0.3, 0.5};

  private static final double NEAREST = 0.001;
  private static final double[] NEAR_TIMES = {NEAREST, 0.02, 0.05};

  private static final double[] PLOTTED_TIMES = {
    0.001, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7
  };

  private static final ExactGuidance LINE = ExactGuidance.ofOneGaussian();

  private final Map<EnergyLoss, Supplier<EnergyFit>> fits = new EnumMap<>(EnergyLoss.class);
  private final Supplier<EnergyFit> shortFit;

  /** Networks that learn on a backend. */
  EnergyNetChecks(Backend backend) {
    for (EnergyLoss loss : EnergyLoss.values()) {
      fits.put(loss, Lazy.of(() -> new EnergyFit(backend, LINE, loss, STEPS).train(STEPS)));
    }
    shortFit =
        Lazy.of(() -> new EnergyFit(backend, LINE, EnergyLoss.CEP, FEW_STEPS).train(FEW_STEPS));
  }

  @Override
  public String name() {
    return "nets";
  }

  @Override
  public String title() {
    return "Energy networks by the three losses";
  }

  @Override
  public String about() {
    return """
    The case on a line of the first section, $q = N(.5, .5^2)$, $\\beta e = -4 x^2$, learnt by
    the same small network from the same %d samples, in the same order with the same noise, by
    CEP, MSE and EMSE, of which EMSE subtracts one number from all labels. Errors are
    $\\Vert \\nabla f_\\phi - \\nabla f_t \\Vert / \\Vert \\nabla f_t \\Vert$ over $q_t$. From t = .1
    on CEP comes close, and the closer the longer it is trained. MSE does not, however long: it
    comes close to its own optimum $\\mathbb{E}[\\beta e(x_0) | x_t]$, which is wrong by more than
    the network is. Near the data it is the other way round: as t goes to 0, the gap of MSE's
    optimum vanishes, while CEP and EMSE err most there. They weigh samples by $e^{\\beta e}$ and
    learn little where it is small, far from 0; and there $\\nabla f_t$ is largest near the data.\
    """
        .formatted(EnergyFit.DATA);
  }

  @Override
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    String bound = "bound chosen well below MSE's gap";
    for (double t : CHECKED_TIMES) {
      checks.add(atMost(at("error of CEP", t), bound, 0.1, () -> exactError(EnergyLoss.CEP, t)));
    }
    for (double t : CHECKED_TIMES) {
      checks.add(atMost(at("error of EMSE", t), bound, 0.3, () -> exactError(EnergyLoss.EMSE, t)));
    }
    for (double t : CHECKED_TIMES) {
      double gap = Math.round(1e4 * gap(t)) / 1e4;
      checks.add(
          equal(
              at("error of MSE", t),
              "that of MSE's optimum, closed form, within 10 %",
              gap,
              Math.round(1e3 * gap) / 1e4,
              () -> exactError(EnergyLoss.MSE, t)));
      checks.add(
          atMost(
              at("distance of MSE from its own optimum", t),
              "the network can learn: as CEP",
              0.15,
              () -> fits.get(EnergyLoss.MSE).get().error(t, LINE::regressionGradient)));
    }
    checks.add(
        atMost(
            at("error of MSE's optimum", NEAREST),
            "closed form: none as t goes to 0",
            0.01,
            () -> gap(NEAREST)));
    for (double t : NEAR_TIMES) {
      checks.add(
          atMost(
              at("error of CEP", t),
              "bound chosen: its variance is greatest near the data",
              0.4,
              () -> exactError(EnergyLoss.CEP, t)));
    }
    checks.add(
        atLeast(
            "error of CEP, %d updates over %d".formatted(FEW_STEPS, STEPS),
            "CEP converges",
            1.5,
            () -> meanError(shortFit.get()) / meanError(fits.get(EnergyLoss.CEP).get())));
    addSamples(checks, EnergyLoss.CEP, 1.0 / 6, Math.sqrt(1.0 / 12), "the target");
    addSamples(checks, EnergyLoss.MSE, -0.037, 0.184, "MSE's optimum");
    return checks;
  }

  private void addSamples(
      List<Check> checks, EnergyLoss loss, double mean, double deviation, String source) {
    Supplier<double[]> samples = Lazy.of(() -> fits.get(loss).get().sample());
    checks.add(
        equal(
            "mean of samples guided by " + loss,
            source,
            mean,
            0.03,
            () -> Sampling.mean(samples.get())));
    checks.add(
        equal(
            "sd of samples guided by " + loss,
            source,
            deviation,
            0.03,
            () -> Sampling.deviation(samples.get())));
  }

  @Override
  public String table() {
    var table =
        new StringBuilder("| t | CEP | EMSE | MSE | MSE's optimum |\n|---|---|---|---|---|\n");
    for (double t : PLOTTED_TIMES) {
      table.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(
                  t,
                  Figures.small(exactError(EnergyLoss.CEP, t)),
                  Figures.small(exactError(EnergyLoss.EMSE, t)),
                  Figures.small(exactError(EnergyLoss.MSE, t)),
                  Figures.small(gap(t))));
    }
    return table.toString();
  }

  @Override
  public List<Plot> plots() {
    return List.of(
        new Plot(
            "exactness_guidance.png",
            "Relative error of the gradient of f by time: CEP and EMSE are close, MSE follows its"
                + " own optimum",
            this::picture));
  }

  private Picture picture() {
    Picture picture = Picture.light("", "time t", "relative error of the gradient of f");
    for (EnergyLoss loss : EnergyLoss.values()) {
      double[] errors = new double[PLOTTED_TIMES.length];
      for (int i = 0; i < errors.length; i++) {
        errors[i] = exactError(loss, PLOTTED_TIMES[i]);
      }
      picture.line(loss.toString(), PLOTTED_TIMES, errors);
    }
    double[] gaps = new double[PLOTTED_TIMES.length];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = gap(PLOTTED_TIMES[i]);
    }
    return picture.line("MSE's optimum", PLOTTED_TIMES, gaps);
  }

  private double exactError(EnergyLoss loss, double t) {
    return fits.get(loss).get().error(t, LINE::gradient);
  }

  private static double meanError(EnergyFit fit) {
    double sum = 0;
    for (double t : CHECKED_TIMES) {
      sum += fit.error(t, LINE::gradient);
    }
    return sum / CHECKED_TIMES.length;
  }

  private static double gap(double t) {
    return EnergyFit.error(LINE, t, LINE::regressionGradient, LINE::gradient);
  }

  private static String at(String what, double t) {
    return String.format(Locale.ROOT, "%s at t = %s", what, t);
  }
}
