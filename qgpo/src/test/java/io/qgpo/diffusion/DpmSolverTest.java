package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In float64 against data whose diffusion is known in closed form. */
class DpmSolverTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;
  private static final double T_END = 1e-3;
  private static final double[] MIXTURE_START = {-1.2, 0.1, 0.7};
  private static final SolverOptions DDIM =
      SolverOptions.multistep(1).withGrid(TimeGrid.TIME_UNIFORM);

  private final Backend backend = Backends.choose("scalar", 1).backend();
  private final SolverAccuracy gaussian = on(GaussianMixture.normal(1, 0.5));
  private final SolverAccuracy mixture =
      on(
          new GaussianMixture(
              new double[] {0.3, 0.7}, new double[][] {{-1}, {0.8}}, new double[] {0.3, 0.5}));

  private SolverAccuracy on(GaussianMixture data) {
    return new SolverAccuracy(backend, SCHEDULE, data);
  }

  private Tensor column(double... values) {
    return Tensor.of(backend, DType.FLOAT64, Shape.of(values.length, 1), values);
  }

  // ---- Values of independent float64 computations ----------------------------------------------

  @Test
  void paperSampler() {
    assertEquals(1.662697635642, gaussian.sample(SolverOptions.paper(), 1.5)[0], 1e-11);
  }

  /** The authors' sampler for toy sets: the noise form, multistep of order 2 on uniform times. */
  @Test
  void toySampler() {
    SolverOptions toy =
        SolverOptions.multistep(2)
            .withForm(Form.NOISE)
            .withGrid(TimeGrid.TIME_UNIFORM)
            .withEvaluations(25);
    assertEquals(1.804839666413, gaussian.sample(toy, 1.5)[0], 1e-11);
  }

  /** In both forms, and as multistep or single steps. */
  @Test
  void firstOrderIsDdim() {
    for (Form form : Form.values()) {
      assertEquals(1.617470907771, gaussian.sample(DDIM.withForm(form), 1.5)[0], 1e-11);
      SolverOptions single =
          SolverOptions.singlestep(1).withGrid(TimeGrid.TIME_UNIFORM).withForm(form);
      assertEquals(1.617470907771, gaussian.sample(single, 1.5)[0], 1e-11);
    }
  }

  @Test
  void mixtureAtFifteenEvaluations() {
    assertArrayEquals(
        new double[] {-1.064689970305, 0.614386175688, 0.970807542639},
        mixture.sample(SolverOptions.paper(), MIXTURE_START),
        1e-11);
    assertArrayEquals(
        new double[] {-1.124402315573, 0.606207338372, 1.0190230732},
        mixture.sample(SolverOptions.multistep(2), MIXTURE_START),
        1e-11);
    assertArrayEquals(
        new double[] {-1.085467028952449, 0.592795360531682, 0.994527080668389},
        mixture.sample(SolverOptions.exact(), MIXTURE_START),
        1e-11);
  }

  /** An independent DDIM: x' = alpha' (x - sigma eps) / alpha + sigma' eps (Song et al. 2021). */
  @Test
  void firstOrderEqualsDdimFormula() {
    double x = 1.5;
    for (int i = 0; i < 4; i++) {
      double s = 1 + (T_END - 1) * i / 4;
      double t = 1 + (T_END - 1) * (i + 1) / 4;
      double eps = -SCHEDULE.sigma(s) * gaussian.diffusion().at(s).score(x)[0];
      x =
          SCHEDULE.alpha(t) * (x - SCHEDULE.sigma(s) * eps) / SCHEDULE.alpha(s)
              + SCHEDULE.sigma(t) * eps;
    }
    assertEquals(x, gaussian.sample(DDIM.withEvaluations(4), 1.5)[0], 1e-12);
  }

  /** Sample sd over true sd at 15 evaluations: the paper's sampler loses spread, the other not. */
  @Test
  void dispersion() {
    double[] sds = {0.1, 0.3, 1};
    double[] paper = {0.49, 0.79, 0.95};
    double[] exact = {1.0181, 1.0094, 0.9903};
    for (int i = 0; i < sds.length; i++) {
      SolverAccuracy accuracy = on(GaussianMixture.normal(0.5, sds[i]));
      assertEquals(paper[i], accuracy.dispersion(SolverOptions.paper()), 0.01);
      assertEquals(exact[i], accuracy.dispersion(SolverOptions.exact()), 1e-4);
    }
  }

  /** Part of what the choice of the exact preset rests on. */
  @Test
  void exactIsNearerThanThePaperSampler() {
    SolverAccuracy three =
        on(
            new GaussianMixture(
                new double[] {0.3, 0.4, 0.3},
                new double[][] {{-0.8}, {0}, {0.7}},
                new double[] {0.2, 0.15, 0.25}));
    double[] starts = {-1.6, -1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 1.6};
    for (int evaluations : new int[] {10, 15, 25}) {
      double exact = three.error(SolverOptions.exact().withEvaluations(evaluations), starts);
      double paper = three.error(SolverOptions.paper().withEvaluations(evaluations), starts);
      assertTrue(2 * exact < paper, evaluations + ": " + exact + " and " + paper);
    }
  }

  // ---- Shapes and counts -----------------------------------------------------------------------

  static List<SolverOptions> fixedSteps() {
    List<SolverOptions> all = new ArrayList<>();
    for (Form form : Form.values()) {
      for (TimeGrid grid : TimeGrid.values()) {
        for (int order = 1; order <= 3; order++) {
          all.add(SolverOptions.singlestep(order).withForm(form).withGrid(grid));
          all.add(SolverOptions.singlestepFixed(order).withForm(form).withGrid(grid));
          all.add(SolverOptions.multistep(order).withForm(form).withGrid(grid));
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("fixedSteps")
  void callsTheModelAsOftenAsAsked(SolverOptions options) {
    for (int evaluations : new int[] {1, 2, 3, 6, 15, 16, 17}) {
      boolean fixed = options.method() == SolverOptions.Method.SINGLESTEP_FIXED;
      if (fixed && evaluations < options.order()) {
        continue;
      }
      int[] calls = {0};
      NoisePrediction counting =
          (x, t) -> {
            calls[0]++;
            return new ExactDiffusion(plane(), SCHEDULE).noise(x, t);
          };
      Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
      DpmSolver solver = new DpmSolver(SCHEDULE, options.withEvaluations(evaluations));
      assertEquals(Shape.of(3, 2), solver.sample(counting, x).shape());
      int expected = fixed ? evaluations / options.order() * options.order() : evaluations;
      assertEquals(expected, calls[0]);
      new DpmSolver(SCHEDULE, solver.options().withDenoiseToZero()).sample(counting, x);
      assertEquals(2 * expected + 1, calls[0]);
    }
  }

  private static GaussianMixture plane() {
    return new GaussianMixture(
        new double[] {3, 7}, new double[][] {{-1, 0.5}, {0.8, 0}}, new double[] {0.3, 0.5});
  }

  /** A batch is its rows, whatever its size: no row is lost, squeezed or seen by another. */
  @ParameterizedTest
  @MethodSource("fixedSteps")
  void rowsDoNotDependOnTheirBatch(SolverOptions options) {
    DpmSolver solver = new DpmSolver(SCHEDULE, options.withEvaluations(5));
    ExactDiffusion model = new ExactDiffusion(plane(), SCHEDULE);
    Tensor batch = Tensor.of(backend, DType.FLOAT64, Shape.of(3, 2), 1, 2, -0.5, 0.3, 0, -1);
    double[] together = solver.sample(model, batch).toDoubleArray();
    for (int row = 0; row < 3; row++) {
      double[] alone = solver.sample(model, batch.rows(row, row + 1)).toDoubleArray();
      assertArrayEquals(new double[] {together[2 * row], together[2 * row + 1]}, alone);
    }
  }

  @Test
  void leavesTheStartAlone() {
    Tensor x = column(1.5);
    new DpmSolver(SCHEDULE, SolverOptions.exact().withEvaluations(3))
        .sample(gaussian.diffusion(), x);
    assertEquals(1.5, x.item());
  }

  // ---- Options ---------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("fixedSteps")
  void goesBackToTheNoise(SolverOptions options) {
    DpmSolver solver = new DpmSolver(SCHEDULE, options.withEvaluations(1200));
    Tensor data = column(mixture.exact(options, MIXTURE_START));
    double tolerance = options.order() == 1 ? 0.02 : 2e-4;
    assertArrayEquals(
        MIXTURE_START, solver.noiseOf(mixture.diffusion(), data).toDoubleArray(), tolerance);
  }

  /** The last step of order 1 is a step of DDIM from where the others led. */
  @Test
  void lowerOrderFinal() {
    SolverOptions options = SolverOptions.multistep(2).withEvaluations(4);
    double[] times = new double[5];
    for (int i = 0; i < 5; i++) {
      times[i] = TimeGrid.LOG_SNR.node(SCHEDULE, 1, T_END, i, 4);
    }
    double before = gaussian.sample(options.withEvaluations(3).withTimes(1, times[3]), 1.5)[0];
    double last = gaussian.sample(DDIM.withEvaluations(1).withTimes(times[3], T_END), before)[0];
    assertEquals(last, gaussian.sample(options.withLowerOrderFinal(), 1.5)[0], 1e-12);
  }

  @Test
  void denoiseToZeroGivesThePredictedData() {
    for (Form form : Form.values()) {
      SolverOptions options = SolverOptions.multistep(2).withForm(form);
      double x = gaussian.sample(options, 1.5)[0];
      double eps = gaussian.diffusion().noise(column(x), T_END).item();
      double data = (x - SCHEDULE.sigma(T_END) * eps) / SCHEDULE.alpha(T_END);
      assertEquals(data, gaussian.sample(options.withDenoiseToZero(), 1.5)[0], 1e-12);
    }
  }

  @Test
  void correctionSeesEveryStepAndMayChangeIt() {
    for (SolverOptions options :
        List.of(
            SolverOptions.multistep(2).withEvaluations(4),
            SolverOptions.adaptive(2).withTolerance(0.1, 0.1))) {
      List<Integer> steps = new ArrayList<>();
      List<Double> times = new ArrayList<>();
      Tensor seven = column(7);
      SolverOptions.Correction correction =
          (x, t, step) -> {
            steps.add(step);
            times.add(t);
            return t == T_END ? seven : x;
          };
      assertEquals(7, gaussian.sample(options.withCorrection(correction), 1.5)[0]);
      assertEquals(steps.size(), steps.getLast());
      assertEquals(1, steps.getFirst());
      assertEquals(T_END, times.getLast());
      assertEquals(7, seven.item());
    }
  }

  @Test
  void thresholdingLimitsEveryPrediction() {
    SolverOptions options = SolverOptions.multistep(1).withThresholding(new Thresholding(1, 0.25));
    double limited = gaussian.sample(options.withDenoiseToZero(), 1.5)[0];
    assertEquals(0.25, limited, 1e-12);
    assertTrue(gaussian.sample(options, 1.5)[0] < 0.3);
  }

  @Test
  void startsOfAnotherScheduleAreRefused() {
    assertEquals(
        "DpmSolver: expected tStart of 0.9946 or less for this schedule, found 1.0; set it by"
            + " withTimes",
        assertThrows(
                IllegalArgumentException.class,
                () -> new DpmSolver(CosineSchedule.STANDARD, SolverOptions.exact()))
            .getMessage());
  }

  @Test
  void graphsAreSolvedByFixedStepsAlone() {
    DpmSolver.Space<Double> space =
        new DpmSolver.Space<>() {
          @Override
          public Double prediction(Double x, double t) {
            return 0.5;
          }

          @Override
          public Double sum(double a, Double x, double b, Double y) {
            return a * x + b * y;
          }
        };
    // With D = 1/2 at all times, x_t = sigma_t/sigma_s x + alpha_t (1 - e^-h) / 2 in one step.
    double h = SCHEDULE.lambda(T_END) - SCHEDULE.lambda(1);
    double expected =
        SCHEDULE.sigma(T_END) / SCHEDULE.sigma(1) * 1.5
            - SCHEDULE.alpha(T_END) * Math.expm1(-h) / 2;
    assertEquals(
        expected, new DpmSolver(SCHEDULE, SolverOptions.multistep(3)).solve(space, 1.5), 1e-12);
    for (SolverOptions options :
        List.of(
            SolverOptions.adaptive(2),
            SolverOptions.sde(1),
            SolverOptions.exact().withDenoiseToZero(),
            SolverOptions.multistep(2).withThresholding(Thresholding.IMAGEN),
            SolverOptions.exact().withCorrection((x, t, step) -> x))) {
      DpmSolver solver = new DpmSolver(SCHEDULE, options);
      assertThrows(IllegalArgumentException.class, () -> solver.solve(space, 1.5));
    }
  }

  /**
   * Exact guidance: q = N(.5, .5^2) and beta E = 4 x^2 give the target N(1/6, 1/12) when the score
   * is moved by the gradient of f_t = -ln(1 + 8 v)/2 - 4 M^2 / (1 + 8 v), with M and v the mean and
   * variance of x_0 given x_t.
   */
  @Test
  void exactGuidanceGivesTheTarget() {
    NoisePrediction.EnergyGradient gradient =
        (x, t) -> {
          double alpha = SCHEDULE.alpha(t);
          double sigma = SCHEDULE.sigma(t);
          double variance = alpha * alpha * 0.25 + sigma * sigma;
          double gain = 0.25 * alpha / variance;
          double v = 0.25 * sigma * sigma / variance;
          Tensor out = Tensor.empty(x.backend(), x.dtype(), x.shape());
          // df/dx = -8 M / (1 + 8 v) dM/dx, M = .5 + gain (x - alpha .5).
          double factor = -8 * gain / (1 + 8 * v);
          x.backend().affine(x, factor * gain, factor * (0.5 - gain * alpha * 0.5), out);
          return out;
        };
    NoisePrediction guided =
        new ExactDiffusion(GaussianMixture.normal(0.5, 0.5), SCHEDULE)
            .guided(SCHEDULE, gradient, 1);
    int n = 20_000;
    Tensor start = new Rng(backend, 5, "start").normal(DType.FLOAT64, Shape.of(n, 1));
    double[] samples =
        new DpmSolver(SCHEDULE, SolverOptions.exact().withEvaluations(40))
            .sample(guided, start)
            .toDoubleArray();
    double mean = 0;
    double square = 0;
    for (double s : samples) {
      mean += s / n;
      square += s * s / n;
    }
    double sd = Math.sqrt(1.0 / 12);
    // Three standard errors of the mean and of the sd.
    assertEquals(1.0 / 6, mean, 3 * sd / Math.sqrt(n));
    assertEquals(sd, Math.sqrt(square - mean * mean), 3 * sd / Math.sqrt(2.0 * n) + 0.002);
  }
}
