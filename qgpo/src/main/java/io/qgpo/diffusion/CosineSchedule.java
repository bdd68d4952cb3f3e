package io.qgpo.diffusion;

/**
 * The cosine schedule (Nichol and Dhariwal 2021, arXiv:2102.09672, eq. 17) in continuous time:
 * alpha(t) = cos(pi/2 (t + s)/(1 + s)) / cos(pi/2 s/(1 + s)).
 *
 * @param offset s, which keeps the noise rate from vanishing at t = 0
 */
public record CosineSchedule(double offset) implements NoiseSchedule {
  /** Nichol and Dhariwal's: s = .008. */
  public static final CosineSchedule STANDARD = new CosineSchedule(0.008);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless the offset is positive and finite
   */
  public CosineSchedule {
    if (!(offset > 0 && offset < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "CosineSchedule: expected a positive offset, found " + offset);
    }
  }

  /** .9946, as DPM-Solver takes it (Lu et al. 2022, appendix D.4): alpha vanishes at 1. */
  @Override
  public double maxTime() {
    return 0.9946;
  }

  @Override
  public double logAlpha(double t) {
    return Math.log(Math.cos(angle(t)) / Math.cos(angle(0)));
  }

  @Override
  public double sigma(double t) {
    // cos^2 a - cos^2 b = sin(b - a) sin(b + a): no digits are lost near t = 0.
    double from = angle(0);
    double to = angle(t);
    return Math.sqrt(Math.sin(to - from) * Math.sin(to + from)) / Math.cos(from);
  }

  @Override
  public double lambda(double t) {
    return logAlpha(t) - Math.log(sigma(t));
  }

  @Override
  public double inverseLambda(double lambda) {
    // sin^2 b - sin^2 a = sigma^2 cos^2 a, where sigma = alpha e^-lambda; the arcus tangens of
    // sin b / cos b keeps its digits at both ends.
    double from = angle(0);
    double logAlpha = NoiseSchedule.logAlphaAtLambda(lambda);
    double cos = Math.exp(logAlpha) * Math.cos(from);
    double sigma = Math.exp(logAlpha - lambda) * Math.cos(from);
    double sin = Math.hypot(Math.sin(from), sigma);
    return Math.atan2(sin, cos) * 2 * (1 + offset) / Math.PI - offset;
  }

  private double angle(double t) {
    return (t + offset) / (1 + offset) * Math.PI / 2;
  }
}
