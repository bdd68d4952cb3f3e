package io.qgpo.exact;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** What solvers make of data in one dimension whose diffusion is known, in float64. */
public final class SolverAccuracy {
  private final Backend backend;
  private final ExactDiffusion diffusion;

  /**
   * Measures on these data.
   *
   * @param backend one that supports float64, as {@code scalar} does
   */
  public SolverAccuracy(Backend backend, NoiseSchedule schedule, GaussianMixture data) {
    this.backend = backend;
    diffusion = new ExactDiffusion(data, schedule);
  }

  /** The model and the solution measured against. */
  public ExactDiffusion diffusion() {
    return diffusion;
  }

  /** Where a solver of the ODE takes these points from tStart. */
  public double[] sample(SolverOptions options, double... start) {
    Tensor x = Tensor.of(backend, DType.FLOAT64, Shape.of(start.length, 1), start);
    return new DpmSolver(diffusion.schedule(), options).sample(diffusion, x).toDoubleArray();
  }

  /** Where the exact ODE takes these points from the options' tStart to their tEnd. */
  public double[] exact(SolverOptions options, double... start) {
    double[] end = new double[start.length];
    for (int i = 0; i < end.length; i++) {
      double[] x = {start[i]};
      end[i] = diffusion.solution(x, options.tStart(), options.tEnd())[0];
    }
    return end;
  }

  /** The root mean square over these points of {@link #sample} less {@link #exact}. */
  public double error(SolverOptions options, double... start) {
    return Quantiles.distance(sample(options, start), exact(options, start));
  }

  /**
   * The order at which the error falls: the slope of the line of least squares through ln error
   * over -ln evaluations.
   *
   * @param evaluations two or more numbers of evaluations to measure at
   */
  public double slope(SolverOptions options, int[] evaluations, double... start) {
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int n : evaluations) {
      double x = -Math.log(n);
      double y = Math.log(error(options.withEvaluations(n), start));
      sumX += x;
      sumY += y;
      sumXx += x * x;
      sumXy += x * y;
    }
    int n = evaluations.length;
    return (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
  }

  /**
   * Moments of samples.
   *
   * @param mean of the samples
   * @param deviation their standard deviation
   */
  public record Moments(double mean, double deviation) {}

  /**
   * The moments of this many samples of an ODE or an SDE, begun from standard normal noise.
   *
   * @param rng of the same backend
   */
  public Moments moments(SolverOptions options, int samples, Rng rng) {
    Tensor start = rng.normal(DType.FLOAT64, Shape.of(samples, 1));
    double[] end =
        new DpmSolver(diffusion.schedule(), options).sample(diffusion, start, rng).toDoubleArray();
    double mean = 0;
    for (double x : end) {
      mean += x / samples;
    }
    double variance = 0;
    for (double x : end) {
      variance += (x - mean) * (x - mean) / (samples - 1);
    }
    return new Moments(mean, Math.sqrt(variance));
  }

  /**
   * The moments that fixed steps of an ODE or an SDE give without chance: those of {@link #moments}
   * for infinitely many samples.
   *
   * @throws IllegalArgumentException for a mixture, or steps that are not affine in their samples
   */
  public Moments exactMoments(SolverOptions options) {
    requireOneGaussian();
    return AffineSamples.moments(diffusion.data(), diffusion.schedule(), options);
  }

  /**
   * Dispersion: the standard deviation of what a solver of the ODE makes of standard normal noise,
   * over that of the data; less than 1 means too little spread. Exact for one Gaussian, of which
   * every solver here makes a Gaussian.
   *
   * @throws IllegalArgumentException for a mixture, whose {@link #moments} can be taken
   */
  public double dispersion(SolverOptions options) {
    requireOneGaussian();
    double[] end = sample(options, -1, 1);
    return (end[1] - end[0]) / 2 / diffusion.data().deviation(0);
  }

  private void requireOneGaussian() {
    if (diffusion.data().components() > 1) {
      throw new IllegalArgumentException(
          "SolverAccuracy: expected one Gaussian, found a mixture of "
              + diffusion.data().components()
              + "; measure its moments");
    }
  }
}
