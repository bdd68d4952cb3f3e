package io.qgpo.diffusion;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/**
 * The linear variance-preserving schedule (Song et al. 2021, VP-SDE): x_t = alpha(t) x_0 + sigma(t)
 * noise with ln alpha(t) = -t^2 (betaMax - betaMin) / 4 - t betaMin / 2 and sigma^2 = 1 - alpha^2,
 * t in [0, 1].
 *
 * @param betaMin noise rate at t = 0
 * @param betaMax noise rate at t = 1
 */
public record NoiseSchedule(double betaMin, double betaMax) {
  /** The schedule of the paper: rates .1 and 20. */
  public static final NoiseSchedule LINEAR = new NoiseSchedule(0.1, 20);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless 0 &lt; betaMin &lt; betaMax
   */
  public NoiseSchedule {
    if (!(betaMin > 0 && betaMax > betaMin)) {
      throw new IllegalArgumentException(
          "NoiseSchedule: expected 0 < betaMin < betaMax, found " + betaMin + " and " + betaMax);
    }
  }

  /** ln alpha(t). */
  public double logAlpha(double t) {
    return -t * t * (betaMax - betaMin) / 4 - t * betaMin / 2;
  }

  /** The signal's factor. */
  public double alpha(double t) {
    return Math.exp(logAlpha(t));
  }

  /** The noise's standard deviation. */
  public double sigma(double t) {
    return Math.sqrt(-Math.expm1(2 * logAlpha(t)));
  }

  /** Half the log signal-to-noise ratio: ln(alpha / sigma), falling in t. */
  public double lambda(double t) {
    return logAlpha(t) - 0.5 * Math.log(-Math.expm1(2 * logAlpha(t)));
  }

  /** The t at which {@link #lambda} has this value (Lu et al. 2022, appendix D.4). */
  public double inverseLambda(double lambda) {
    // -2 ln alpha = ln(1 + e^(-2 lambda)), and ln alpha is a quadratic in t. log1p(exp) of a large
    // argument is the argument itself.
    double x = -2 * lambda;
    double minusTwoLogAlpha = x > 40 ? x : Math.log1p(Math.exp(x));
    double slope = betaMax - betaMin;
    return 2
        * minusTwoLogAlpha
        / (Math.sqrt(betaMin * betaMin + 2 * slope * minusTwoLogAlpha) + betaMin);
  }

  /**
   * alpha and sigma at many times at once.
   *
   * @param t rows x 1
   * @param alpha receives alpha(t), of t's shape
   * @param sigma receives sigma(t), of t's shape
   */
  public void marginal(Tensor t, Tensor alpha, Tensor sigma) {
    Backend backend = t.backend();
    // ln alpha into sigma for now: t (t slope + offset).
    backend.affine(t, -(betaMax - betaMin) / 4, -betaMin / 2, sigma);
    backend.binary(BinaryOp.MUL, t, sigma, sigma);
    backend.unary(UnaryOp.EXP, sigma, alpha);
    // 1 - alpha^2 = -tanh(ln alpha) (1 + alpha^2), which keeps its digits near t = 0 in float32.
    backend.unary(UnaryOp.TANH, sigma, sigma);
    Tensor square = Tensor.empty(backend, t.dtype(), t.shape());
    backend.unary(UnaryOp.SQUARE, alpha, square);
    backend.affine(square, -1, -1, square);
    backend.binary(BinaryOp.MUL, sigma, square, sigma);
    backend.unary(UnaryOp.SQRT, sigma, sigma);
  }

  /**
   * x_t = alpha(t) x_0 + sigma(t) noise; times broadcast against the data.
   *
   * @return of x0's shape, in the current scope
   */
  public Tensor perturb(Tensor x0, Tensor t, Tensor noise) {
    Backend backend = x0.backend();
    Tensor alpha = Tensor.empty(backend, t.dtype(), t.shape());
    Tensor sigma = Tensor.empty(backend, t.dtype(), t.shape());
    marginal(t, alpha, sigma);
    Tensor signal = Tensor.empty(backend, x0.dtype(), x0.shape());
    Tensor scaled = Tensor.empty(backend, x0.dtype(), x0.shape());
    backend.binary(BinaryOp.MUL, x0, alpha, signal);
    backend.binary(BinaryOp.MUL, noise, sigma, scaled);
    backend.binary(BinaryOp.ADD, signal, scaled, signal);
    return signal;
  }
}
