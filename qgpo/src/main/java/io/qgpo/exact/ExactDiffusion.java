package io.qgpo.exact;

import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;

/**
 * The diffusion of a Gaussian mixture: the model that predicts its noise without error, and the
 * exact solution of its ODE.
 *
 * @param data the distribution at t = 0
 * @param schedule how it is noised
 */
public record ExactDiffusion(GaussianMixture data, NoiseSchedule schedule)
    implements NoisePrediction {

  /** The distribution at t. */
  public GaussianMixture at(double t) {
    return data.noised(schedule.alpha(t), schedule.sigma(t));
  }

  /**
   * -sigma(t) times the score of the distribution at t.
   *
   * @param x rows x the data's dimensions, float64
   * @throws IllegalArgumentException if x is of another type or width
   */
  @Override
  public Tensor noise(Tensor x, double t) {
    if (x.dtype() != DType.FLOAT64) {
      throw new IllegalArgumentException(
          "ExactDiffusion: expected a float64 tensor, found " + x.dtype());
    }
    GaussianMixture noised = at(t);
    double sigma = schedule.sigma(t);
    int columns = x.columns();
    double[] values = x.toDoubleArray();
    double[] point = new double[columns];
    for (int from = 0; from < values.length; from += columns) {
      System.arraycopy(values, from, point, 0, columns);
      double[] score = noised.score(point);
      for (int d = 0; d < columns; d++) {
        values[from + d] = -sigma * score[d];
      }
    }
    return Tensor.of(x.backend(), DType.FLOAT64, x.shape(), values);
  }

  /**
   * Where the ODE takes a point from one time to another. One Gaussian in any dimension: x_t =
   * alpha_t mu + sqrt(V_t/V_s) (x_s - alpha_s mu) with V = alpha^2 s^2 + sigma^2. A mixture in one
   * dimension: the point at the same quantile.
   *
   * @throws IllegalArgumentException for a mixture in more than one dimension, of which no closed
   *     form is known
   */
  public double[] solution(double[] x, double from, double to) {
    GaussianMixture start = at(from);
    GaussianMixture end = at(to);
    if (data.components() > 1) {
      return new double[] {end.atQuantileOf(x[0], start)};
    }
    double stretch = end.deviation(0) / start.deviation(0);
    double[] y = new double[x.length];
    for (int d = 0; d < y.length; d++) {
      y[d] = end.mean(0, d) + stretch * (x[d] - start.mean(0, d));
    }
    return y;
  }
}
