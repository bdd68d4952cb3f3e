package io.qgpo.toy;

import java.util.random.RandomGenerator;

/**
 * Two half circles of radius 1 that reach into each other, with Gaussian noise of .1, doubled and
 * moved by (-1, -.2); e is 1 on the second, which is open to above.
 */
final class Moons implements ToySet {
  private static final double NOISE = 0.1;
  private static final double SCALE = 2;
  private static final double[] SHIFT = {-1, -0.2};

  /** Of the second half circle. */
  private static final double[] CENTRE = {1, 0.5};

  @Override
  public String name() {
    return "moons";
  }

  @Override
  public double draw(RandomGenerator random, double[] point) {
    boolean second = random.nextBoolean();
    double angle = random.nextDouble(Math.PI);
    double x = second ? CENTRE[0] - Math.cos(angle) : Math.cos(angle);
    double y = second ? CENTRE[1] - Math.sin(angle) : Math.sin(angle);
    point[0] = SCALE * (x + NOISE * random.nextGaussian()) + SHIFT[0];
    point[1] = SCALE * (y + NOISE * random.nextGaussian()) + SHIFT[1];
    return second ? 1 : 0;
  }

  @Override
  public double energy(double x, double y) {
    return region(x, y);
  }

  @Override
  public int regions() {
    return 2;
  }

  /** The nearer moon. */
  @Override
  public int region(double x, double y) {
    double u = (x - SHIFT[0]) / SCALE;
    double v = (y - SHIFT[1]) / SCALE;
    return toUpperHalf(u, v) <= toUpperHalf(CENTRE[0] - u, CENTRE[1] - v) ? 0 : 1;
  }

  /** The distance to the upper half of the unit circle. */
  private static double toUpperHalf(double u, double v) {
    return v >= 0 ? Math.abs(Math.hypot(u, v) - 1) : Math.hypot(Math.abs(u) - 1, v);
  }

  @Override
  public double reach() {
    return 3.5;
  }
}
