package io.qgpo.toy;

import io.qgpo.exact.GaussianMixture;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A distribution q of points in the plane, each with an energy e from about 0 to 1 that guidance
 * seeks: its target is p proportional to q exp(beta e). All six are those of the authors' code.
 */
public interface ToySet {
  /** As in {@code --set}. */
  String name();

  /**
   * Draws a point of q.
   *
   * @param point receives x and y
   * @return the e that it was drawn with
   */
  double draw(RandomGenerator random, double[] point);

  /** The e of a place, as far as a place tells it: of points nobody drew. */
  double energy(double x, double y);

  /** Into how many parts the plane is cut, to compare how much of two distributions is in each. */
  int regions();

  /** The part that a place is in, from 0. */
  int region(double x, double y);

  /**
   * q in closed form, whose components are the regions and have one e each; empty if it has none.
   */
  default Optional<GaussianMixture> mixture() {
    return Optional.empty();
  }

  /** Half the side of the square about the origin in which nearly all points are. */
  default double reach() {
    return 4.5;
  }
}
