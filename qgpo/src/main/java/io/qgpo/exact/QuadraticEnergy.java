package io.qgpo.exact;

/**
 * The energy beta e(x) = -c |x - b|^2, to be maximised: with it everything of energy guidance (Lu
 * et al. 2023) is known in closed form for a behaviour that is a {@link GaussianMixture}, since a
 * Gaussian times exp(beta e) is a Gaussian.
 *
 * <p>At y ~ N(m, s^2 I) in d dimensions, with n = 1 + 2 c s^2: E exp(beta e(y)) = n^(-d/2) exp(-c
 * |m - b|^2 / n), and the density times exp(beta e) is that of N(b + (m - b) / n, s^2 / n I), but
 * for this factor.
 */
public final class QuadraticEnergy {
  private final double curvature;
  private final double[] centre;

  /**
   * An energy.
   *
   * @param curvature c, 0 or more
   * @param centre b, where the energy is largest
   * @throws IllegalArgumentException if the curvature is negative
   */
  public QuadraticEnergy(double curvature, double... centre) {
    if (!(curvature >= 0)) {
      throw new IllegalArgumentException(
          "QuadraticEnergy: expected a curvature of 0 or more, found " + curvature);
    }
    this.curvature = curvature;
    this.centre = centre.clone();
  }

  /** This energy times a number that is 0 or more. */
  public QuadraticEnergy times(double scale) {
    return new QuadraticEnergy(scale * curvature, centre);
  }

  /** beta e(x). */
  public double at(double... x) {
    double square = 0;
    for (int d = 0; d < centre.length; d++) {
      square += (x[d] - centre[d]) * (x[d] - centre[d]);
    }
    return -curvature * square;
  }

  /** log E exp(beta e(x)) over a distribution. */
  public double logMeanExp(GaussianMixture distribution) {
    double[] terms = logFactors(distribution);
    double largest = Double.NEGATIVE_INFINITY;
    for (double term : terms) {
      largest = Math.max(largest, term);
    }
    double sum = 0;
    for (int k = 0; k < terms.length; k++) {
      sum += distribution.weight(k) * Math.exp(terms[k] - largest);
    }
    return largest + Math.log(sum);
  }

  /** E beta e(x) over a distribution. */
  public double mean(GaussianMixture distribution) {
    double mean = 0;
    for (int k = 0; k < distribution.components(); k++) {
      mean += distribution.weight(k) * componentMean(distribution, k);
    }
    return mean;
  }

  /** The covariance of beta e(x) with x over a distribution: a number for each dimension. */
  public double[] covariance(GaussianMixture distribution) {
    int dimensions = centre.length;
    double[] covariance = new double[dimensions];
    double mean = mean(distribution);
    for (int k = 0; k < distribution.components(); k++) {
      double variance = distribution.deviation(k) * distribution.deviation(k);
      double energy = componentMean(distribution, k);
      for (int d = 0; d < dimensions; d++) {
        // Within the component it is -2 c s^2 (m - b), between components as of any two numbers.
        double within = -2 * curvature * variance * (distribution.mean(k, d) - centre[d]);
        double between = (energy - mean) * (distribution.mean(k, d) - distribution.mean(d));
        covariance[d] += distribution.weight(k) * (within + between);
      }
    }
    return covariance;
  }

  /** The distribution proportional to q(x) exp(beta e(x)): the target of guidance. */
  public GaussianMixture target(GaussianMixture q) {
    int components = q.components();
    double[] factors = logFactors(q);
    double[][] means = new double[components][centre.length];
    double[] deviations = new double[components];
    double[] weights = new double[components];
    double most = logMeanExp(q);
    for (int k = 0; k < components; k++) {
      double narrowing = narrowing(q, k);
      for (int d = 0; d < centre.length; d++) {
        means[k][d] = centre[d] + (q.mean(k, d) - centre[d]) / narrowing;
      }
      deviations[k] = q.deviation(k) / Math.sqrt(narrowing);
      weights[k] = Math.max(q.weight(k) * Math.exp(factors[k] - most), Double.MIN_NORMAL);
    }
    return new GaussianMixture(weights, means, deviations);
  }

  private double[] logFactors(GaussianMixture distribution) {
    double[] logs = new double[distribution.components()];
    for (int k = 0; k < logs.length; k++) {
      double narrowing = narrowing(distribution, k);
      logs[k] = -0.5 * centre.length * Math.log(narrowing) + atMean(distribution, k) / narrowing;
    }
    return logs;
  }

  private double narrowing(GaussianMixture distribution, int component) {
    double deviation = distribution.deviation(component);
    return 1 + 2 * curvature * deviation * deviation;
  }

  private double componentMean(GaussianMixture distribution, int component) {
    double deviation = distribution.deviation(component);
    return atMean(distribution, component) - curvature * centre.length * deviation * deviation;
  }

  private double atMean(GaussianMixture distribution, int component) {
    double[] mean = new double[centre.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = distribution.mean(component, d);
    }
    return at(mean);
  }
}
