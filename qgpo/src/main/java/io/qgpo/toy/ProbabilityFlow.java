package io.qgpo.toy;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;

/**
 * The log-density that a score gives to points of the plane, by the probability-flow ordinary
 * differential equation (Song et al. 2021, eq. 13 and 39). In lambda = ln(alpha/sigma), with h =
 * sigma score, it is dx/dlambda = sigma^2 x + sigma h, and along it the log-density falls by the
 * divergence 2 sigma^2 + sigma div h, which in two dimensions is exact by two gradients. From the
 * point to the standard normal distribution at t = 1, in Runge and Kutta's steps of order 4.
 */
final class ProbabilityFlow {
  /** Points at once. */
  private static final int ROWS = 4096;

  /** A score times sigma. */
  @FunctionalInterface
  interface ScaledScore {
    /**
     * sigma(t) times the score.
     *
     * @param x rows x 2, noised to t
     */
    Var apply(Var x, double t);
  }

  private final ScaledScore score;
  private final int steps;

  /**
   * A flow.
   *
   * @param steps of four evaluations each, equal in lambda
   */
  ProbabilityFlow(ScaledScore score, int steps) {
    this.score = score;
    this.steps = steps;
  }

  /**
   * ln p of each point.
   *
   * @param points x and y by turns
   */
  double[] logDensity(Backend backend, DType dtype, double[] points) {
    double[] densities = new double[points.length / 2];
    for (int from = 0; from < densities.length; from += ROWS) {
      int rows = Math.min(ROWS, densities.length - from);
      double[] part = new double[2 * rows];
      System.arraycopy(points, 2 * from, part, 0, part.length);
      try (GradMode _ = GradMode.off();
          Scope _ = Scope.open("probability flow")) {
        double[] values = solve(Tensor.of(backend, dtype, Shape.of(rows, 2), part));
        System.arraycopy(values, 0, densities, from, rows);
      }
    }
    return densities;
  }

  /** Rows of a state are x, y and the divergence integrated so far. */
  private double[] solve(Tensor points) {
    Tensor state = Tensor.zeros(points.backend(), points.dtype(), Shape.of(points.rows(), 3));
    points.backend().copy(points, state.columns(0, 2));
    double start = ToyDiffusion.SCHEDULE.lambda(ToyDiffusion.T_END);
    double h = (ToyDiffusion.SCHEDULE.lambda(1) - start) / steps;
    for (int i = 0; i < steps; i++) {
      try (Scope _ = Scope.open("Runge-Kutta step")) {
        step(state, start + i * h, h);
      }
    }
    double[] values = state.toDoubleArray();
    double[] densities = new double[points.rows()];
    for (int i = 0; i < densities.length; i++) {
      double x = values[3 * i];
      double y = values[3 * i + 1];
      densities[i] = -0.5 * (x * x + y * y) - Math.log(2 * Math.PI) + values[3 * i + 2];
    }
    return densities;
  }

  private void step(Tensor state, double lambda, double h) {
    Tensor k1 = slope(state, lambda);
    Tensor k2 = slope(moved(state, h / 2, k1), lambda + h / 2);
    Tensor k3 = slope(moved(state, h / 2, k2), lambda + h / 2);
    Tensor k4 = slope(moved(state, h, k3), lambda + h);
    Backend backend = state.backend();
    backend.addScaled(1, state, h / 6, k1, state);
    backend.addScaled(1, state, h / 3, k2, state);
    backend.addScaled(1, state, h / 3, k3, state);
    backend.addScaled(1, state, h / 6, k4, state);
  }

  private static Tensor moved(Tensor state, double h, Tensor slope) {
    Tensor moved = Tensor.empty(state.backend(), state.dtype(), state.shape());
    state.backend().addScaled(1, state, h, slope, moved);
    return moved;
  }

  private Tensor slope(Tensor state, double lambda) {
    Backend backend = state.backend();
    Tensor slope = Tensor.empty(backend, state.dtype(), state.shape());
    try (Scope _ = Scope.open("slope");
        GradMode _ = GradMode.on()) {
      double t = ToyDiffusion.SCHEDULE.inverseLambda(lambda);
      double sigma = ToyDiffusion.SCHEDULE.sigma(t);
      Tensor points = state.columns(0, 2).copy();
      Var x = Var.parameter(points);
      Var h = score.apply(x, t);
      backend.addScaled(sigma * sigma, points, sigma, h.value(), slope.columns(0, 2));
      Tensor sum = slope.columns(2, 3);
      backend.fill(sum, 2 * sigma * sigma);
      for (int d = 0; d < 2; d++) {
        Tensor direction = Tensor.zeros(backend, state.dtype(), h.shape());
        backend.fill(direction.columns(d, d + 1), sigma);
        Tensor row = Grad.of(h, direction, List.of(x))[0];
        backend.binary(BinaryOp.ADD, sum, row.columns(d, d + 1), sum);
      }
    }
    return slope;
  }
}
