package io.qgpo.autograd;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Philox;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Checks gradients in float64 against central differences along random directions: with y = f(x)
 * projected on a random u, the gradient of u.y dotted with a random v must equal (u.f(x + h v) -
 * u.f(x - h v)) / 2h. Each input is moved by itself, and its gradient asked for by itself and with
 * all others, which must not change it.
 */
public final class GradCheck {
  /** Near the cube root of the float64 rounding unit, where the two errors of a difference meet. */
  private static final double STEP = 1e-5;

  private static final double TOLERANCE = 1e-6;
  private static final int DIRECTIONS = 3;

  private GradCheck() {}

  /**
   * Checks the gradients of all inputs that are parameters.
   *
   * @param name what is checked, for the message
   * @param function from the inputs to an output of any shape; must be deterministic, and smooth
   *     where it is checked
   * @param inputs float64
   * @throws AssertionError naming input, direction and both slopes if they differ by more than 1e-6
   *     of the larger plus 1e-6
   * @throws IllegalArgumentException if an input is not float64, or none is a parameter
   */
  public static void check(String name, Function<List<Var>, Var> function, List<Var> inputs) {
    for (Var input : inputs) {
      if (input.dtype() != DType.FLOAT64) {
        throw new IllegalArgumentException(
            "GradCheck " + name + ": expected FLOAT64 inputs, found " + input.dtype());
      }
    }
    List<Var> targets = inputs.stream().filter(Var::requiresGrad).distinct().toList();
    if (targets.isEmpty()) {
      throw new IllegalArgumentException(
          "GradCheck " + name + ": no input is a parameter, so there is nothing to check");
    }
    Var output = function.apply(inputs);
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      double[] u = direction(output.value().size(), 2 * direction);
      Tensor projection = Tensor.of(output.backend(), DType.FLOAT64, output.shape(), u);
      Tensor[] together = Grad.of(output, projection, targets);
      for (int i = 0; i < targets.size(); i++) {
        Var target = targets.get(i);
        String where =
            String.format(
                Locale.ROOT,
                "GradCheck %s, input %d, direction %d: ",
                name,
                inputs.indexOf(target),
                direction);
        double[] gradient = together[i].toDoubleArray();
        double[] v = direction(gradient.length, 2 * direction + 1);
        double ahead = dot(u, function.apply(moved(inputs, target, v, STEP)));
        double behind = dot(u, function.apply(moved(inputs, target, v, -STEP)));
        compare(where, dot(gradient, v), (ahead - behind) / (2 * STEP));
        Tensor alone = Grad.of(output, projection, List.of(target))[0];
        if (!Arrays.equals(alone.toDoubleArray(), gradient)) {
          throw new AssertionError(
              where + "the gradient by itself differs from the one with all other inputs'");
        }
      }
    }
  }

  private static void compare(String where, double slope, double difference) {
    double scale = 1 + Math.max(Math.abs(slope), Math.abs(difference));
    if (!(Math.abs(slope - difference) <= TOLERANCE * scale)) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%sthe backward rule gives slope %.10g, central differences give %.10g",
              where,
              slope,
              difference));
    }
  }

  private static List<Var> moved(List<Var> inputs, Var target, double[] v, double step) {
    double[] values = target.value().toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      values[i] += step * v[i];
    }
    Tensor tensor = Tensor.of(target.backend(), DType.FLOAT64, target.shape(), values);
    Var moved = Var.parameter(tensor);
    return inputs.stream().map(input -> input == target ? moved : input).toList();
  }

  private static double[] direction(int n, int stream) {
    double[] values = new double[n];
    int[] words = new int[4];
    for (int i = 0; i < n; i++) {
      Philox.block(stream, 0, i, 0, 0, 0, words, 0);
      values[i] = Philox.unit(words[0]) * 2 - 1;
    }
    return values;
  }

  private static double dot(double[] u, Var output) {
    return dot(u, output.value().toDoubleArray());
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
