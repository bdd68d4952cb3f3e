package io.qgpo.diffusion;

import io.qgpo.tensor.Tensor;

/**
 * The linear schedule (Song et al. 2021, VP-SDE): ln alpha(t) = -t^2 (betaMax - betaMin) / 4 - t
 * betaMin / 2, t in [0, 1].
 *
 * @param betaMin noise rate at t = 0
 * @param betaMax noise rate at t = 1
 */
public record LinearSchedule(double betaMin, double betaMax) implements NoiseSchedule {
  /** The schedule of the paper: rates .1 and 20. */
  public static final LinearSchedule PAPER = new LinearSchedule(0.1, 20);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless 0 &lt; betaMin &lt; betaMax, which is finite
   */
  public LinearSchedule {
    if (!(betaMin > 0 && betaMax > betaMin && betaMax < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "LinearSchedule: expected finite rates 0 < betaMin < betaMax, found "
              + betaMin
              + " and "
              + betaMax);
    }
  }

  @Override
  public double maxTime() {
    return 1;
  }

  @Override
  public double logAlpha(double t) {
    return -t * t * (betaMax - betaMin) / 4 - t * betaMin / 2;
  }

  /** By the quadratic's root (Lu et al. 2022, appendix D.4). */
  @Override
  public double inverseLambda(double lambda) {
    double minusTwoLogAlpha = -2 * NoiseSchedule.logAlphaAtLambda(lambda);
    double slope = betaMax - betaMin;
    return 2
        * minusTwoLogAlpha
        / (Math.sqrt(betaMin * betaMin + 2 * slope * minusTwoLogAlpha) + betaMin);
  }

  /** In one sweep on the device. */
  @Override
  public Tensor perturb(Tensor x0, Tensor t, Tensor noise) {
    Tensor out = Tensor.empty(x0.backend(), x0.dtype(), x0.shape());
    x0.backend().perturb(x0, t, noise, -(betaMax - betaMin) / 4, -betaMin / 2, out);
    return out;
  }
}
