package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Tensor;

/** Regression losses. */
public final class Loss {
  private Loss() {}

  /**
   * Squared error by rows, fused: y[r] = sum_c (prediction[r,c] - scale target[r,c])^2; dprediction
   * = 2 dy[r] (prediction - scale target). The target is not differentiated.
   *
   * @return the prediction's shape with one column
   */
  public static Var squaredError(Var prediction, double scale, Tensor target) {
    Operands.match("squaredError", prediction.value(), target);
    Tensor value =
        Tensor.empty(prediction.backend(), prediction.dtype(), prediction.shape().withColumns(1));
    prediction.backend().squaredError(prediction.value(), scale, target, value);
    return Tape.record(
        "squaredError",
        value,
        (gradOut, node) -> {
          Tensor gradIn =
              Tensor.empty(prediction.backend(), prediction.dtype(), prediction.shape());
          prediction.backend().squaredErrorGrad(prediction.value(), scale, target, gradOut, gradIn);
          node.give(0, gradIn);
        },
        prediction);
  }

  /**
   * The denoising loss of a score network that predicts h = sigma score (Lu et al. 2023, appendix
   * A): the mean over rows of |h + noise|^2, since the score of a noised sample is -noise/sigma.
   *
   * @param h rows x dimensions
   * @param noise the noise that was added, of h's shape
   * @return a scalar
   */
  public static Var denoising(Var h, Tensor noise) {
    return Reduction.mean(squaredError(h, -1, noise));
  }

  /**
   * The mean over all elements of (prediction - target)^2; a scalar.
   *
   * @throws IllegalArgumentException if there are none, or shapes or types differ
   */
  public static Var meanSquaredError(Var prediction, Tensor target) {
    if (prediction.shape().size() == 0) {
      throw new IllegalArgumentException(
          "meanSquaredError: needs at least one element, found " + prediction.shape());
    }
    Var ofRows = Reduction.mean(squaredError(prediction, 1, target));
    int columns = prediction.shape().columns();
    return columns == 1 ? ofRows : Elementwise.scale(ofRows, 1.0 / columns);
  }
}
