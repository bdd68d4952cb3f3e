package io.qgpo.autograd;

import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One pass back through a graph: which variables lie on its way, their gradients, and how many of
 * those hold each storage. A rule may hand one gradient, or views of it, to several inputs. When
 * its last holder is done the storage goes back to the pool, so that a pass needs room for the
 * gradients at its front only, not for all.
 *
 * <p>A pass has a scope of its own and gives back only what was made in it: never a tensor of the
 * forward pass, nor the gradient that the caller started from. Its lists serve the next pass of the
 * thread, so that a training step makes none.
 */
final class Pass implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final ThreadLocal<Pass> SPARE = new ThreadLocal<>();
  private static final Comparator<Var> LATEST_FIRST =
      Comparator.<Var>comparingLong(v -> v.node.sequence()).reversed();

  private final PriorityQueue<Var> pending = new PriorityQueue<>(LATEST_FIRST);
  private final List<Var> recorded = new ArrayList<>();
  private final Map<Storage, Integer> holders = new IdentityHashMap<>();
  private final List<Tensor> replaced = new ArrayList<>();
  private List<Var> targets;
  private long number;
  private Scope scope;
  private Scope rule;

  private Pass() {}

  /** Begins a pass; close it in every case. */
  static Pass open(List<Var> targets) {
    Pass pass = SPARE.get();
    // One around this one keeps its lists: this one then makes its own.
    SPARE.set(null);
    if (pass == null) {
      pass = new Pass();
    }
    pass.number = NUMBERS.incrementAndGet();
    pass.targets = targets;
    for (int i = 0; i < targets.size(); i++) {
      Var target = targets.get(i);
      target.target = pass.number;
      target.onPath = true;
    }
    return pass;
  }

  /** Computes the targets' gradients, in their order. */
  void run(Var output, Tensor gradOutput, Tensor[] gradients) {
    findRecorded(output);
    try (GradMode _ = GradMode.off();
        Scope opened = Scope.open("Grad.of")) {
      scope = opened;
      markPaths();
      // The caller holds it too.
      hold(gradOutput);
      setGradient(output, gradOutput);
      for (int i = 0; i < recorded.size(); i++) {
        Var var = recorded.get(i);
        if (var.leadsToTarget && var.gradient != null) {
          passBack(var);
        }
        if (var.target != number) {
          drop(var);
        }
      }
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = take(targets.get(i));
      }
    } finally {
      output.gradient = null;
    }
  }

  /** Collects every recorded variable that {@code output} was computed from, the latest first. */
  private void findRecorded(Var output) {
    visit(output);
    while (!pending.isEmpty()) {
      // All that is still to be found was recorded before the latest that is pending.
      Var var = pending.poll();
      recorded.add(var);
      for (int i = 0; i < Tape.MAX_INPUTS; i++) {
        visit(var.node.input(i));
      }
    }
  }

  private void visit(Var var) {
    // Leaves are only read, so that threads may share parameters.
    if (var != null && var.node != null && var.visited != number) {
      var.visited = number;
      pending.add(var);
    }
  }

  /** Finds which variables are, or were computed from, a target. */
  private void markPaths() {
    for (int k = recorded.size() - 1; k >= 0; k--) {
      Var var = recorded.get(k);
      boolean leads = false;
      for (int i = 0; i < Tape.MAX_INPUTS; i++) {
        leads |= var.node.needs(i);
      }
      var.leadsToTarget = leads;
      var.onPath = leads || var.target == number;
    }
  }

  /** Runs the backward rule of the operation that made {@code var}. */
  private void passBack(Var var) {
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
      setGradient(var, rule.escape(gradient));
      return;
    }
    // Not in place: the first one may be a view of another variable's gradient.
    Tensor sum = Tensor.empty(gradient.backend(), gradient.dtype(), gradient.shape());
    gradient.backend().binary(BinaryOp.ADD, var.gradient, gradient, sum);
    // Held until the rule returns, which may give it to another input.
    replaced.add(var.gradient);
    setGradient(var, rule.escape(sum));
  }

  /** A variable's gradient if there is one and no other has elements of it; else null. */
  Tensor accumulator(Var var) {
    Tensor gradient = var.gradient;
    return gradient != null && isAlone(var, gradient) ? gradient : null;
  }

  /** Parts of a concatenation share storage, but no element. */
  private boolean isAlone(Var var, Tensor gradient) {
    int left = holders.get(gradient.storage()) - 1;
    for (int i = 0; i < recorded.size() && left > 0; i++) {
      left -= isBeside(recorded.get(i), var, gradient) ? 1 : 0;
    }
    for (int i = 0; i < targets.size() && left > 0; i++) {
      // Those that were recorded have been counted.
      Var target = targets.get(i);
      left -= target.node == null && isBeside(target, var, gradient) ? 1 : 0;
    }
    return left == 0;
  }

  private static boolean isBeside(Var other, Var var, Tensor gradient) {
    return other != var && other.gradient != null && gradient.isBeside(other.gradient);
  }

  private void setGradient(Var var, Tensor gradient) {
    hold(gradient);
    var.gradient = gradient;
  }

  private void hold(Tensor gradient) {
    holders.merge(gradient.storage(), 1, Integer::sum);
  }

  /** Forgets a variable's gradient. */
  private void drop(Var var) {
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
  private Tensor take(Var target) {
    Tensor gradient = target.gradient;
    if (gradient == null) {
      gradient = Tensor.zeros(target.backend(), target.dtype(), target.shape());
    } else if (holders.get(gradient.storage()) > 1) {
      gradient = gradient.copy();
    }
    return scope.escape(gradient);
  }

  /** Leaves no mark on the graph, and the lists to the next pass. */
  @Override
  public void close() {
    for (int i = 0; i < recorded.size(); i++) {
      recorded.get(i).gradient = null;
    }
    for (int i = 0; i < targets.size(); i++) {
      targets.get(i).onPath = false;
      targets.get(i).gradient = null;
    }
    targets = null;
    scope = null;
    rule = null;
    pending.clear();
    recorded.clear();
    holders.clear();
    replaced.clear();
    SPARE.set(this);
  }
}
