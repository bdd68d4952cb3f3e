package io.qgpo.diffusion;

import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;

/**
 * A variance-preserving noise schedule: x_t = alpha(t) x_0 + sigma(t) noise with sigma^2 = 1 -
 * alpha^2 and alpha falling from 1 at t = 0.
 */
public interface NoiseSchedule {
  /** ln alpha(t). */
  double logAlpha(double t);

  /** The t at which {@link #lambda} has this value. */
  double inverseLambda(double lambda);

  /** The last time at which the schedule is usable: where noise starts to become data. */
  double maxTime();

  /** The signal's factor. */
  default double alpha(double t) {
    return Math.exp(logAlpha(t));
  }

  /** The noise's standard deviation. */
  default double sigma(double t) {
    return Math.sqrt(-Math.expm1(2 * logAlpha(t)));
  }

  /** Half the log signal-to-noise ratio: ln(alpha / sigma), falling in t. */
  default double lambda(double t) {
    double logAlpha = logAlpha(t);
    return logAlpha - 0.5 * Math.log(-Math.expm1(2 * logAlpha));
  }

  /** ln alpha where ln(alpha / sigma) is lambda: -ln(1 + e^(-2 lambda)) / 2. */
  static double logAlphaAtLambda(double lambda) {
    double x = -2 * lambda;
    // log1p(exp) of a large argument is the argument itself.
    return -0.5 * (x > 40 ? x : Math.log1p(Math.exp(x)));
  }

  /**
   * x_t = alpha(t) x_0 + sigma(t) noise. This one reads the times to the host; a schedule that is
   * trained with computes on the device.
   *
   * @param x0 rows x dimensions, without gaps between rows
   * @param t rows / k x 1, each for k consecutive rows
   * @param noise of x0's shape, standard normal
   * @return of x0's shape, in the current scope
   */
  default Tensor perturb(Tensor x0, Tensor t, Tensor noise) {
    double[] times = t.toDoubleArray();
    Shape column = Shape.of(times.length, 1, 1);
    Tensor alpha = Tensor.empty(x0.backend(), x0.dtype(), column);
    Tensor sigma = Tensor.empty(x0.backend(), x0.dtype(), column);
    alpha.write(Arrays.stream(times).map(this::alpha).toArray());
    sigma.write(Arrays.stream(times).map(this::sigma).toArray());
    Shape grouped = Shape.of(times.length, x0.rows() / times.length, x0.columns());
    Tensor signal = Tensor.empty(x0.backend(), x0.dtype(), grouped);
    Tensor scaled = Tensor.empty(x0.backend(), x0.dtype(), grouped);
    x0.backend().binary(BinaryOp.MUL, x0.reshape(grouped), alpha, signal);
    x0.backend().binary(BinaryOp.MUL, noise.reshape(grouped), sigma, scaled);
    x0.backend().binary(BinaryOp.ADD, signal, scaled, signal);
    return signal.reshape(x0.shape());
  }

  /**
   * Data noised to one time, alpha(t) x_0 + sigma(t) noise: where a sampler starts that is to keep
   * something of given data.
   *
   * @param x0 rows x dimensions
   * @param noise of x0's shape, standard normal
   * @return of x0's shape, in the current scope
   */
  default Tensor addNoise(Tensor x0, double t, Tensor noise) {
    Tensor out = Tensor.empty(x0.backend(), x0.dtype(), x0.shape());
    x0.backend().addScaled(alpha(t), x0, sigma(t), noise, out);
    return out;
  }
}
