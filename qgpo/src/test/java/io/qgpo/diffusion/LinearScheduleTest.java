package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearScheduleTest {
  private static final LinearSchedule LINEAR = LinearSchedule.PAPER;

  @Property(tries = 200)
  void inverseLambdaInverts(@ForAll @DoubleRange(min = 1e-5, max = 1) @Scale(6) double t) {
    assertEquals(t, LINEAR.inverseLambda(LINEAR.lambda(t)), 1e-9 * t + 1e-13);
  }

  @Property(tries = 200)
  void variancePreserving(@ForAll @DoubleRange(min = 0, max = 1) double t) {
    double alpha = LINEAR.alpha(t);
    double sigma = LINEAR.sigma(t);
    assertEquals(1, alpha * alpha + sigma * sigma, 1e-15);
  }

  /** In float32, sigma near t = 0 keeps its digits: 1 - alpha^2 taken plainly would lose four. */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "simd"})
  void perturbKeepsItsDigits(String backendName) {
    Backend backend = Backends.choose(backendName, 1).backend();
    float[] times = {1e-5f, 1e-3f, 0.01f, 0.1f, 0.5f, 0.9f, 1};
    int n = times.length;
    Tensor t = Tensor.of(backend, Shape.of(n, 1), times);
    // Two columns: the signal alone, the noise alone.
    Tensor x0 = Tensor.zeros(backend, DType.FLOAT32, Shape.of(n, 2));
    Tensor noise = Tensor.zeros(backend, DType.FLOAT32, Shape.of(n, 2));
    backend.fill(x0.columns(0, 1), 1);
    backend.fill(noise.columns(1, 2), 1);
    float[] got = LINEAR.perturb(x0, t, noise).toFloatArray();
    for (int i = 0; i < n; i++) {
      double alpha = LINEAR.alpha(times[i]);
      double sigma = LINEAR.sigma(times[i]);
      assertEquals(alpha, got[2 * i], 4e-7 * alpha);
      assertEquals(sigma, got[2 * i + 1], 4e-7 * sigma);
    }
  }

  @Test
  void perturbMixesSignalAndNoisePerRow() {
    Backend backend = Backends.choose("scalar", 1).backend();
    Tensor x0 = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4);
    Tensor noise = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 2), 0.5, -1, 2, 0);
    Tensor t = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1), 0.2, 0.7);
    double[] got = LINEAR.perturb(x0, t, noise).toDoubleArray();
    assertEquals(LINEAR.alpha(0.2) * 2 - LINEAR.sigma(0.2), got[1], 1e-14);
    assertEquals(LINEAR.alpha(0.7) * 3 + LINEAR.sigma(0.7) * 2, got[2], 1e-14);
  }

  @Test
  void refusesRatesOutOfOrder() {
    assertEquals(
        "LinearSchedule: expected finite rates 0 < betaMin < betaMax, found 2.0 and 1.0",
        assertThrows(IllegalArgumentException.class, () -> new LinearSchedule(2, 1)).getMessage());
  }
}
