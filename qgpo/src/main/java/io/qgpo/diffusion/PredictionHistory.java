package io.qgpo.diffusion;

import java.util.ArrayList;
import java.util.List;

/** The last three predictions of a multistep method, newest first, and where in lambda they lie. */
final class PredictionHistory<X> {
  private static final int LENGTH = 3;

  private record Entry<X>(double lambda, X value) {}

  private final NoiseSchedule schedule;
  private final List<Entry<X>> entries = new ArrayList<>();

  PredictionHistory(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  void add(double t, X prediction) {
    entries.addFirst(new Entry<>(schedule.lambda(t), prediction));
    if (entries.size() > LENGTH) {
      entries.removeLast();
    }
  }

  int size() {
    return entries.size();
  }

  X value(int age) {
    return entries.get(age).value();
  }

  double lambda(int age) {
    return entries.get(age).lambda();
  }

  /**
   * The line through the last two values, taken half a step ahead: (1 + 1/2r) D_0 - 1/2r D_1 with r
   * the last step in lambda over the one to come, which is the mean of D over the step to order 2.
   */
  X ahead(DpmSolver.Space<X> space, double h) {
    double r = (lambda(0) - lambda(1)) / h;
    return space.sum(1 + 0.5 / r, value(0), -0.5 / r, value(1));
  }
}
