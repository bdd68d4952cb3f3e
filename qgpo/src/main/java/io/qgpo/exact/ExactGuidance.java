package io.qgpo.exact;

/**
 * Guidance of a Gaussian mixture q by a {@link QuadraticEnergy} as its losses would learn it from
 * infinitely many samples: of all functions of (x_t, t), the optimum of CEP, which is the
 * intermediate energy of Lu et al. 2023 and exact, as is that of EMSE with a fixed offset; and the
 * optimum of MSE, which is not.
 *
 * <p>Times are given as alpha and sigma of x_t = alpha x_0 + sigma z. Gradients come of the
 * identity grad E[g(x_0) | x_t] = alpha / sigma^2 Cov(g(x_0), x_0 | x_t), which holds for whatever
 * is noised by a Gaussian.
 */
public final class ExactGuidance {
  private final GaussianMixture behaviour;
  private final QuadraticEnergy energy;

  /** Guidance of a behaviour by an energy of as many dimensions. */
  public ExactGuidance(GaussianMixture behaviour, QuadraticEnergy energy) {
    this.behaviour = behaviour;
    this.energy = energy;
  }

  /**
   * The smallest case, in one dimension: q = N(.5, .5^2) and beta e = -4 x^2, with the target
   * N(1/6, 1/12), f_t = -log(1 + 8 v) / 2 - 4 M^2 / (1 + 8 v), M and v the mean and variance of x_0
   * given x_t.
   */
  public static ExactGuidance ofOneGaussian() {
    return new ExactGuidance(GaussianMixture.normal(0.5, 0.5), new QuadraticEnergy(4, 0));
  }

  /** q. */
  public GaussianMixture behaviour() {
    return behaviour;
  }

  /** beta e. */
  public QuadraticEnergy energy() {
    return energy;
  }

  /** The distribution proportional to q exp(scale beta e). */
  public GaussianMixture target(double scale) {
    return energy.times(scale).target(behaviour);
  }

  /** The exact f_t(x) = log E[exp(beta e(x_0)) | x_t = x], the intermediate energy. */
  public double intermediate(double alpha, double sigma, double... x) {
    return energy.logMeanExp(behaviour.given(alpha, sigma, x));
  }

  /** The gradient of {@link #intermediate} with respect to x. */
  public double[] gradient(double alpha, double sigma, double... x) {
    GaussianMixture posterior = behaviour.given(alpha, sigma, x);
    GaussianMixture tilted = energy.target(posterior);
    double[] gradient = new double[x.length];
    for (int d = 0; d < x.length; d++) {
      // Cov(g, x_0) / E[g] with g = exp(beta e) is by how far g moves the mean.
      gradient[d] = alpha / (sigma * sigma) * (tilted.mean(d) - posterior.mean(d));
    }
    return gradient;
  }

  /** What regression learns instead: E[beta e(x_0) | x_t = x], which is at most f_t(x). */
  public double regression(double alpha, double sigma, double... x) {
    return energy.mean(behaviour.given(alpha, sigma, x));
  }

  /** The gradient of {@link #regression} with respect to x. */
  public double[] regressionGradient(double alpha, double sigma, double... x) {
    double[] gradient = energy.covariance(behaviour.given(alpha, sigma, x));
    for (int d = 0; d < x.length; d++) {
      gradient[d] *= alpha / (sigma * sigma);
    }
    return gradient;
  }
}
