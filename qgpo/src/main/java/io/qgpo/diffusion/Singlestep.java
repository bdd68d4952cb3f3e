package io.qgpo.diffusion;

/**
 * Single steps: each starts afresh and evaluates the prediction D as often as its order says, at s
 * and at nodes between s and t. With r the share of the step, in lambda, at which a node lies.
 */
final class Singlestep<X> {
  private final DpmSolver.Space<X> space;
  private final NoiseSchedule schedule;
  private final Form form;
  private final TimeGrid grid;

  Singlestep(DpmSolver.Space<X> space, NoiseSchedule schedule, Form form, TimeGrid grid) {
    this.space = space;
    this.schedule = schedule;
    this.form = form;
    this.grid = grid;
  }

  /** One step of an order from 1 to 3, its inner nodes at even shares on the grid. */
  X step(int order, X x, double s, double t) {
    X at0 = space.prediction(x, s);
    if (order == 1) {
      return first(x, at0, s, t);
    }
    double s1 = grid.between(schedule, s, t, 1.0 / order);
    X at1 = space.prediction(first(x, at0, s, s1), s1);
    if (order == 2) {
      return second(x, at0, at1, s, s1, t);
    }
    double s2 = grid.between(schedule, s, t, 2.0 / order);
    X at2 = space.prediction(slope(x, at0, at1, s, s1, s2), s2);
    return slope(x, at0, at2, s, s2, t);
  }

  /**
   * D held at its value at s. Noise form: x_t = (alpha_t/alpha_s) x - sigma_t (e^h - 1) eps, Lu et
   * al. 2022, eq. 3.7; data form: x_t = (sigma_t/sigma_s) x - alpha_t (e^-h - 1) x0, Lu et al.
   * 2022b, eq. 9 at order 1. Both are DDIM.
   */
  X first(X x, X at0, double s, double t) {
    return Step.of(form, schedule, s, t).with(space, x, at0);
  }

  /**
   * D held at (1 - 1/2r) D_0 + 1/2r D_1: DPM-Solver-2, Lu et al. 2022, algorithm 4 (algorithm 1 at
   * r = 1/2), and DPM-Solver++(2S), Lu et al. 2022b, algorithm 1.
   */
  X second(X x, X at0, X at1, double s, double s1, double t) {
    Step step = Step.of(form, schedule, s, t);
    double r = (schedule.lambda(s1) - schedule.lambda(s)) / step.h();
    return step.with(space, x, space.sum(1 - 0.5 / r, at0, 0.5 / r, at1));
  }

  /**
   * D as the line through its values at s and a node: the second and the last of the three parts of
   * DPM-Solver-3, Lu et al. 2022, algorithm 2, which at r = 2/3 of the last is of order 3.
   */
  X slope(X x, X at0, X atNode, double s, double node, double t) {
    double toNode = schedule.lambda(node) - schedule.lambda(s);
    X derivative = space.sum(1 / toNode, atNode, -1 / toNode, at0);
    return Step.of(form, schedule, s, t).with(space, x, at0, derivative);
  }
}
