package io.qgpo.autograd;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Philox;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Checks gradients in float64 against central differences along random directions: with y = f(x)
 * projected on a random u, the gradient of u.y dotted with a random v must equal (u.f(x + h v) -
 * u.f(x - h v)) / 2h.
 */
public final class GradCheck {
  /** Near the cube root of the float64 rounding unit, where the two errors of a difference meet. */
  private static final double STEP = 1e-5;

  private static final double TOLERANCE = 1e-6;
  private static final int DIRECTIONS = 3;

  private GradCheck() {}

  /**
   * Checks all inputs that are parameters.
   *
   * @param name what is checked, for the message
   * @param function from the inputs to an output of any shape; must be deterministic
   * @param inputs float64
   * @throws AssertionError naming both slopes if they differ by more than 1e-6 of their size plus
   *     1e-6
   */
  public static void check(String name, Function<List<Var>, Var> function, List<Var> inputs) {
    List<Var> targets = inputs.stream().filter(Var::requiresGrad).toList();
    for (Var input : inputs) {
      if (input.dtype() == DType.FLOAT32) {
        throw new IllegalArgumentException(
            "GradCheck: " + name + " must be checked in FLOAT64, found a FLOAT32 input");
      }
    }
    Var output = function.apply(inputs);
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      double[] u = directions(output.value().size(), 2 * direction);
      Tensor projection = Tensor.of(output.backend(), DType.FLOAT64, output.shape(), u);
      Tensor[] gradients = Grad.of(output, projection, targets);
      double slope = 0;
      List<double[]> moves = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        double[] v = directions(targets.get(i).value().size(), 2 * direction + 1 + 100 * i);
        moves.add(v);
        slope += dot(gradients[i].toDoubleArray(), v);
      }
      double ahead = dot(function.apply(moved(inputs, moves, STEP)).value().toDoubleArray(), u);
      double behind = dot(function.apply(moved(inputs, moves, -STEP)).value().toDoubleArray(), u);
      double difference = (ahead - behind) / (2 * STEP);
      double scale = 1 + Math.max(Math.abs(slope), Math.abs(difference));
      if (!(Math.abs(slope - difference) <= TOLERANCE * scale)) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "GradCheck %s, direction %d: the backward rule gives slope %.10g, central"
                    + " differences give %.10g",
                name,
                direction,
                slope,
                difference));
      }
    }
  }

  private static List<Var> moved(List<Var> inputs, List<double[]> moves, double step) {
    List<Var> result = new ArrayList<>();
    int next = 0;
    for (Var input : inputs) {
      if (!input.requiresGrad()) {
        result.add(input);
        continue;
      }
      double[] values = input.value().toDoubleArray();
      double[] move = moves.get(next++);
      for (int i = 0; i < values.length; i++) {
        values[i] += step * move[i];
      }
      Backend backend = input.backend();
      result.add(Var.parameter(Tensor.of(backend, DType.FLOAT64, input.shape(), values)));
    }
    return result;
  }

  private static double[] directions(int n, int stream) {
    double[] values = new double[n];
    int[] words = new int[4];
    for (int i = 0; i < n; i++) {
      Philox.block(stream, 0, i, 0, 0, 0, words, 0);
      values[i] = Philox.unit(words[0]) * 2 - 1;
    }
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
