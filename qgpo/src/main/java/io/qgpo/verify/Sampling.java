package io.qgpo.verify;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.LinearSchedule;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.ExactGuidance;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.Quantiles;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * Guided sampling in double precision, by a solver so fine that its error is no part of a result.
 */
final class Sampling {
  /** The paper's schedule. */
  static final NoiseSchedule SCHEDULE = LinearSchedule.PAPER;

  /** Computes in double precision. */
  static final Backend DOUBLE = Backends.choose("scalar", 1).backend();

  /** By the multistep method of order 2 the error is some 1e-4 of the spread. */
  private static final DpmSolver FINE =
      new DpmSolver(SCHEDULE, SolverOptions.multistep(2).withEvaluations(100));

  private Sampling() {}

  /**
   * Where noise leads to under guidance, with the behaviour's exact score.
   *
   * @param gradient of f_t, exact or learnt
   * @param noise rows x dimensions, on {@link #DOUBLE}
   */
  static double[] guided(
      ExactGuidance guidance, NoisePrediction.EnergyGradient gradient, double scale, Tensor noise) {
    return FINE.sample(model(guidance, gradient, scale), noise).toDoubleArray();
  }

  private static NoisePrediction model(
      ExactGuidance guidance, NoisePrediction.EnergyGradient gradient, double scale) {
    return new ExactDiffusion(guidance.behaviour(), SCHEDULE).guided(SCHEDULE, gradient, scale);
  }

  /** Where the quantiles of the noise lead to in one dimension, in order: no chance is in it. */
  static double[] flow(
      ExactGuidance guidance, NoisePrediction.EnergyGradient gradient, double scale, int points) {
    return flow(model(guidance, gradient, scale), points);
  }

  /** The same of any model. */
  static double[] flow(NoisePrediction model, int points) {
    double[] noise = Quantiles.of(GaussianMixture.normal(0, 1), points);
    Tensor start = Tensor.of(DOUBLE, DType.FLOAT64, Shape.of(points, 1), noise);
    return FINE.sample(model, start).toDoubleArray();
  }

  /** The mean of numbers. */
  static double mean(double[] numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }

  /** Their standard deviation (divisor n). */
  static double deviation(double[] numbers) {
    double mean = mean(numbers);
    double sum = 0;
    for (double number : numbers) {
      sum += (number - mean) * (number - mean);
    }
    return Math.sqrt(sum / numbers.length);
  }
}
