package io.qgpo.toy;

import java.util.random.RandomGenerator;

/** Four rings about the origin with Gaussian noise of .08, equally many points on each. */
final class Rings implements ToySet {
  private static final double[] RADII = {3, 2.25, 1.5, 0.75};
  private static final double[] ENERGIES = {0.667, 0.333, 1, 0};
  private static final double NOISE = 0.08;

  @Override
  public String name() {
    return "rings";
  }

  @Override
  public double draw(RandomGenerator random, double[] point) {
    int ring = random.nextInt(RADII.length);
    double angle = random.nextDouble(2 * Math.PI);
    point[0] = RADII[ring] * Math.cos(angle) + NOISE * random.nextGaussian();
    point[1] = RADII[ring] * Math.sin(angle) + NOISE * random.nextGaussian();
    return ENERGIES[ring];
  }

  @Override
  public double energy(double x, double y) {
    return ENERGIES[region(x, y)];
  }

  @Override
  public int regions() {
    return RADII.length;
  }

  /** The nearest ring, from the outside. */
  @Override
  public int region(double x, double y) {
    double steps = (RADII[0] - Math.hypot(x, y)) / (RADII[0] - RADII[1]);
    return Math.clamp(Math.round(steps), 0, RADII.length - 1);
  }
}
