package io.qgpo.toy;

import io.qgpo.exact.GaussianMixture;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Eight Gaussians of standard deviation .5 on a circle of radius 4, from the north against the
 * clock, all divided by 1.414; e is the number of the Gaussian, from 0, over 7.
 */
final class EightGaussians implements ToySet {
  private static final int MODES = 8;

  /** Rounded in the authors' code, so here, too. */
  private static final double DIVISOR = 1.414;

  private static final double RADIUS = 4 / DIVISOR;
  private static final double DEVIATION = 0.5 / DIVISOR;

  private final double[][] centres = new double[MODES][];
  private final GaussianMixture mixture;

  EightGaussians() {
    for (int k = 0; k < MODES; k++) {
      double angle = Math.PI / 2 + k * 2 * Math.PI / MODES;
      centres[k] = new double[] {RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)};
    }
    double[] weights = new double[MODES];
    double[] deviations = new double[MODES];
    Arrays.fill(weights, 1);
    Arrays.fill(deviations, DEVIATION);
    mixture = new GaussianMixture(weights, centres, deviations);
  }

  @Override
  public String name() {
    return "8gaussians";
  }

  @Override
  public double draw(RandomGenerator random, double[] point) {
    int k = random.nextInt(MODES);
    point[0] = centres[k][0] + DEVIATION * random.nextGaussian();
    point[1] = centres[k][1] + DEVIATION * random.nextGaussian();
    return energyOf(k);
  }

  private static double energyOf(int mode) {
    return mode / (MODES - 1.0);
  }

  @Override
  public double energy(double x, double y) {
    return energyOf(region(x, y));
  }

  @Override
  public int regions() {
    return MODES;
  }

  /** The nearest Gaussian. */
  @Override
  public int region(double x, double y) {
    long eighth = Math.round((Math.atan2(y, x) - Math.PI / 2) / (2 * Math.PI / MODES));
    return Math.floorMod(eighth, MODES);
  }

  @Override
  public Optional<GaussianMixture> mixture() {
    return Optional.of(mixture);
  }
}
