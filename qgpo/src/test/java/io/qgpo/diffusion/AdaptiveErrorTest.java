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
import org.junit.jupiter.api.Test;

/** What counts as the error of an adaptive step, by how many evaluations it costs. */
class AdaptiveErrorTest {
  /** Of small numbers: only the relative tolerance matters. */
  private static final double TINY = 1e-9;

  private final Backend backend = Backends.choose("scalar", 1).backend();

  /** Evaluations for rows of data that are N(0, .5^2) in all dimensions, by absolute tolerance. */
  private int evaluations(double tolerance, Tensor start) {
    double[][] origin = {new double[start.columns()]};
    var data = new GaussianMixture(new double[] {1}, origin, new double[] {0.5});
    NoisePrediction exact = new ExactDiffusion(data, LinearSchedule.PAPER);
    int[] calls = {0};
    NoisePrediction counting =
        (x, t) -> {
          calls[0]++;
          return exact.noise(x, t);
        };
    new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(2).withTolerance(tolerance, 0))
        .sample(counting, start);
    return calls[0];
  }

  private Tensor rows(int columns, double... values) {
    Shape shape = Shape.of(values.length / columns, columns);
    return Tensor.of(backend, DType.FLOAT64, shape, values);
  }

  /** Two dimensions of which one stays at 0: the error is 1/sqrt(2) of the other's. */
  @Test
  void isTheRootMeanSquareOverDimensions() {
    double tolerance = 1e-4;
    int alone = evaluations(tolerance, rows(1, 1.5));
    int mean = evaluations(tolerance, rows(2, 1.5, 0));
    assertEquals(evaluations(tolerance * Math.sqrt(2), rows(1, 1.5)), mean);
    assertTrue(mean < alone, mean + " and " + alone);
    assertEquals(alone, evaluations(tolerance, rows(2, 1.5, 1.5)));
  }

  /** A row that has nothing to do hides nothing of one that has. */
  @Test
  void theWorstRowDecides() {
    int alone = evaluations(1e-4, rows(1, 1.5));
    assertEquals(alone, evaluations(1e-4, rows(1, 0, 1.5, 0, 0)));
    assertEquals(alone, evaluations(1e-4, rows(1, 1.5, 0, 0, 0)));
  }

  /** Everything 1024 times as large, the model included: not one evaluation more. */
  @Test
  void isRelativeToTheValues() {
    NoisePrediction small =
        new ExactDiffusion(GaussianMixture.normal(1, 0.5), LinearSchedule.PAPER);
    int[] calls = {0, 0};
    double scale = 1024;
    NoisePrediction ofSmall =
        (x, t) -> {
          calls[0]++;
          return small.noise(x, t);
        };
    NoisePrediction ofLarge =
        (x, t) -> {
          calls[1]++;
          return scaled(small.noise(scaled(x, 1 / scale), t), scale);
        };
    DpmSolver solver =
        new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(2).withTolerance(TINY, 1e-3));
    double[] expected = solver.sample(ofSmall, rows(1, 1.5)).toDoubleArray();
    double[] found = solver.sample(ofLarge, rows(1, 1.5 * scale)).toDoubleArray();
    assertEquals(calls[0], calls[1]);
    assertEquals(scale * expected[0], found[0], 1e-9 * scale);
  }

  private static Tensor scaled(Tensor x, double factor) {
    Tensor out = Tensor.empty(x.backend(), x.dtype(), x.shape());
    x.backend().affine(x, factor, 0, out);
    return out;
  }
}
