package io.qgpo.toy;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;

/**
 * The log-density that a learnt score gives to the square about the origin in which a set is.
 *
 * @param side cells along an edge
 * @param reach half the side of the square
 * @param logDensity at the cells' centres, row by row from below
 */
public record DensityMap(int side, double reach, double[] logDensity) {
  /** As fine as a panel of 200 pixels needs when drawn smoothly. */
  private static final int SIDE = 80;

  /** Of the flow: on densities in closed form ln p is then right to .003. */
  private static final int STEPS = 20;

  /** Computes it. */
  static DensityMap of(ToySet set, ToyScoreNet score, Backend backend) {
    double reach = set.reach();
    double cell = 2 * reach / SIDE;
    double[] points = new double[2 * SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      points[2 * i] = -reach + cell * (i % SIDE + 0.5);
      points[2 * i + 1] = -reach + cell * (i / SIDE + 0.5);
    }
    var flow =
        new ProbabilityFlow((x, t) -> score.apply(x, ToyDiffusion.time(x.value(), t)), STEPS);
    return new DensityMap(SIDE, reach, flow.logDensity(backend, DType.FLOAT32, points));
  }

  /** The integral over the square, which is 1 for a density that is in it. */
  double mass() {
    double cell = 2 * reach / side;
    double sum = 0;
    for (double log : logDensity) {
      sum += Math.exp(log) * cell * cell;
    }
    return sum;
  }
}
