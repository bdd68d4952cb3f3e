package io.qgpo.diffusion;

import java.util.function.Supplier;

/**
 * Steps of the reverse diffusion SDE, which has the same marginals as the ODE but draws fresh noise
 * in each step (SDE-DPM-Solver and SDE-DPM-Solver++ of Lu et al. 2022b). Multistep of order 1 or 2,
 * one evaluation a step; the first step is of order 1.
 */
final class SdeMultistep<X> {
  private final DpmSolver.Space<X> space;
  private final NoiseSchedule schedule;
  private final Form form;
  private final Supplier<X> noise;
  private final PredictionHistory<X> history;

  /** Steps that draw standard normal noise of x's shape from {@code noise}. */
  SdeMultistep(DpmSolver.Space<X> space, NoiseSchedule schedule, Form form, Supplier<X> noise) {
    this.space = space;
    this.schedule = schedule;
    this.form = form;
    this.noise = noise;
    history = new PredictionHistory<>(schedule);
  }

  /**
   * One step from s to t, with D held at its value at s (order 1) or half a step ahead (order 2).
   *
   * <p>Data form, SDE-DPM-Solver++(1) and ++(2M): x_t = (sigma_t/sigma_s) e^-h x + alpha_t (1 -
   * e^-2h) D + sigma_t sqrt(1 - e^-2h) z. Noise form, SDE-DPM-Solver-1 and -2M: x_t =
   * (alpha_t/alpha_s) x - 2 sigma_t (e^h - 1) D + sigma_t sqrt(e^2h - 1) z.
   */
  X step(int order, X x, double s, double t) {
    history.add(s, space.prediction(x, s));
    double h = schedule.lambda(t) - schedule.lambda(s);
    double alpha = schedule.alpha(t);
    double sigma = schedule.sigma(t);
    X prediction =
        Math.min(order, history.size()) == 1 ? history.value(0) : history.ahead(space, h);
    X drifted =
        switch (form) {
          case DATA ->
              space.sum(
                  sigma / schedule.sigma(s) * Math.exp(-h),
                  x,
                  -alpha * Math.expm1(-2 * h),
                  prediction);
          case NOISE ->
              space.sum(alpha / schedule.alpha(s), x, -2 * sigma * Math.expm1(h), prediction);
        };
    double variance =
        switch (form) {
          case DATA -> -Math.expm1(-2 * h);
          case NOISE -> Math.expm1(2 * h);
        };
    return space.sum(1, drifted, sigma * Math.sqrt(variance), noise.get());
  }
}
