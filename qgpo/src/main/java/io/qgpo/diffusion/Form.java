package io.qgpo.diffusion;

/** Which of the model's two predictions a solver integrates; both converge as steps shrink. */
public enum Form {
  /** The predicted data x0 = (x - sigma eps) / alpha: DPM-Solver++ (arXiv:2211.01095). */
  DATA,
  /** The predicted noise eps: DPM-Solver (arXiv:2206.00927). */
  NOISE
}
