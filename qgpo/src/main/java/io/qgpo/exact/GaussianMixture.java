package io.qgpo.exact;

import java.util.random.RandomGenerator;

/**
 * A mixture of isotropic Gaussians, in double precision: the data distribution of which everything
 * is known in closed form. Noised by a diffusion, x_t = alpha x_0 + sigma z, it is again one: the
 * means times alpha, the variances alpha^2 s^2 + sigma^2.
 */
public final class GaussianMixture {
  private final double[] weights;
  private final double[][] means;
  private final double[] deviations;

  /**
   * A mixture.
   *
   * @param weights positive; they are normalised
   * @param means component by dimension
   * @param deviations the standard deviation of each component, in every direction
   * @throws IllegalArgumentException if the lengths differ, or a weight or deviation is not
   *     positive
   */
  public GaussianMixture(double[] weights, double[][] means, double[] deviations) {
    if (weights.length == 0
        || means.length != weights.length
        || deviations.length != weights.length) {
      throw new IllegalArgumentException(
          "GaussianMixture: expected as many weights, means and deviations, at least one, found "
              + weights.length
              + ", "
              + means.length
              + " and "
              + deviations.length);
    }
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (!(weights[k] > 0 && deviations[k] > 0) || means[k].length != means[0].length) {
        throw new IllegalArgumentException(
            "GaussianMixture: component "
                + k
                + ": expected a positive weight and deviation and "
                + means[0].length
                + " dimensions, found "
                + weights[k]
                + ", "
                + deviations[k]
                + " and "
                + means[k].length);
      }
      sum += weights[k];
    }
    this.weights = weights.clone();
    for (int k = 0; k < weights.length; k++) {
      this.weights[k] /= sum;
    }
    this.means = new double[means.length][];
    for (int k = 0; k < means.length; k++) {
      this.means[k] = means[k].clone();
    }
    this.deviations = deviations.clone();
  }

  /** A single Gaussian in one dimension. */
  public static GaussianMixture normal(double mean, double deviation) {
    return new GaussianMixture(new double[] {1}, new double[][] {{mean}}, new double[] {deviation});
  }

  /** Numbers in a point. */
  public int dimensions() {
    return means[0].length;
  }

  /** Components. */
  public int components() {
    return weights.length;
  }

  /** The share of a component; they add up to 1. */
  public double weight(int component) {
    return weights[component];
  }

  /** A component's mean in one dimension. */
  public double mean(int component, int dimension) {
    return means[component][dimension];
  }

  /** A component's standard deviation. */
  public double deviation(int component) {
    return deviations[component];
  }

  /** The distribution of alpha x + sigma z, z standard normal. */
  public GaussianMixture noised(double alpha, double sigma) {
    double[][] scaled = new double[means.length][dimensions()];
    double[] wider = new double[means.length];
    for (int k = 0; k < means.length; k++) {
      for (int d = 0; d < dimensions(); d++) {
        scaled[k][d] = alpha * means[k][d];
      }
      wider[k] = Math.hypot(alpha * deviations[k], sigma);
    }
    return new GaussianMixture(weights, scaled, wider);
  }

  /**
   * The distribution of x given alpha x + sigma z = {@code noisy}: again a mixture, each component
   * weighted by its probability given the noisy point.
   *
   * @param sigma above 0
   */
  public GaussianMixture given(double alpha, double sigma, double... noisy) {
    double[] shares = noised(alpha, sigma).shares(noisy);
    double[][] posteriorMeans = new double[means.length][dimensions()];
    double[] narrower = new double[means.length];
    for (int k = 0; k < means.length; k++) {
      double total = Math.hypot(alpha * deviations[k], sigma);
      double gain = alpha * deviations[k] * deviations[k] / (total * total);
      for (int d = 0; d < dimensions(); d++) {
        posteriorMeans[k][d] = means[k][d] + gain * (noisy[d] - alpha * means[k][d]);
      }
      narrower[k] = deviations[k] * sigma / total;
      // A component that cannot have made the point keeps the least weight there is.
      shares[k] = Math.max(shares[k], Double.MIN_NORMAL);
    }
    return new GaussianMixture(shares, posteriorMeans, narrower);
  }

  /**
   * The distribution proportional to q(x) exp(beta e(x)), where e is constant on each component:
   * the target of energy guidance whose components overlap so little that each has one energy.
   *
   * @param energies beta e, component by component
   */
  public GaussianMixture reweighted(double[] energies) {
    double[] tilted = new double[weights.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (double energy : energies) {
      largest = Math.max(largest, energy);
    }
    for (int k = 0; k < weights.length; k++) {
      tilted[k] = weights[k] * Math.exp(energies[k] - largest);
    }
    return new GaussianMixture(tilted, means, deviations);
  }

  /** log q(x). */
  public double logDensity(double... x) {
    double[] logs = new double[weights.length];
    double largest = logTerms(x, logs);
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    return largest + Math.log(sum);
  }

  /** The mean in one dimension. */
  public double mean(int dimension) {
    double mean = 0;
    for (int k = 0; k < weights.length; k++) {
      mean += weights[k] * means[k][dimension];
    }
    return mean;
  }

  /** The standard deviation in one dimension, of all components together. */
  public double deviationAlong(int dimension) {
    double mean = mean(dimension);
    double variance = 0;
    for (int k = 0; k < weights.length; k++) {
      double offset = means[k][dimension] - mean;
      variance += weights[k] * (deviations[k] * deviations[k] + offset * offset);
    }
    return Math.sqrt(variance);
  }

  /**
   * The probability of less than x, in one dimension.
   *
   * @throws IllegalArgumentException if there are more dimensions
   */
  public double probabilityBelow(double x) {
    requireLine();
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * Normal.below((x - means[k][0]) / deviations[k]);
    }
    return sum;
  }

  /** The probability of more than x, in one dimension: small ones with all their digits. */
  private double probabilityAbove(double x) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * Normal.below((means[k][0] - x) / deviations[k]);
    }
    return sum;
  }

  /**
   * The point of this distribution at the same quantile as x is in another: what a flow that turns
   * the other into this makes of x, in one dimension, where paths cannot cross.
   *
   * @throws IllegalArgumentException if there are more dimensions
   */
  public double atQuantileOf(double x, GaussianMixture other) {
    return quantile(other.probabilityBelow(x), other.probabilityAbove(x));
  }

  /**
   * The point below which lies this much of the distribution, in one dimension.
   *
   * @param below its probability, between 0 and 1
   * @param above the rest, by which points are found that have more on their left
   * @throws IllegalArgumentException if there are more dimensions
   */
  double quantile(double below, double above) {
    requireLine();
    // All but some 10^-90 of the probability lies within 20 deviations of a component.
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < weights.length; k++) {
      low = Math.min(low, means[k][0] - 20 * deviations[k]);
      high = Math.max(high, means[k][0] + 20 * deviations[k]);
    }
    // Bisection to the last bit.
    for (double middle = (low + high) / 2;
        low < middle && middle < high;
        middle = (low + high) / 2) {
      boolean tooLow =
          below < above ? probabilityBelow(middle) < below : probabilityAbove(middle) > above;
      if (tooLow) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void requireLine() {
    if (dimensions() != 1) {
      throw new IllegalArgumentException(
          "GaussianMixture: quantiles need 1 dimension, found " + dimensions());
    }
  }

  /** The gradient of log q at x. */
  public double[] score(double... x) {
    double[] shares = shares(x);
    double[] score = new double[x.length];
    for (int k = 0; k < weights.length; k++) {
      double precision = 1 / (deviations[k] * deviations[k]);
      for (int d = 0; d < x.length; d++) {
        score[d] += shares[k] * (means[k][d] - x[d]) * precision;
      }
    }
    return score;
  }

  /** The probability of each component given x. */
  public double[] shares(double... x) {
    double[] shares = new double[weights.length];
    double largest = logTerms(x, shares);
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      shares[k] = Math.exp(shares[k] - largest);
      sum += shares[k];
    }
    for (int k = 0; k < shares.length; k++) {
      shares[k] /= sum;
    }
    return shares;
  }

  /** log w_k N_k(x) of all components; returns the largest. */
  private double logTerms(double[] x, double[] logs) {
    if (x.length != dimensions()) {
      throw new IllegalArgumentException(
          "GaussianMixture: expected a point of "
              + dimensions()
              + " dimensions, found "
              + x.length);
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < weights.length; k++) {
      double square = 0;
      for (int d = 0; d < x.length; d++) {
        double z = (x[d] - means[k][d]) / deviations[k];
        square += z * z;
      }
      logs[k] =
          Math.log(weights[k])
              - 0.5 * square
              - x.length * (Math.log(deviations[k]) + 0.5 * Math.log(2 * Math.PI));
      largest = Math.max(largest, logs[k]);
    }
    return largest;
  }

  /** A point. */
  public double[] sample(RandomGenerator random) {
    double u = random.nextDouble();
    int k = 0;
    while (k < weights.length - 1 && u >= weights[k]) {
      u -= weights[k];
      k++;
    }
    double[] x = new double[dimensions()];
    for (int d = 0; d < x.length; d++) {
      x[d] = means[k][d] + deviations[k] * random.nextGaussian();
    }
    return x;
  }
}
