package io.qgpo.verify;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.exact.Quantiles;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Sampling in double precision, with solvers so fine that their error is no part of a result. */
final class Sampling {
  /** The paper's schedule. */
  static final NoiseSchedule SCHEDULE = NoiseSchedule.LINEAR;

  /** Where sampling ends, as in the paper. */
  static final double T_END = 1e-3;

  /** Computes in double precision. */
  static final Backend DOUBLE = Backends.choose("scalar", 1).backend();

  /** With the multistep method of order 2 the error is some 1e-4 of the spread. */
  private static final int EVALUATIONS = 100;

  private Sampling() {}

  /** A solver over the paper's times. */
  static DpmSolver solver(DpmSolver.Method method, int evaluations) {
    return new DpmSolver(SCHEDULE, method, evaluations, 1, T_END);
  }

  /** Solves finely. */
  static double[] fine(NoisePrediction model, Tensor start) {
    return solver(DpmSolver.Method.MULTISTEP_2_LOG_SNR, EVALUATIONS)
        .sample(model, start)
        .toDoubleArray();
  }

  /**
   * Where the quantiles of the noise flow to, in order: no chance is in it.
   *
   * @param model of one dimension
   */
  static double[] flow(NoisePrediction model, Backend backend, DType dtype, int points) {
    double[] noise = Quantiles.of(GaussianMixture.normal(0, 1), points);
    return fine(model, Tensor.of(backend, dtype, Shape.of(points, 1), noise));
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
