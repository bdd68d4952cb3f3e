package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.Bimodal;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
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
  private final Backend backend = Backends.choose("scalar", 1).backend();
  private final SolverAccuracy gaussian = on(GaussianMixture.normal(1, 0.5));
  private final SolverAccuracy mixture = on(Bimodal.DATA);

  private SolverAccuracy on(GaussianMixture data) {
    return new SolverAccuracy(backend, SCHEDULE, data);
  }

  private Tensor column(double... values) {
    return Tensor.of(backend, DType.FLOAT64, Shape.of(values.length, 1), values);
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
  void tellsBeforehandWhenItAsksTheModel(SolverOptions fixed) {
    for (SolverOptions options : List.of(fixed, fixed.withDenoiseToZero())) {
      List<Double> asked = new ArrayList<>();
      DpmSolver solver = new DpmSolver(SCHEDULE, options.withEvaluations(7));
      solver.sample(
          (x, t) -> {
            asked.add(t);
            return x;
          },
          column(1));
      double[] times = asked.stream().mapToDouble(t -> t).toArray();
      assertArrayEquals(times, solver.predictionTimes());
    }
  }

  @Test
  void tellsWhatADeviceMayRecord() {
    assertTrue(new DpmSolver(SCHEDULE, SolverOptions.exact()).staysOnDevice());
    SolverOptions sde = SolverOptions.sde(2).withEvaluations(7);
    assertEquals(7, new DpmSolver(SCHEDULE, sde).predictionTimes().length);
    DpmSolver adaptive = new DpmSolver(SCHEDULE, SolverOptions.adaptive(2));
    assertNull(adaptive.predictionTimes(), "they depend on the model");
    assertFalse(adaptive.staysOnDevice());
    SolverOptions corrected = SolverOptions.exact().withCorrection((x, t, step) -> x);
    assertFalse(new DpmSolver(SCHEDULE, corrected).staysOnDevice());
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

  @Test
  void leavesTheStartAlone() {
    Tensor x = column(1.5);
    new DpmSolver(SCHEDULE, SolverOptions.multistep(2).withEvaluations(3))
        .sample(gaussian.diffusion(), x);
    assertEquals(1.5, x.item());
  }

  // ---- Options ---------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("fixedSteps")
  void goesBackToTheNoise(SolverOptions options) {
    DpmSolver solver = new DpmSolver(SCHEDULE, options.withEvaluations(1200));
    Tensor data = column(mixture.exact(options, Bimodal.starts()));
    double tolerance = options.order() == 1 ? 0.02 : 2e-4;
    assertArrayEquals(
        Bimodal.starts(), solver.noiseOf(mixture.diffusion(), data).toDoubleArray(), tolerance);
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
  void startsOfAnotherScheduleAreRefused() {
    assertEquals(
        "DpmSolver: expected tStart of 0.9946 or less for this schedule, found 1.0; set it by"
            + " withTimes",
        assertThrows(
                IllegalArgumentException.class,
                () -> new DpmSolver(CosineSchedule.STANDARD, SolverOptions.multistep(2)))
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
            SolverOptions.multistep(2).withDenoiseToZero(),
            SolverOptions.multistep(2).withThresholding(Thresholding.IMAGEN),
            SolverOptions.multistep(2).withCorrection((x, t, step) -> x))) {
      DpmSolver solver = new DpmSolver(SCHEDULE, options);
      assertThrows(IllegalArgumentException.class, () -> solver.solve(space, 1.5));
    }
  }
}
