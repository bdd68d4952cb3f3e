package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GuidanceTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;
  private static final NoisePrediction UNREACHABLE =
      (x, t) -> {
        throw new AssertionError("the model was evaluated");
      };
  private final Backend backend = Backends.choose("scalar", 1).backend();
  private final Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(3, 1), -0.4, 0.3, 1.2);

  private static ExactDiffusion normal(double mean, double deviation) {
    return new ExactDiffusion(GaussianMixture.normal(mean, deviation), SCHEDULE);
  }

  @Test
  void classifierScaleMultipliesTheGradient() {
    // log p = -sum x^2: the gradient is -2 x.
    Guidance.Classifier classifier =
        (at, t) -> Elementwise.scale(Reduction.sumColumns(Elementwise.square(at)), -1);
    Tensor point = Tensor.of(backend, DType.FLOAT64, Shape.of(1, 2), 0.5, -1);
    NoisePrediction zero = (y, t) -> Tensor.zeros(y.backend(), y.dtype(), y.shape());
    double sigma = SCHEDULE.sigma(0.4);
    assertArrayEquals(
        new double[] {3 * sigma * 2 * 0.5, -3 * sigma * 2},
        Guidance.classifier(zero, SCHEDULE, classifier, 3).noise(point, 0.4).toDoubleArray(),
        1e-14);
  }

  @Test
  void scaleZeroDoesNotAskEnergyOrClassifier() {
    Guidance.Classifier classifier =
        (at, t) -> {
          throw new AssertionError("the classifier was evaluated");
        };
    NoisePrediction model = normal(0, 1);
    double[] plain = model.noise(x, 0.5).toDoubleArray();
    assertArrayEquals(
        plain, Guidance.classifier(model, SCHEDULE, classifier, 0).noise(x, 0.5).toDoubleArray());
    NoisePrediction.EnergyGradient energy = UNREACHABLE::noise;
    assertArrayEquals(plain, model.guided(SCHEDULE, energy, 0).noise(x, 0.5).toDoubleArray());
  }

  @Test
  void classifierFreeExtrapolatesFromTheUnconditionalModel() {
    double[] with = normal(1, 0.5).noise(x, 0.3).toDoubleArray();
    double[] without = normal(0, 1).noise(x, 0.3).toDoubleArray();
    double[] guided =
        Guidance.classifierFree(normal(1, 0.5), normal(0, 1), 3).noise(x, 0.3).toDoubleArray();
    for (int i = 0; i < guided.length; i++) {
      assertEquals(without[i] + 3 * (with[i] - without[i]), guided[i], 1e-13);
    }
    assertArrayEquals(
        with,
        Guidance.classifierFree(normal(1, 0.5), UNREACHABLE, 1).noise(x, 0.3).toDoubleArray());
    assertArrayEquals(
        without,
        Guidance.classifierFree(UNREACHABLE, normal(0, 1), 0).noise(x, 0.3).toDoubleArray());
  }
}
