package io.qgpo.verify;

import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.tensor.Tensor;

/** A gradient of guidance in closed form, in place of a network's. */
@FunctionalInterface
interface ExactGradient {
  /** The gradient at a point, at the time of this alpha and sigma. */
  double[] at(double alpha, double sigma, double... x);

  /** The gradient for tensors, by the paper's schedule. */
  default NoisePrediction.EnergyGradient onTensors() {
    return (x, t) -> {
      double alpha = Sampling.SCHEDULE.alpha(t);
      double sigma = Sampling.SCHEDULE.sigma(t);
      double[] values = x.toDoubleArray();
      int columns = x.columns();
      double[] point = new double[columns];
      for (int row = 0; row < values.length; row += columns) {
        System.arraycopy(values, row, point, 0, columns);
        System.arraycopy(at(alpha, sigma, point), 0, values, row, columns);
      }
      return Tensor.of(x.backend(), x.dtype(), x.shape(), values);
    };
  }
}
