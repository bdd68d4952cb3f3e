package io.qgpo.autograd;

import io.qgpo.tensor.Tensor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records operations as they run. The record is the graph itself: each result refers to the node
 * that made it and so to its inputs, and is forgotten with them.
 */
public final class Tape {
  /** How an operation passes a gradient back to its inputs. */
  public interface Rule {
    /**
     * Computes the inputs' gradients. Runs in a scope of its own: what it makes and does not give
     * goes back to the pool when it returns.
     *
     * @param gradOut the gradient of the result, of the result's shape
     * @param node tells which inputs need one, and takes them
     */
    void backward(Tensor gradOut, Node node);
  }

  /** One recorded operation. */
  public static final class Node {
    private final String op;
    private final Var[] inputs;
    private final Rule rule;
    private final long sequence = SEQUENCE.getAndIncrement();

    private Gradients gradients;

    private Node(String op, Var[] inputs, Rule rule) {
      this.op = op;
      this.inputs = inputs;
      this.rule = rule;
    }

    /** The operation's name. */
    public String op() {
      return op;
    }

    long sequence() {
      return sequence;
    }

    int inputs() {
      return inputs.length;
    }

    /** May be null. */
    Var input(int i) {
      return inputs[i];
    }

    void backward(Tensor gradOut, Gradients pass) {
      gradients = pass;
      try {
        rule.backward(gradOut, this);
      } finally {
        gradients = null;
      }
    }

    /** Whether there is an input {@code i} and its gradient is on the way to what was asked for. */
    public boolean needs(int i) {
      return inputs[i] != null && inputs[i].onPath;
    }

    /**
     * Adds to the gradient of input {@code i}; ignored if it is not needed.
     *
     * @param gradient of the input's shape and type, made in the rule; or the result's gradient, or
     *     a view of it
     * @throws IllegalStateException if it is not like the input, or outside the rule
     */
    public void give(int i, Tensor gradient) {
      // Set while the rule runs.
      if (gradients == null) {
        throw new IllegalStateException(
            op + ": a gradient of input " + i + " was given outside the backward rule");
      }
      if (!needs(i)) {
        return;
      }
      Var input = inputs[i];
      if (!gradient.shape().equals(input.shape()) || gradient.dtype() != input.dtype()) {
        throw new IllegalStateException(
            op
                + ": the gradient of input "
                + i
                + " must be like it, "
                + input.dtype()
                + " "
                + input.shape()
                + ", found "
                + gradient.dtype()
                + " "
                + gradient.shape());
      }
      gradients.add(input, gradient);
    }
  }

  private static final AtomicLong SEQUENCE = new AtomicLong();

  private Tape() {}

  /**
   * The result of an operation, recorded if {@link #records} says so and a constant otherwise.
   *
   * @param op its name, for messages
   * @param rule how a gradient of {@code value} passes back to the inputs
   * @param inputs null in place of one that the operation does without
   */
  public static Var record(String op, Tensor value, Rule rule, Var... inputs) {
    return records(inputs) ? new Var(value, true, new Node(op, inputs, rule)) : Var.constant(value);
  }

  /**
   * Whether an operation on these inputs is recorded: if {@link GradMode} is on and one of them is,
   * or was computed from, a parameter. Tells an operation what to keep for its rule.
   */
  public static boolean records(Var... inputs) {
    if (!GradMode.isOn()) {
      return false;
    }
    for (Var input : inputs) {
      if (input != null && input.requiresGrad()) {
        return true;
      }
    }
    return false;
  }
}
