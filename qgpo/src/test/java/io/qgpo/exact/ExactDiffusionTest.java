package io.qgpo.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ExactDiffusionTest {
  private static final GaussianMixture LINE = Bimodal.DATA;
  private final Backend backend = Backends.choose("scalar", 1).backend();

  private static ExactDiffusion of(GaussianMixture data) {
    return new ExactDiffusion(data, LinearSchedule.PAPER);
  }

  @Test
  void backwardsFromTheEndsOfAMixture() {
    for (int i = 0; i < 3; i++) {
      double[] end = {Bimodal.ends()[i]};
      assertEquals(Bimodal.starts()[i], of(LINE).solution(end, 1e-3, 1)[0], 1e-11);
    }
  }

  /** A mixture of two equal Gaussians is one; far out in the tails too. */
  @Test
  void quantilesAgreeWithTheClosedForm() {
    GaussianMixture twice =
        new GaussianMixture(
            new double[] {1, 1}, new double[][] {{1}, {1}}, new double[] {0.5, 0.5});
    for (double x : new double[] {-8, -3.2, -1, 0, 0.5, 2.9, 3.1, 7}) {
      double[] point = {x};
      assertEquals(
          of(GaussianMixture.normal(1, 0.5)).solution(point, 1, 1e-3)[0],
          of(twice).solution(point, 1, 1e-3)[0],
          1e-12);
    }
  }

  /** The path's slope is that of the diffusion ODE: dx/dlambda = sigma^2 x - sigma eps. */
  @Test
  void solutionFollowsTheOde() {
    ExactDiffusion diffusion = of(LINE);
    double t = 0.4;
    double h = 1e-5;
    double lambda = LinearSchedule.PAPER.lambda(t);
    double[] x = {0.3};
    double ahead = diffusion.solution(x, t, LinearSchedule.PAPER.inverseLambda(lambda + h))[0];
    double behind = diffusion.solution(x, t, LinearSchedule.PAPER.inverseLambda(lambda - h))[0];
    double sigma = LinearSchedule.PAPER.sigma(t);
    double eps = -sigma * diffusion.at(t).score(x)[0];
    assertEquals(sigma * sigma * x[0] - sigma * eps, (ahead - behind) / (2 * h), 1e-8);
  }

  @Test
  void refusesWhatHasNoClosedForm() {
    GaussianMixture plane =
        new GaussianMixture(
            new double[] {1, 1}, new double[][] {{0, 0}, {1, 1}}, new double[] {1, 1});
    assertEquals(
        "GaussianMixture: quantiles need 1 dimension, found 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> of(plane).solution(new double[] {0, 0}, 1, 0.5))
            .getMessage());
    Tensor floats = Tensor.of(backend, Shape.of(1, 1), 1f);
    assertEquals(
        "ExactDiffusion: expected a float64 tensor, found FLOAT32",
        assertThrows(IllegalArgumentException.class, () -> of(LINE).noise(floats, 0.5))
            .getMessage());
    SolverAccuracy accuracy = new SolverAccuracy(backend, LinearSchedule.PAPER, LINE);
    assertThrows(IllegalArgumentException.class, () -> accuracy.dispersion(SolverOptions.paper()));
    assertThrows(IllegalArgumentException.class, () -> accuracy.exactMoments(SolverOptions.sde(1)));
  }

  @Test
  void distributionAndMomentsOfAMixture() {
    // P(Z <= -1) = .158655253931457.
    assertEquals(0.158655253931457, GaussianMixture.normal(2, 3).probabilityBelow(-1), 1e-15);
    assertEquals(0.3 * -1 + 0.7 * 0.8, LINE.mean(0), 1e-15);
    assertEquals(
        Math.sqrt(0.3 * 0.09 + 0.7 * 0.25 + 0.21 * 1.8 * 1.8), LINE.deviationAlong(0), 1e-15);
  }
}
