package io.qgpo.toy;

import java.util.random.RandomGenerator;

/**
 * The black squares of side 2 on a board of side 8 about the origin; e is 1 in every other column,
 * x at most -2, or above 0 and at most 2, and 0 in the rest.
 */
final class Checkerboard implements ToySet {
  private static final int SIDE = 2;
  private static final int SQUARES = 4;

  @Override
  public String name() {
    return "checkerboard";
  }

  @Override
  public double draw(RandomGenerator random, double[] point) {
    double x = random.nextDouble() * 4 - 2;
    double y = random.nextDouble() - (random.nextBoolean() ? 2 : 0);
    point[0] = SIDE * x;
    point[1] = SIDE * (y + Math.floorMod((long) Math.floor(x), 2));
    return energy(point[0], point[1]);
  }

  @Override
  public double energy(double x, double y) {
    return x <= -2 || (x > 0 && x <= 2) ? 1 : 0;
  }

  @Override
  public int regions() {
    return SQUARES * SQUARES;
  }

  /** The square, white ones among them, which should be empty. */
  @Override
  public int region(double x, double y) {
    return column(x) * SQUARES + column(y);
  }

  private static int column(double x) {
    return Math.clamp((long) Math.floor(x / SIDE) + SQUARES / 2, 0, SQUARES - 1);
  }
}
