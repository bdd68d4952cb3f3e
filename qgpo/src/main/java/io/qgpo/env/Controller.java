package io.qgpo.env;

import java.util.SplittableRandom;

/** Drives the point along a route, more or less skilfully: one episode of the point maze's data. */
final class Controller {
  /** Distance at which a point of the route counts as reached: three quarters of a cell. */
  private static final double REACHED = 0.75;

  private final Route route;
  private final double force;
  private final double noise;
  private final SplittableRandom random;
  private int next;

  /**
   * @param route where to go
   * @param force length of the action towards the next point, at most 1
   * @param noise standard deviation of what is added to each action component
   * @param random source of that noise
   */
  Controller(Route route, double force, double noise, SplittableRandom random) {
    this.route = route;
    this.force = force;
    this.noise = noise;
    this.random = random;
  }

  /** The next action, within [-1, 1]. */
  float[] act(float[] observation) {
    double dx = route.points().get(next)[0] - observation[0];
    double dy = route.points().get(next)[1] - observation[1];
    double distance = Math.sqrt(dx * dx + dy * dy);
    if (distance < REACHED && next + 1 < route.points().size()) {
      next++;
      return act(observation);
    }
    double scale = force / Math.max(distance, 1e-9);
    return new float[] {component(scale * dx), component(scale * dy)};
  }

  private float component(double mean) {
    return (float) Math.clamp(mean + noise * gaussian(), -1, 1);
  }

  /** Box-Muller with StrictMath: the same data on every platform and JDK. */
  private double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
