package io.qgpo.diffusion;

import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;

/** Tensors of the current scope, and a model's predictions in the form of the options. */
final class TensorSpace implements DpmSolver.Space<Tensor> {
  private final NoisePrediction model;
  private final NoiseSchedule schedule;
  private final SolverOptions options;

  TensorSpace(NoisePrediction model, NoiseSchedule schedule, SolverOptions options) {
    this.model = model;
    this.schedule = schedule;
    this.options = options;
  }

  @Override
  public Tensor prediction(Tensor x, double t) {
    return options.form() == Form.DATA ? data(x, t) : noise(x, t);
  }

  private Tensor noise(Tensor x, double t) {
    Tensor noise = Tensor.empty(x.backend(), x.dtype(), x.shape());
    try (Scope _ = Scope.open("model evaluation")) {
      x.backend().copy(model.noise(x, t), noise);
    }
    return noise;
  }

  /** x0(x, t): the data that the model sees behind x. */
  Tensor data(Tensor x, double t) {
    Tensor data = Tensor.empty(x.backend(), x.dtype(), x.shape());
    try (Scope _ = Scope.open("model evaluation")) {
      Tensor noise = model.noise(x, t);
      double alpha = schedule.alpha(t);
      x.backend().addScaled(1 / alpha, x, -schedule.sigma(t) / alpha, noise, data);
    }
    if (options.thresholding() != null) {
      options.thresholding().apply(data);
    }
    return data;
  }

  @Override
  public Tensor sum(double a, Tensor x, double b, Tensor y) {
    Tensor sum = Tensor.empty(x.backend(), x.dtype(), x.shape());
    x.backend().addScaled(a, x, b, y, sum);
    return sum;
  }

  @Override
  public Tensor corrected(Tensor x, double t, int step) {
    // A copy, because the corrected tensor may be one that its maker goes on using.
    return options.correction() == null ? x : options.correction().apply(x, t, step).copy();
  }
}
