package io.qgpo.toy;

import java.util.random.RandomGenerator;

/**
 * The rolled-up band seen from its end: angle t from 1.5 pi to 4.5 pi at radius t, with Gaussian
 * noise of 1, all over 5; e is the squared distance from the origin over 9.
 */
final class SwissRoll implements ToySet {
  private static final double DIVISOR = 5;
  private static final double ENERGY_DIVISOR = 9;
  private static final int REGIONS = 8;

  @Override
  public String name() {
    return "swissroll";
  }

  @Override
  public double draw(RandomGenerator random, double[] point) {
    double t = 1.5 * Math.PI * (1 + 2 * random.nextDouble());
    point[0] = (t * Math.cos(t) + random.nextGaussian()) / DIVISOR;
    point[1] = (t * Math.sin(t) + random.nextGaussian()) / DIVISOR;
    return energy(point[0], point[1]);
  }

  @Override
  public double energy(double x, double y) {
    return (x * x + y * y) / ENERGY_DIVISOR;
  }

  @Override
  public int regions() {
    return REGIONS;
  }

  /** Equal steps of the radius between the ends of the roll. */
  @Override
  public int region(double x, double y) {
    double inner = 1.5 * Math.PI / DIVISOR;
    double along = (Math.hypot(x, y) - inner) / (2 * inner);
    return Math.clamp((long) Math.floor(along * REGIONS), 0, REGIONS - 1);
  }

  @Override
  public double reach() {
    return 3.5;
  }
}
