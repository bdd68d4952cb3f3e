package io.qgpo.autograd.optim;

/** A learning rate that may depend on the step. */
@FunctionalInterface
public interface Schedule {
  /**
   * The rate.
   *
   * @param step 0 for the first update
   */
  double rate(long step);

  /** Always the same. */
  static Schedule constant(double rate) {
    return step -> rate;
  }

  /**
   * From {@code rate} to {@code floor} along half a cosine (Loshchilov and Hutter 2017), then
   * {@code floor}.
   */
  static Schedule cosine(double rate, double floor, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "cosine schedule: steps must be 1 or more, found " + steps);
    }
    return step -> {
      double done = Math.min(1, (double) step / steps);
      return floor + (rate - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * done));
    };
  }
}
