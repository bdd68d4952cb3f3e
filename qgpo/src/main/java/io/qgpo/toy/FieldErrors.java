package io.qgpo.toy;

import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Philox;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How far the learnt fields are from the exact ones at a time, for a set that is a mixture: the
 * root of the summed squares of the difference over that of the exact field, at points of the
 * target noised to that time, which is where guided points come along.
 *
 * @param t time
 * @param guidance of grad f_t
 * @param score of the score of q_t
 */
public record FieldErrors(double t, double guidance, double score) {
  private static final int POINTS = 4096;

  /** From nearly data to nearly noise. */
  private static final double[] TIMES = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

  /**
   * Measures at each of the times.
   *
   * @return empty if the set has no closed form
   */
  static List<FieldErrors> of(
      GroundTruth truth, ToyScoreNet score, ToyEnergyNet energy, Backend backend, long seed) {
    List<FieldErrors> errors = new ArrayList<>();
    if (truth.mixture().isPresent()) {
      GaussianMixture q = truth.set().mixture().orElseThrow();
      GaussianMixture p = truth.mixture().orElseThrow();
      for (double t : TIMES) {
        double alpha = ToyDiffusion.SCHEDULE.alpha(t);
        double sigma = ToyDiffusion.SCHEDULE.sigma(t);
        var random = new SplittableRandom(Philox.key(seed, "field errors " + t));
        GaussianMixture noisedTarget = p.noised(alpha, sigma);
        float[] points = GroundTruth.drawn(noisedTarget, POINTS, random);
        try (GradMode _ = GradMode.off();
            Scope _ = Scope.open("field errors")) {
          Tensor x = Tensor.of(backend, Shape.of(POINTS, 2), points);
          Tensor scaled = score.apply(Var.constant(x), ToyDiffusion.time(x, t)).value();
          errors.add(
              of(
                  t,
                  points,
                  energy.gradient(x, t).toFloatArray(),
                  scaled.toFloatArray(),
                  sigma,
                  q.noised(alpha, sigma),
                  noisedTarget));
        }
      }
    }
    return errors;
  }

  private static FieldErrors of(
      double t,
      float[] points,
      float[] gradient,
      float[] scaledScore,
      double sigma,
      GaussianMixture q,
      GaussianMixture p) {
    double[] squares = new double[4];
    for (int i = 0; i < points.length; i += 2) {
      double[] scoreOfQ = q.score(points[i], points[i + 1]);
      double[] scoreOfP = p.score(points[i], points[i + 1]);
      for (int d = 0; d < 2; d++) {
        double exact = scoreOfP[d] - scoreOfQ[d];
        squares[0] += square(gradient[i + d] - exact);
        squares[1] += square(exact);
        squares[2] += square(scaledScore[i + d] / sigma - scoreOfQ[d]);
        squares[3] += square(scoreOfQ[d]);
      }
    }
    return new FieldErrors(
        t, Math.sqrt(squares[0] / squares[1]), Math.sqrt(squares[2] / squares[3]));
  }

  private static double square(double x) {
    return x * x;
  }
}
