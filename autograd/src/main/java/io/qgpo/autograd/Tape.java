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
    private final Rule rule;
    // Fields, so that recording an operation allocates no array.
    private final Var first;
    private final Var second;
    private final Var third;
    private final Var fourth;
    private final long sequence = SEQUENCE.getAndIncrement();

    private Pass pass;

    private Node(String op, Rule rule, Var first, Var second, Var third, Var fourth) {
      this.op = op;
      this.rule = rule;
      this.first = first;
      this.second = second;
      this.third = third;
      this.fourth = fourth;
    }

    /** The operation's name. */
    public String op() {
      return op;
    }

    long sequence() {
      return sequence;
    }

    /** Input {@code i}, 0 to {@link #MAX_INPUTS} - 1; null if there is none. */
    Var input(int i) {
      return switch (i) {
        case 0 -> first;
        case 1 -> second;
        case 2 -> third;
        case 3 -> fourth;
        default -> throw new IndexOutOfBoundsException(op + ": there is no input " + i);
      };
    }

    void backward(Tensor gradOut, Pass current) {
      pass = current;
      try {
        rule.backward(gradOut, this);
      } finally {
        pass = null;
      }
    }

    /** Whether there is an input {@code i} and its gradient is on the way to what was asked for. */
    public boolean needs(int i) {
      Var input = input(i);
      return input != null && input.onPath;
    }

    /**
     * The gradient of input {@code i} so far, to which the rule may add in place of {@link #give};
     * null if there is none yet or others hold it too.
     */
    public Tensor accumulator(int i) {
      return pass == null || !needs(i) ? null : pass.accumulator(input(i));
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
      if (pass == null) {
        throw new IllegalStateException(
            op + ": a gradient of input " + i + " was given outside the backward rule");
      }
      if (!needs(i)) {
        return;
      }
      Var input = input(i);
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
      pass.add(input, gradient);
    }
  }

  /** Inputs that an operation may have. */
  static final int MAX_INPUTS = 4;

  private static final AtomicLong SEQUENCE = new AtomicLong();

  private Tape() {}

  /** {@link #record(String, Tensor, Rule, Var, Var, Var, Var)} with one input. */
  public static Var record(String op, Tensor value, Rule rule, Var input) {
    return record(op, value, rule, input, null, null, null);
  }

  /** {@link #record(String, Tensor, Rule, Var, Var, Var, Var)} with two inputs. */
  public static Var record(String op, Tensor value, Rule rule, Var first, Var second) {
    return record(op, value, rule, first, second, null, null);
  }

  /**
   * The result of an operation, recorded if {@link #records} says so and a constant otherwise.
   * Inputs are null where the operation does without.
   *
   * @param op its name, for messages
   * @param rule how a gradient of {@code value} passes back to the inputs
   */
  public static Var record(
      String op, Tensor value, Rule rule, Var first, Var second, Var third, Var fourth) {
    return records(first, second, third, fourth)
        ? new Var(value, true, new Node(op, rule, first, second, third, fourth))
        : Var.constant(value);
  }

  /**
   * Whether an operation on these inputs is recorded: if {@link GradMode} is on and one of them is,
   * or was computed from, a parameter. Tells an operation what to keep for its rule.
   */
  public static boolean records(Var first, Var second, Var third, Var fourth) {
    return GradMode.isOn()
        && (requiresGrad(first)
            || requiresGrad(second)
            || requiresGrad(third)
            || requiresGrad(fourth));
  }

  private static boolean requiresGrad(Var input) {
    return input != null && input.requiresGrad();
  }
}
