package io.qgpo.diffusion;

import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;

/**
 * Single steps in lambda whose length follows the error, which is what two orders differ by: orders
 * 1 and 2, or 2 and 3 (DPM-Solver-12 and -23, Lu et al. 2022, appendix C). All rows share their
 * steps, and the worst row decides.
 */
final class Adaptive {
  /** The first step in lambda, as in appendix C. */
  private static final double FIRST_STEP = 0.05;

  /** What a step is shorter than the error would allow, as in appendix C. */
  private static final double SAFETY = 0.9;

  /** A step in lambda below which no error falls any more: its rounding is as large. */
  private static final double SHORTEST_STEP = 1e-9;

  private final DpmSolver.Space<Tensor> space;
  private final NoiseSchedule schedule;
  private final SolverOptions options;
  private final Singlestep<Tensor> rules;

  Adaptive(DpmSolver.Space<Tensor> space, NoiseSchedule schedule, SolverOptions options) {
    this.space = space;
    this.schedule = schedule;
    this.options = options;
    rules = new Singlestep<>(space, schedule, options.form(), TimeGrid.LOG_SNR);
  }

  private record Pair(Tensor lower, Tensor higher) {}

  /**
   * Solves from start to end, in either direction.
   *
   * @throws ArithmeticException if no step is short enough: the model gave NaN, or the tolerance is
   *     below what the numbers' type resolves
   */
  Tensor solve(Tensor begin, double start, double end) {
    Tensor x = begin;
    double s = start;
    double direction = end < start ? 1 : -1;
    double h = FIRST_STEP;
    for (int step = 0; s != end; ) {
      double left = direction * (schedule.lambda(end) - schedule.lambda(s));
      double t = h >= left ? end : schedule.inverseLambda(schedule.lambda(s) + direction * h);
      if (t != end && h < SHORTEST_STEP) {
        throw new ArithmeticException(
            "DpmSolver: no step from t = "
                + s
                + " stays within the tolerance: check the model for NaN, or raise the tolerance");
      }
      try (Scope scope = Scope.open("adaptive step")) {
        Pair pair = options.order() == 2 ? orders12(x, s, t) : orders23(x, s, t);
        double error = error(pair, x);
        if (error <= 1) {
          x = scope.escape(space.corrected(pair.higher(), t, ++step));
          s = t;
        }
        double longer = SAFETY * Math.pow(error, -1.0 / options.order());
        h = Math.min(h, left) * (Double.isNaN(longer) ? 0.1 : longer);
      }
    }
    return x;
  }

  private Pair orders12(Tensor x, double s, double t) {
    Tensor at0 = space.prediction(x, s);
    double s1 = TimeGrid.LOG_SNR.between(schedule, s, t, 0.5);
    Tensor at1 = space.prediction(rules.first(x, at0, s, s1), s1);
    return new Pair(rules.first(x, at0, s, t), rules.second(x, at0, at1, s, s1, t));
  }

  private Pair orders23(Tensor x, double s, double t) {
    Tensor at0 = space.prediction(x, s);
    double s1 = TimeGrid.LOG_SNR.between(schedule, s, t, 1.0 / 3);
    double s2 = TimeGrid.LOG_SNR.between(schedule, s, t, 2.0 / 3);
    Tensor at1 = space.prediction(rules.first(x, at0, s, s1), s1);
    Tensor at2 = space.prediction(rules.slope(x, at0, at1, s, s1, s2), s2);
    return new Pair(rules.second(x, at0, at1, s, s1, t), rules.slope(x, at0, at2, s, s2, t));
  }

  /**
   * The largest over rows of the root mean square of difference / max(absolute, relative
   * max(|lower|, |x|)): at most 1 if the step is good.
   */
  private double error(Pair pair, Tensor x) {
    double[] lower = pair.lower().toDoubleArray();
    double[] higher = pair.higher().toDoubleArray();
    double[] before = x.toDoubleArray();
    int columns = x.columns();
    double largest = 0;
    for (int from = 0; from < lower.length; from += columns) {
      double sum = 0;
      for (int i = from; i < from + columns; i++) {
        double size = Math.max(Math.abs(lower[i]), Math.abs(before[i]));
        double allowed = Math.max(options.absoluteTolerance(), options.relativeTolerance() * size);
        double ratio = (higher[i] - lower[i]) / allowed;
        sum += ratio * ratio;
      }
      largest = Math.max(largest, Math.sqrt(sum / columns));
    }
    return largest;
  }
}
