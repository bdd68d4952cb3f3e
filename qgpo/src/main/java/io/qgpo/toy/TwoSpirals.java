package io.qgpo.toy;

import java.util.random.RandomGenerator;

/**
 * Two arms, each the other turned by half a circle: with n = 3 pi sqrt(u) an arm is (-n cos n + .5
 * u', n sin n + .5 u'') / 3, u all uniform, with Gaussian noise of .1; e is 1 - n/10.
 */
final class TwoSpirals implements ToySet {
  private static final double TURNS = 3 * Math.PI;
  private static final double DIVISOR = 3;
  private static final double WIDTH = 0.5;
  private static final double NOISE = 0.1;

  /** Of each arm. */
  private static final int PARTS = 5;

  @Override
  public String name() {
    return "2spirals";
  }

  @Override
  public double draw(RandomGenerator random, double[] point) {
    double n = TURNS * Math.sqrt(random.nextDouble());
    double arm = random.nextBoolean() ? 1 : -1;
    double x = -n * Math.cos(n) + WIDTH * random.nextDouble();
    double y = n * Math.sin(n) + WIDTH * random.nextDouble();
    point[0] = arm * x / DIVISOR + NOISE * random.nextGaussian();
    point[1] = arm * y / DIVISOR + NOISE * random.nextGaussian();
    return energyAt(n);
  }

  private static double energyAt(double n) {
    return Math.clamp(1 - n / 10, 0.0, 1.0);
  }

  /** That of the n at which an arm is as far from the origin. */
  @Override
  public double energy(double x, double y) {
    return energyAt(DIVISOR * Math.hypot(x, y));
  }

  @Override
  public int regions() {
    return 2 * PARTS;
  }

  /** Equal steps of the radius, on the arm whose angle pi - n is nearer. */
  @Override
  public int region(double x, double y) {
    double n = DIVISOR * Math.hypot(x, y);
    int part = Math.clamp((long) Math.floor(n / TURNS * PARTS), 0, PARTS - 1);
    boolean first = Math.cos(Math.atan2(y, x) - (Math.PI - n)) >= 0;
    return first ? part : PARTS + part;
  }

  @Override
  public double reach() {
    return 4;
  }
}
