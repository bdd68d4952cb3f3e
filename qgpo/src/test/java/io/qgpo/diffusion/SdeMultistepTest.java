package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The noise of the stochastic solver; its order and moments are checks of {@code verify}. */
class SdeMultistepTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;

  @ParameterizedTest
  @CsvSource({"DATA", "NOISE"})
  void sameStartOtherNoiseOtherSamples(Form form) {
    Backend backend = Backends.choose("scalar", 1).backend();
    DpmSolver solver = new DpmSolver(SCHEDULE, SolverOptions.sde(2).withForm(form));
    NoisePrediction model = new ExactDiffusion(GaussianMixture.normal(0, 1), SCHEDULE);
    Tensor start = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 1), 0.3);
    double first = solver.sample(model, start, new Rng(backend, 1, "sde")).item();
    assertEquals(first, solver.sample(model, start, new Rng(backend, 1, "sde")).item());
    assertTrue(first != solver.sample(model, start, new Rng(backend, 2, "sde")).item());
    assertEquals(
        "DpmSolver.sample: expected options of an ODE, found the SDE's; sample(model, start, rng)"
            + " solves it",
        assertThrows(IllegalArgumentException.class, () -> solver.sample(model, start))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> solver.noiseOf(model, start));
  }
}
