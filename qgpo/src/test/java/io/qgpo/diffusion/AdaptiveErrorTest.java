package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What counts as the error of an adaptive step, by how many evaluations it costs. */
class AdaptiveErrorTest {
  private final Backend backend = Backends.choose("scalar", 1).backend();

  /** Evaluations for data N(mean, deviation^2) in each of so many dimensions. */
  private int evaluations(double mean, double deviation, int dimensions, double relative) {
    double[] means = new double[dimensions];
    Arrays.fill(means, mean);
    var data =
        new GaussianMixture(new double[] {1}, new double[][] {means}, new double[] {deviation});
    NoisePrediction exact = new ExactDiffusion(data, LinearSchedule.PAPER);
    int[] calls = {0};
    NoisePrediction counting =
        (x, t) -> {
          calls[0]++;
          return exact.noise(x, t);
        };
    Tensor start = Tensor.full(backend, DType.FLOAT64, Shape.of(1, dimensions), 1.5);
    new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(2).withTolerance(1e-9, relative))
        .sample(counting, start);
    return calls[0];
  }

  /** A mean over dimensions: more of the same cost the same. */
  @Test
  void doesNotGrowWithDimensions() {
    assertEquals(evaluations(1, 0.5, 1, 1e-3), evaluations(1, 0.5, 4, 1e-3));
  }

  /** Relative to the values: large data cost no more than small. */
  @Test
  void isRelativeToTheValues() {
    int small = evaluations(1, 0.5, 1, 1e-3);
    int large = evaluations(100, 50, 1, 1e-3);
    assertTrue(large < 3 * small, large + " and " + small);
  }
}
