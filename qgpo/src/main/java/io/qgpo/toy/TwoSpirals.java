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

  /** That of the nearer arm at the place. */
  @Override
  public double energy(double x, double y) {
    return energyAt(turn(x, y, isFirst(x, y) ? 1 : -1));
  }

  @Override
  public int regions() {
    return 2 * PARTS;
  }

  /** Equal steps of n, on the nearer arm. */
  @Override
  public int region(double x, double y) {
    boolean first = isFirst(x, y);
    double along = turn(x, y, first ? 1 : -1) / TURNS;
    int part = Math.clamp((long) Math.floor(along * PARTS), 0, PARTS - 1);
    return first ? part : PARTS + part;
  }

  /** The n at which the middle of an arm is as far out as a place is. */
  private static double turn(double x, double y, int arm) {
    return Math.hypot(DIVISOR * arm * x - WIDTH / 2, DIVISOR * arm * y - WIDTH / 2);
  }

  /** Whether the first arm, whose angle is pi - n, is nearer than the second at a place's n. */
  private static boolean isFirst(double x, double y) {
    return agreement(x, y, 1) >= agreement(x, y, -1);
  }

  private static double agreement(double x, double y, int arm) {
    double u = DIVISOR * arm * x - WIDTH / 2;
    double v = DIVISOR * arm * y - WIDTH / 2;
    return Math.cos(Math.atan2(v, u) - (Math.PI - turn(x, y, arm)));
  }

  @Override
  public double reach() {
    return 4;
  }
}
