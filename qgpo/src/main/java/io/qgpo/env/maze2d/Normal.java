package io.qgpo.env.maze2d;

import java.util.SplittableRandom;

/** Normally distributed numbers that are the same on every platform and JDK. */
final class Normal {
  private Normal() {}

  /** The next number of mean 0 and variance 1: Box-Muller with StrictMath. */
  static double next(SplittableRandom random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
