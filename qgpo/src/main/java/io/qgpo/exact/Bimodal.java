package io.qgpo.exact;

/**
 * Data in one dimension that solvers are tried on, .3 N(-1, .3^2) + .7 N(.8, .5^2), whose score is
 * not linear; and three points of their noise with where the diffusion ODE takes them, by an
 * independent computation.
 */
public final class Bimodal {
  /** The data. */
  public static final GaussianMixture DATA =
      new GaussianMixture(
          new double[] {0.3, 0.7}, new double[][] {{-1}, {0.8}}, new double[] {0.3, 0.5});

  private Bimodal() {}

  /** Points at t = 1. */
  public static double[] starts() {
    return new double[] {-1.2, 0.1, 0.7};
  }

  /** Where the ODE of the paper's schedule takes {@link #starts} at t = .001. */
  public static double[] ends() {
    return new double[] {-1.089848280672, 0.595929902221, 0.997484854144};
  }
}
