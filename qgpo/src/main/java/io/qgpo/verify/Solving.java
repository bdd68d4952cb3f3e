package io.qgpo.verify;

import io.qgpo.diffusion.DpmSolver;
import io.qgpo.diffusion.NoisePrediction;
import io.qgpo.diffusion.SolverOptions;
import io.qgpo.exact.Bimodal;
import io.qgpo.exact.ExactDiffusion;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/** Solvers on tensors of double precision, by the paper's schedule. */
final class Solving {
  private Solving() {}

  /** Points of one dimension. */
  static Tensor column(double... values) {
    return rows(1, values);
  }

  /** Points of several dimensions, one after the other. */
  static Tensor rows(int dimensions, double... values) {
    Shape shape = Shape.of(values.length / dimensions, dimensions);
    return Tensor.of(Sampling.DOUBLE, DType.FLOAT64, shape, values);
  }

  /** Where a solver of the ODE takes points. */
  static double[] sample(NoisePrediction model, SolverOptions options, Tensor start) {
    return solver(options).sample(model, start).toDoubleArray();
  }

  static DpmSolver solver(SolverOptions options) {
    return new DpmSolver(Sampling.SCHEDULE, options);
  }

  /** The largest error of noise found of data, which {@link Bimodal#starts} lead to. */
  static double worstBackwards(ExactDiffusion diffusion, SolverOptions options) {
    double[] starts = Bimodal.starts();
    double[] data = new double[starts.length];
    for (int i = 0; i < data.length; i++) {
      double[] start = {starts[i]};
      data[i] = diffusion.solution(start, options.tStart(), options.tEnd())[0];
    }
    return worst(starts, solver(options).noiseOf(diffusion, column(data)).toDoubleArray());
  }

  /** The largest difference of two arrays of one length. */
  static double worst(double[] expected, double[] found) {
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(expected[i] - found[i]));
    }
    return worst;
  }
}
