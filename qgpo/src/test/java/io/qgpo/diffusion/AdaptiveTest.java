package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.Bimodal;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AdaptiveTest {
  private final Backend backend = Backends.choose("scalar", 1).backend();

  /** Order 3 is what makes tight tolerances cheap. */
  @Test
  void higherOrderNeedsFewerEvaluations() {
    assertTrue(4 * evaluations(3, 1e-6) < evaluations(2, 1e-6));
    assertTrue(evaluations(3, 1e-2) < evaluations(3, 1e-4));
  }

  private int evaluations(int order, double tolerance) {
    int[] calls = {0};
    NoisePrediction exact = new ExactDiffusion(Bimodal.DATA, LinearSchedule.PAPER);
    NoisePrediction counting =
        (x, t) -> {
          calls[0]++;
          return exact.noise(x, t);
        };
    new DpmSolver(
            LinearSchedule.PAPER, SolverOptions.adaptive(order).withTolerance(tolerance, tolerance))
        .sample(counting, start(Bimodal.starts()));
    return calls[0];
  }

  private Tensor start(double... values) {
    return Tensor.of(backend, DType.FLOAT64, Shape.of(values.length, 1), values);
  }

  @Test
  void aModelOfNanIsAnError() {
    DpmSolver solver = new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(2));
    NoisePrediction broken =
        (x, t) -> Tensor.full(x.backend(), x.dtype(), x.shape(), t < 0.5 ? Double.NaN : 0);
    String message =
        assertThrows(ArithmeticException.class, () -> solver.sample(broken, start(1, 2)))
            .getMessage();
    assertTrue(
        message.endsWith(
            " stays within the tolerance: check the model for NaN, or raise the tolerance"),
        message);
  }

  /** In float32, with more than one dimension and a row that has nothing to do. */
  @Test
  void float32AndSeveralDimensions() {
    Tensor x = Tensor.of(backend, Shape.of(2, 2), 0, 0, 1.5f, -0.5f);
    NoisePrediction standard =
        (y, t) -> {
          Tensor noise = Tensor.empty(y.backend(), y.dtype(), y.shape());
          y.backend().affine(y, LinearSchedule.PAPER.sigma(t), 0, noise);
          return noise;
        };
    // Standard normal data stay where they are.
    float[] end =
        new DpmSolver(LinearSchedule.PAPER, SolverOptions.adaptive(3).withTolerance(1e-3, 1e-3))
            .sample(standard, x)
            .toFloatArray();
    assertEquals(1.5, end[2], 3e-3);
    assertEquals(-0.5, end[3], 3e-3);
    assertEquals(0, end[0]);
  }
}
