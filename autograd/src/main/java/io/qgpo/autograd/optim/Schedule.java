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

  /**
   * Always the same.
   *
   * @throws IllegalArgumentException if the rate is not 0 or more
   */
  static Schedule constant(double rate) {
    if (!(rate >= 0)) {
      throw new IllegalArgumentException(
          "constant schedule: rate must be 0 or more, found " + rate);
    }
    return step -> rate;
  }

  /**
   * From {@code rate} to {@code floor} along half a cosine (Loshchilov and Hutter 2017), then
   * {@code floor}.
   *
   * @throws IllegalArgumentException if not 0 &lt;= floor &lt;= rate, or steps is below 1
   */
  static Schedule cosine(double rate, double floor, long steps) {
    if (!(floor >= 0 && floor <= rate)) {
      throw new IllegalArgumentException(
          "cosine schedule: expected 0 <= floor <= rate, found floor " + floor + ", rate " + rate);
    }
    if (steps < 1) {
      throw new IllegalArgumentException(
          "cosine schedule: steps must be 1 or more, found " + steps);
    }
    return step -> {
      double done = Math.min(1, (double) step / steps);
      // (1 + cos(pi done)) / 2 is the square of either. Within an eighth of a turn StrictMath
      // computes both without making an array.
      double root =
          done <= 0.5
              ? StrictMath.cos(Math.PI / 2 * done)
              : StrictMath.sin(Math.PI / 2 * (1 - done));
      return floor + (rate - floor) * root * root;
    };
  }
}
