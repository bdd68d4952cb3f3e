package io.qgpo.autograd;

import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradients of one pass, and how many hold each storage: a rule may hand one gradient, or views
 * of it, to several inputs. When its last holder is done the storage goes back to the pool, so that
 * a pass needs room for the gradients at its front only, not for all.
 *
 * <p>The pass has a scope of its own and gives back only what was made in it: never a tensor of the
 * forward pass, nor the gradient that the caller started from.
 */
final class Gradients {
  private final Scope scope;
  private final Map<Storage, Integer> holders = new IdentityHashMap<>();
  private final List<Tensor> replaced = new ArrayList<>();
  private Scope rule;

  Gradients(Scope scope) {
    this.scope = scope;
  }

  /** Starts from a gradient of the caller's, who holds it too. */
  void start(Var output, Tensor gradOutput) {
    holders.merge(gradOutput.storage(), 1, Integer::sum);
    hold(output, gradOutput);
  }

  /** Runs the backward rule of the operation that made {@code var}. */
  void passBack(Var var) {
    try (Scope opened = Scope.open(var.node.op())) {
      rule = opened;
      var.node.backward(var.gradient, this);
    }
    for (int i = 0; i < replaced.size(); i++) {
      release(replaced.get(i));
    }
    replaced.clear();
  }

  /** Adds what the running rule computed to a variable's gradient. */
  void add(Var var, Tensor gradient) {
    if (var.gradient == null) {
      hold(var, rule.escape(gradient));
      return;
    }
    // Not in place: the first one may be a view of another variable's gradient.
    Tensor sum = Tensor.empty(gradient.backend(), gradient.dtype(), gradient.shape());
    gradient.backend().binary(BinaryOp.ADD, var.gradient, gradient, sum);
    // Held until the rule returns, which may give it to another input.
    replaced.add(var.gradient);
    hold(var, rule.escape(sum));
  }

  private void hold(Var var, Tensor gradient) {
    holders.merge(gradient.storage(), 1, Integer::sum);
    var.gradient = gradient;
  }

  /** Forgets a variable's gradient. */
  void drop(Var var) {
    if (var.gradient != null) {
      release(var.gradient);
      var.gradient = null;
    }
  }

  private void release(Tensor gradient) {
    Storage storage = gradient.storage();
    if (holders.merge(storage, -1, Integer::sum) == 0) {
      holders.remove(storage);
      scope.release(gradient);
    }
  }

  /** A target's gradient for the caller, in storage that no other variable's gradient is in. */
  Tensor take(Var target) {
    Tensor gradient = target.gradient;
    if (gradient == null) {
      gradient = Tensor.zeros(target.backend(), target.dtype(), target.shape());
    } else if (holders.get(gradient.storage()) > 1) {
      gradient = gradient.copy();
    }
    return scope.escape(gradient);
  }
}
