package io.qgpo.diffusion;

/**
 * One step of the diffusion ODE from s to t as its exact solution has it, with the prediction D
 * expanded in lambda around s (Lu et al. 2022, eq. 3.6, and 2022b, eq. 9, of the two forms):
 *
 * <p>x_t = scale x_s + value D + slope D' + curvature D''
 *
 * <p>The factors are the integrals of e^lambda (data form) or e^-lambda (noise form) times (lambda
 * - lambda_s)^k / k!, by parts.
 *
 * @param h lambda_t - lambda_s
 */
record Step(double h, double scale, double value, double slope, double curvature) {
  static Step of(Form form, NoiseSchedule schedule, double s, double t) {
    double h = schedule.lambda(t) - schedule.lambda(s);
    return switch (form) {
      case DATA -> {
        double integral0 = -Math.expm1(-h);
        double integral1 = h - integral0;
        double integral2 = h * h / 2 - integral1;
        double alpha = schedule.alpha(t);
        double scale = schedule.sigma(t) / schedule.sigma(s);
        yield new Step(h, scale, alpha * integral0, alpha * integral1, alpha * integral2);
      }
      case NOISE -> {
        double integral0 = Math.expm1(h);
        double integral1 = integral0 - h;
        double integral2 = integral1 - h * h / 2;
        double minusSigma = -schedule.sigma(t);
        double scale = schedule.alpha(t) / schedule.alpha(s);
        yield new Step(
            h, scale, minusSigma * integral0, minusSigma * integral1, minusSigma * integral2);
      }
    };
  }

  /** The step with D held at one value, or at a mean of values: order 1. */
  <X> X with(DpmSolver.Space<X> space, X x, X prediction) {
    return space.sum(scale, x, value, prediction);
  }

  /** The step with D and D'. */
  <X> X with(DpmSolver.Space<X> space, X x, X prediction, X derivative) {
    return space.sum(1, with(space, x, prediction), slope, derivative);
  }

  /** The step with D, D' and D''. */
  <X> X with(DpmSolver.Space<X> space, X x, X prediction, X derivative, X second) {
    return space.sum(1, with(space, x, prediction, derivative), curvature, second);
  }
}
