package io.qgpo.verify;

import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Tensor;
import java.util.function.UnaryOperator;

/** What is known in closed form, in place of networks. */
final class ExactModels {
  private ExactModels() {}

  /** The noise prediction that is right for data of this distribution: -sigma score. */
  static NoisePrediction noise(GaussianMixture data, NoiseSchedule schedule) {
    return (x, t) -> {
      double sigma = schedule.sigma(t);
      GaussianMixture noised = data.noised(schedule.alpha(t), sigma);
      return map(
          x,
          point -> {
            double[] noise = noised.score(point);
            for (int d = 0; d < noise.length; d++) {
              noise[d] *= -sigma;
            }
            return noise;
          });
    };
  }

  /** A gradient in closed form. */
  interface Gradient {
    /** The gradient at a point at the time of this alpha and sigma. */
    double[] at(double alpha, double sigma, double... x);
  }

  /** A gradient in closed form, for tensors. */
  static NoisePrediction.EnergyGradient gradient(Gradient gradient, NoiseSchedule schedule) {
    return (x, t) -> map(x, point -> gradient.at(schedule.alpha(t), schedule.sigma(t), point));
  }

  private static Tensor map(Tensor x, UnaryOperator<double[]> function) {
    double[] values = x.toDoubleArray();
    int columns = x.columns();
    double[] point = new double[columns];
    for (int at = 0; at < values.length; at += columns) {
      System.arraycopy(values, at, point, 0, columns);
      System.arraycopy(function.apply(point), 0, values, at, columns);
    }
    return Tensor.of(x.backend(), x.dtype(), x.shape(), values);
  }
}
