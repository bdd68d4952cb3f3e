package io.qgpo.exact;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.Form;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.SolverAccuracy.Moments;
import java.util.Arrays;

/**
 * Samples as sums of what they are made of: a constant, a factor of the start, and a factor of each
 * step's noise. On data of one Gaussian every step of fixed length is affine, so that mean and
 * standard deviation of what a solver draws come out without drawing.
 */
final class AffineSamples implements DpmSolver.Space<double[]> {
  private final GaussianMixture data;
  private final NoiseSchedule schedule;
  private final SolverOptions options;

  /** Parts of a sample so far: the constant, the start, the noises. */
  private int parts = 2;

  private AffineSamples(GaussianMixture data, NoiseSchedule schedule, SolverOptions options) {
    this.data = data;
    this.schedule = schedule;
    this.options = options;
  }

  /** The moments of what the solver makes of standard normal noise. */
  static Moments moments(GaussianMixture data, NoiseSchedule schedule, SolverOptions options) {
    var space = new AffineSamples(data, schedule, options);
    double[] end =
        new DpmSolver(schedule, options)
            .solve(space, space.unit(1), () -> space.unit(space.parts++));
    double variance = 0;
    for (int i = 1; i < end.length; i++) {
      variance += end[i] * end[i];
    }
    return new Moments(end[0], Math.sqrt(variance));
  }

  private double[] unit(int part) {
    // The constant, the start, and a noise for each step, of which there are at most as many as
    // evaluations.
    double[] unit = new double[2 + options.evaluations()];
    unit[part] = 1;
    return unit;
  }

  @Override
  public double[] prediction(double[] x, double t) {
    double alpha = schedule.alpha(t);
    double sigma = schedule.sigma(t);
    double variance = Math.pow(data.noised(alpha, sigma).deviation(0), 2);
    double[] mean = new double[x.length];
    mean[0] = alpha * data.mean(0);
    double[] eps = sum(sigma / variance, x, -sigma / variance, mean);
    return options.form() == Form.NOISE ? eps : sum(1 / alpha, x, -sigma / alpha, eps);
  }

  @Override
  public double[] sum(double a, double[] x, double b, double[] y) {
    double[] sum = new double[x.length];
    Arrays.setAll(sum, i -> a * x[i] + b * y[i]);
    return sum;
  }
}
