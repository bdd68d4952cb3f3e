package io.qgpo.diffusion;

/**
 * Multistep rules: the prediction D is evaluated once a step, and its derivatives in lambda are
 * those of the polynomial through the last two or three values. The first steps, which have fewer,
 * are of lower order; that does not show where the path begins, as D hardly changes there.
 */
final class Multistep<X> {
  private final DpmSolver.Space<X> space;
  private final NoiseSchedule schedule;
  private final Form form;
  private final PredictionHistory<X> history;

  Multistep(DpmSolver.Space<X> space, NoiseSchedule schedule, Form form) {
    this.space = space;
    this.schedule = schedule;
    this.form = form;
    history = new PredictionHistory<>(schedule);
  }

  /** One step, of this order or of what the values so far allow. */
  X step(int order, X x, double s, double t) {
    history.add(s, space.prediction(x, s));
    Step step = Step.of(form, schedule, s, t);
    return switch (Math.min(order, history.size())) {
      case 1 -> step.with(space, x, history.value(0));
      case 2 -> second(step, x);
      default -> third(step, x);
    };
  }

  /** DPM-Solver++(2M), Lu et al. 2022b, algorithm 2, and its like in noise form. */
  private X second(Step step, X x) {
    return step.with(space, x, history.ahead(space, step.h()));
  }

  /**
   * D as Newton's polynomial through three values: D'' = 2 D[0,1,2] and D' = D[0,1] + (lambda_0 -
   * lambda_1) D[0,1,2] at lambda_0, with divided differences D[..]. The widely copied code of this
   * method lacks the factor 2, which leaves it at order 2.
   */
  private X third(Step step, X x) {
    double h1 = history.lambda(0) - history.lambda(1);
    double h2 = history.lambda(1) - history.lambda(2);
    X near = space.sum(1 / h1, history.value(0), -1 / h1, history.value(1));
    X far = space.sum(1 / h2, history.value(1), -1 / h2, history.value(2));
    X second = space.sum(2 / (h1 + h2), near, -2 / (h1 + h2), far);
    X derivative = space.sum(1, near, h1 / 2, second);
    return step.with(space, x, history.value(0), derivative, second);
  }
}
