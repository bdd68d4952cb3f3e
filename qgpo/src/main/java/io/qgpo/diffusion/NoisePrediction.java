package io.qgpo.diffusion;

import io.qgpo.tensor.Tensor;

/** A diffusion model in noise form: eps(x, t) = -sigma(t) score(x, t). */
@FunctionalInterface
public interface NoisePrediction {
  /**
   * The predicted noise.
   *
   * @param x rows x dimensions, noised to time t
   * @param t one time for all rows
   * @return of x's shape, in the current scope
   */
  Tensor noise(Tensor x, double t);

  /**
   * This model guided by an energy: its score plus {@code scale} times the gradient of f_t, the
   * intermediate energy (Lu et al. 2023), that is eps - scale sigma(t) grad f_t. Only scale 1 is
   * the exact diffusion of the target distribution. At scale 0 the gradient is not computed.
   */
  default NoisePrediction guided(NoiseSchedule schedule, EnergyGradient energy, double scale) {
    if (scale == 0) {
      return this;
    }
    return (x, t) -> {
      Tensor noise = noise(x, t);
      Tensor out = Tensor.empty(x.backend(), x.dtype(), x.shape());
      x.backend().addScaled(1, noise, -scale * schedule.sigma(t), energy.gradient(x, t), out);
      return out;
    };
  }

  /** The gradient of an energy f_t(x) with respect to x. */
  @FunctionalInterface
  interface EnergyGradient {
    /**
     * The gradient.
     *
     * @param x rows x dimensions, noised to time t
     * @return of x's shape, in the current scope
     */
    Tensor gradient(Tensor x, double t);
  }
}
