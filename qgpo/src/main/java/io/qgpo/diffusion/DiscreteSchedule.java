package io.qgpo.diffusion;

import java.util.Arrays;

/**
 * The schedule of a model that was trained on N discrete steps (Ho et al. 2020): step n, counted
 * from 0, lies at t = (n + 1)/N, and between steps ln alpha is interpolated linearly in t (Lu et
 * al. 2022, section 3.4). Before the first step it is interpolated, too, to alpha = 1 at t = 0; the
 * authors' code goes on there with the slope between the first two steps, so that below t = 1/N the
 * two differ, where no model was trained.
 */
public final class DiscreteSchedule implements NoiseSchedule {
  /** ln alpha at t = i/N, i from 0 to N. */
  private final double[] logAlphas;

  /** lambda at the same times; infinite at i = 0. */
  private final double[] lambdas;

  private DiscreteSchedule(double[] logAlphas) {
    this.logAlphas = logAlphas;
    lambdas = new double[logAlphas.length];
    Arrays.setAll(lambdas, i -> logAlphas[i] - 0.5 * Math.log(-Math.expm1(2 * logAlphas[i])));
  }

  /**
   * The schedule of these variances: alpha^2 at step n is the product of 1 - beta up to n.
   *
   * @param betas the variance that each step adds, all in (0, 1)
   * @throws IllegalArgumentException if there is none or one is not in (0, 1): a last step without
   *     any signal has no lambda and must be left out
   */
  public static DiscreteSchedule ofBetas(double... betas) {
    requireSteps(betas);
    double[] logAlphas = new double[betas.length + 1];
    for (int n = 0; n < betas.length; n++) {
      if (!(betas[n] > 0 && betas[n] < 1)) {
        throw new IllegalArgumentException(
            "DiscreteSchedule: expected betas between 0 and 1, found "
                + betas[n]
                + " at step "
                + n
                + "; leave out a last step without signal");
      }
      logAlphas[n + 1] = logAlphas[n] + 0.5 * Math.log1p(-betas[n]);
    }
    return new DiscreteSchedule(logAlphas);
  }

  /**
   * The schedule of these products, often called alphas_cumprod: alpha^2 at each step.
   *
   * @param products falling, all in (0, 1)
   * @throws IllegalArgumentException if there is none or one is not below its predecessor
   */
  public static DiscreteSchedule ofAlphaProducts(double... products) {
    requireSteps(products);
    double[] logAlphas = new double[products.length + 1];
    for (int n = 0; n < products.length; n++) {
      double before = n == 0 ? 1 : products[n - 1];
      if (!(products[n] > 0 && products[n] < before)) {
        throw new IllegalArgumentException(
            "DiscreteSchedule: expected products that fall from below 1 to above 0, found "
                + products[n]
                + " at step "
                + n
                + " after "
                + before);
      }
      logAlphas[n + 1] = 0.5 * Math.log(products[n]);
    }
    return new DiscreteSchedule(logAlphas);
  }

  private static void requireSteps(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("DiscreteSchedule: expected 1 or more steps, found none");
    }
  }

  /** N: the steps the model was trained on. */
  public int steps() {
    return logAlphas.length - 1;
  }

  /** The time label that the model was trained with, from 0 to N - 1 and between: N t - 1. */
  public double label(double t) {
    return t * steps() - 1;
  }

  @Override
  public double maxTime() {
    return 1;
  }

  @Override
  public double logAlpha(double t) {
    double place = t * steps();
    int i = Math.clamp((long) place, 0, steps() - 1);
    return logAlphas[i] + (place - i) * (logAlphas[i + 1] - logAlphas[i]);
  }

  @Override
  public double inverseLambda(double lambda) {
    int i = steps() - 1;
    // lambda falls with i.
    int low = 0;
    while (low < i) {
      int middle = (low + i + 1) / 2;
      if (lambdas[middle] >= lambda) {
        low = middle;
      } else {
        i = middle - 1;
      }
    }
    double logAlpha = NoiseSchedule.logAlphaAtLambda(lambda);
    return (i + (logAlpha - logAlphas[i]) / (logAlphas[i + 1] - logAlphas[i])) / steps();
  }
}
