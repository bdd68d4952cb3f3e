package io.qgpo.autograd;

import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

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
  private static final AtomicLong PASSES = new AtomicLong();
  private static final Comparator<Var> RECORDING_ORDER =
      Comparator.comparingLong(v -> v.node.sequence());

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
    if (loss.shape().size() != 1) {
      throw new IllegalArgumentException(
          "Grad.of: the loss must have one element, found shape "
              + loss.shape()
              + "; reduce it with Reduction.mean, or give the gradient to start from");
    }
    return of(loss, Tensor.full(loss.backend(), loss.dtype(), loss.shape(), 1), targets);
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
    check(output, gradOutput, targets);
    long pass = PASSES.incrementAndGet();
    for (int i = 0; i < targets.size(); i++) {
      Var target = targets.get(i);
      target.target = pass;
      target.onPath = true;
    }
    List<Var> recorded = reachable(output, pass);
    try (GradMode _ = GradMode.off();
        Scope scope = Scope.open("Grad.of")) {
      markPaths(recorded, pass);
      Gradients gradients = new Gradients(scope);
      gradients.start(output, gradOutput);
      for (int i = recorded.size() - 1; i >= 0; i--) {
        Var var = recorded.get(i);
        if (var.leadsToTarget && var.gradient != null) {
          gradients.passBack(var);
        }
        if (var.target != pass) {
          gradients.drop(var);
        }
      }
      Tensor[] results = new Tensor[targets.size()];
      for (int i = 0; i < results.length; i++) {
        results[i] = gradients.take(targets.get(i));
      }
      return results;
    } finally {
      output.gradient = null;
      for (int i = 0; i < recorded.size(); i++) {
        recorded.get(i).gradient = null;
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).onPath = false;
        targets.get(i).gradient = null;
      }
    }
  }

  private static void check(Var output, Tensor gradOutput, List<Var> targets) {
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

  /** Every recorded variable that {@code output} was computed from, in order of recording. */
  private static List<Var> reachable(Var output, long pass) {
    List<Var> found = new ArrayList<>();
    if (output.node != null) {
      output.visited = pass;
      found.add(output);
    }
    for (int next = 0; next < found.size(); next++) {
      Tape.Node node = found.get(next).node;
      for (int i = 0; i < node.inputs(); i++) {
        Var input = node.input(i);
        // Leaves are only read, so that threads may share parameters.
        if (input != null && input.node != null && input.visited != pass) {
          input.visited = pass;
          found.add(input);
        }
      }
    }
    found.sort(RECORDING_ORDER);
    return found;
  }

  /** Finds which variables are, or were computed from, a target. */
  private static void markPaths(List<Var> recorded, long pass) {
    for (int k = 0; k < recorded.size(); k++) {
      Var var = recorded.get(k);
      boolean leads = false;
      for (int i = 0; i < var.node.inputs(); i++) {
        leads |= var.node.needs(i);
      }
      var.leadsToTarget = leads;
      var.onPath = leads || var.target == pass;
    }
  }
}
