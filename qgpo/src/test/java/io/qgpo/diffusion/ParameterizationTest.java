package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One exact diffusion, told in four ways, samples the same. */
class ParameterizationTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;
  private static final ExactDiffusion EXACT =
      new ExactDiffusion(
          new GaussianMixture(
              new double[] {0.3, 0.7}, new double[][] {{-1}, {0.8}}, new double[] {0.3, 0.5}),
          SCHEDULE);

  /** From the definitions: x = alpha x0 + sigma eps, v = alpha eps - sigma x0. */
  private static Tensor output(Parameterization kind, Tensor x, double t) {
    double alpha = SCHEDULE.alpha(t);
    double sigma = SCHEDULE.sigma(t);
    double[] points = x.toDoubleArray();
    double[] out = new double[points.length];
    for (int i = 0; i < out.length; i++) {
      double score = EXACT.at(t).score(points[i])[0];
      double eps = -sigma * score;
      double data = (points[i] - sigma * eps) / alpha;
      out[i] =
          switch (kind) {
            case NOISE -> eps;
            case DATA -> data;
            case VELOCITY -> alpha * eps - sigma * data;
            case SCORE -> score;
          };
    }
    return Tensor.of(x.backend(), DType.FLOAT64, x.shape(), out);
  }

  @ParameterizedTest
  @EnumSource(Parameterization.class)
  void predictsTheSameNoise(Parameterization kind) {
    Tensor x =
        Tensor.of(
            Backends.choose("scalar", 1).backend(), DType.FLOAT64, Shape.of(3, 1), -1.2, 0.1, 0.7);
    NoisePrediction model = kind.noise(SCHEDULE, (y, t) -> output(kind, y, t));
    for (double t : new double[] {1e-3, 0.2, 1}) {
      assertArrayEquals(
          EXACT.noise(x, t).toDoubleArray(), model.noise(x, t).toDoubleArray(), 1e-11);
    }
    DpmSolver solver = new DpmSolver(SCHEDULE, SolverOptions.exact());
    assertArrayEquals(
        solver.sample(EXACT, x).toDoubleArray(), solver.sample(model, x).toDoubleArray(), 1e-10);
  }
}
