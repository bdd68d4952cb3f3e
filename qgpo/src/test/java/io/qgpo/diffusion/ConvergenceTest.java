package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.SolverAccuracy;
import io.qgpo.tensor.Backends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The error of each fixed-step method falls with the power of the step that its order says, on
 * grids even in log-SNR, from 240 to 960 evaluations. Steps in lambda are .01 to .04 for one
 * evaluation a step and up to three times as long for single steps.
 */
class ConvergenceTest {
  private static final double[] STARTS = {-1.2, 0.1, 0.7};
  private static final int[] EVALUATIONS = {240, 480, 960};

  /** Of these, single steps of order 3 end with a step of order 2, which keeps the order. */
  private static final int[] EVALUATIONS_PLUS_2 = {242, 482, 962};

  private static SolverAccuracy on(GaussianMixture data) {
    return new SolverAccuracy(Backends.choose("scalar", 1).backend(), LinearSchedule.PAPER, data);
  }

  private static SolverAccuracy mixture() {
    return on(
        new GaussianMixture(
            new double[] {0.3, 0.7}, new double[][] {{-1}, {0.8}}, new double[] {0.3, 0.5}));
  }

  static List<SolverOptions> methods() {
    List<SolverOptions> methods = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int order = 1; order <= 3; order++) {
        methods.add(SolverOptions.singlestep(order).withForm(form));
        methods.add(SolverOptions.singlestepFixed(order).withForm(form));
        methods.add(SolverOptions.multistep(order).withForm(form));
      }
    }
    return methods;
  }

  private static int[] evaluations(SolverOptions options) {
    return options.method() == SolverOptions.Method.SINGLESTEP && options.order() == 3
        ? EVALUATIONS_PLUS_2
        : EVALUATIONS;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void onAMixture(SolverOptions options) {
    double slope = mixture().slope(options, evaluations(options), STARTS);
    assertEquals(options.order(), slope, 0.1);
  }

  /**
   * Up to t = .2: over the whole path the leading error of multistep 3 cancels on a Gaussian, whose
   * derivatives vanish at both ends.
   */
  @ParameterizedTest
  @MethodSource("methods")
  void onAGaussian(SolverOptions options) {
    double slope =
        on(GaussianMixture.normal(1, 0.2))
            .slope(options.withTimes(1, 0.2), evaluations(options), STARTS);
    assertEquals(options.order(), slope, 0.1);
  }

  /** The same on the other schedules: the methods know a schedule by its functions alone. */
  @Test
  void onOtherSchedules() {
    double[] betas = new double[20];
    Arrays.setAll(betas, n -> 0.005 + 0.04 * n);
    SolverOptions options = SolverOptions.multistep(2);
    SolverAccuracy cosine =
        new SolverAccuracy(
            Backends.choose("scalar", 1).backend(),
            CosineSchedule.STANDARD,
            GaussianMixture.normal(1, 0.5));
    assertEquals(2, cosine.slope(options.withTimes(0.99, 1e-3), EVALUATIONS, STARTS), 0.1);
    SolverAccuracy discrete =
        new SolverAccuracy(
            Backends.choose("scalar", 1).backend(),
            DiscreteSchedule.ofBetas(betas),
            GaussianMixture.normal(1, 0.5));
    assertEquals(2, discrete.slope(options.withTimes(1, 0.05), EVALUATIONS, STARTS), 0.1);
  }

  /** On a grid in time, whose steps in lambda differ, to where they are not yet too long. */
  @ParameterizedTest
  @MethodSource("methods")
  void onUniformTimes(SolverOptions options) {
    int more = evaluations(options) == EVALUATIONS ? 0 : 2;
    double slope =
        mixture()
            .slope(
                options.withGrid(TimeGrid.TIME_UNIFORM).withTimes(1, 0.05),
                new int[] {960 + more, 1920 + more},
                STARTS);
    assertEquals(options.order(), slope, 0.1);
  }
}
