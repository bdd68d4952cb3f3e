package io.qgpo.diffusion;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Tensor;

/**
 * Models steered by a condition. Guidance by an energy, of which a classifier's is one, is {@link
 * NoisePrediction#guided}.
 */
public final class Guidance {
  private Guidance() {}

  /** A classifier of noised data, differentiable. */
  @FunctionalInterface
  public interface Classifier {
    /**
     * log p(y | x_t) of the class wanted, up to a constant.
     *
     * @param x rows x dimensions, noised to time t
     * @return rows x 1; row r depends on row r of x alone
     */
    Var logProbability(Var x, double t);
  }

  /**
   * Classifier guidance (Dhariwal and Nichol 2021, arXiv:2105.05233, eq. 14): eps - scale sigma(t)
   * grad log p(y | x_t). The gradient is computed by differentiating the classifier. Scale 1 is
   * Bayes' rule.
   *
   * @param model of the data of all classes
   * @param scale 0 leaves the classifier out
   */
  public static NoisePrediction classifier(
      NoisePrediction model, NoiseSchedule schedule, Classifier classifier, double scale) {
    return model.guided(
        schedule, (x, t) -> Grad.ofRows(at -> classifier.logProbability(at, t), x), scale);
  }

  /**
   * Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598, eq. 6, whose w is scale - 1):
   * unconditional + scale (conditional - unconditional). At scale 1, which is the conditional
   * model, and at scale 0, the unconditional one, the other is not evaluated.
   */
  public static NoisePrediction classifierFree(
      NoisePrediction conditional, NoisePrediction unconditional, double scale) {
    if (scale == 1) {
      return conditional;
    }
    if (scale == 0) {
      return unconditional;
    }
    return (x, t) -> {
      Tensor out = Tensor.empty(x.backend(), x.dtype(), x.shape());
      Tensor with = conditional.noise(x, t);
      Tensor without = unconditional.noise(x, t);
      x.backend().addScaled(scale, with, 1 - scale, without, out);
      return out;
    };
  }
}
