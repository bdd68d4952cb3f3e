package io.qgpo.autograd;

import io.qgpo.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Gradients of one value with respect to chosen others. Only operations on a path from the result
 * to a target run their backward rule, so that the gradient of Q with respect to an action computes
 * no weight gradient. Gradients are returned, not accumulated anywhere.
 *
 * <p>A graph may be asked any number of times. First derivatives only: backward rules are not
 * themselves recorded. Threads may share parameters that none of them asks the gradient of; a graph
 * and its targets belong to one thread at a time.
 */
public final class Grad {
  private Grad() {}

  /**
   * The gradients of a loss of one element.
   *
   * @return one gradient per target, of the target's shape; zeros where the loss does not depend on
   *     it; held by the current scope
   * @throws IllegalArgumentException if the loss has more than one element, or nothing recorded, or
   *     a target is a constant
   */
  public static Tensor[] of(Var loss, List<Var> targets) {
    return of(loss, targets, new Tensor[targets.size()]);
  }

  /**
   * The same into an array of the caller's, who asks again and again.
   *
   * @param gradients receives them; as long as there are targets
   * @return {@code gradients}
   */
  public static Tensor[] of(Var loss, List<Var> targets, Tensor[] gradients) {
    if (loss.shape().size() != 1) {
      throw new IllegalArgumentException(
          "Grad.of: the loss must have one element, found shape "
              + loss.shape()
              + "; reduce it with Reduction.mean, or give the gradient to start from");
    }
    return of(loss, Tensor.full(loss.backend(), loss.dtype(), loss.shape(), 1), targets, gradients);
  }

  /**
   * The product of a gradient with the Jacobian of {@code output}.
   *
   * @param gradOutput of the shape and type of {@code output}; is left as it is
   * @return one gradient per target, of the target's shape, no two in the same storage; zeros where
   *     the output does not depend on the target; held by the current scope
   * @throws IllegalArgumentException if {@code gradOutput} does not fit, or the output has nothing
   *     recorded, or a target is a constant
   * @throws IllegalStateException if a target belongs to a pass that has not ended
   */
  public static Tensor[] of(Var output, Tensor gradOutput, List<Var> targets) {
    return of(output, gradOutput, targets, new Tensor[targets.size()]);
  }

  /**
   * The gradient of a function of rows, each row of which gives one number.
   *
   * @param function from x as a parameter to rows x 1; row r depends on row r of x alone
   * @param x rows x columns
   * @return of x's shape; held by the current scope; computed whether or not gradients are on
   */
  public static Tensor ofRows(UnaryOperator<Var> function, Tensor x) {
    try (GradMode _ = GradMode.on()) {
      Var at = Var.parameter(x);
      Var output = function.apply(at);
      Tensor ones = Tensor.full(x.backend(), x.dtype(), output.shape(), 1);
      return of(output, ones, List.of(at))[0];
    }
  }

  /**
   * The same into an array of the caller's, who asks again and again.
   *
   * @param gradients receives them; as long as there are targets
   * @return {@code gradients}
   */
  public static Tensor[] of(Var output, Tensor gradOutput, List<Var> targets, Tensor[] gradients) {
    check(output, gradOutput, targets, gradients);
    try (Pass pass = Pass.open(targets)) {
      pass.run(output, gradOutput, gradients);
    }
    return gradients;
  }

  private static void check(Var output, Tensor gradOutput, List<Var> targets, Tensor[] gradients) {
    if (gradients.length != targets.size()) {
      throw new IllegalArgumentException(
          "Grad.of: expected room for "
              + targets.size()
              + " gradients, as many as targets, found an array of "
              + gradients.length);
    }
    if (!gradOutput.shape().equals(output.shape()) || gradOutput.dtype() != output.dtype()) {
      throw new IllegalArgumentException(
          "Grad.of: gradOutput must be like the output, "
              + output.dtype()
              + " "
              + output.shape()
              + ", found "
              + gradOutput.dtype()
              + " "
              + gradOutput.shape());
    }
    if (!output.requiresGrad()) {
      throw new IllegalArgumentException(
          "Grad.of: the output is a constant, so nothing leads to a target; compute it from a"
              + " Var.parameter while GradMode is on");
    }
    for (int i = 0; i < targets.size(); i++) {
      Var target = targets.get(i);
      if (!target.requiresGrad()) {
        throw new IllegalArgumentException(
            "Grad.of: target " + i + " is a constant; make it with Var.parameter");
      }
      if (target.node == null && target.onPath) {
        throw new IllegalStateException(
            "Grad.of: target "
                + i
                + " belongs to a pass that has not ended, of another thread or around this one; ask"
                + " for the gradient of a copy, Var.parameter(target.value())");
      }
    }
  }
}
