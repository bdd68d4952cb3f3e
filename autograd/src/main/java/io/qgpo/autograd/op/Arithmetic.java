package io.qgpo.autograd.op;

import io.qgpo.autograd.Tape;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;

/**
 * Functions of two arguments, element by element. Shapes broadcast by NumPy's rule; gradients are
 * summed back to each argument's own shape.
 */
public final class Arithmetic {
  private Arithmetic() {}

  /** y = a + b; da = dy, db = dy. */
  public static Var add(Var a, Var b) {
    return record(
        BinaryOp.ADD,
        a,
        b,
        (gradOut, node) -> {
          give(node, 0, a, gradOut);
          give(node, 1, b, gradOut);
        });
  }

  /** y = a - b; da = dy, db = -dy. */
  public static Var sub(Var a, Var b) {
    return record(
        BinaryOp.SUB,
        a,
        b,
        (gradOut, node) -> {
          give(node, 0, a, gradOut);
          if (node.needs(1)) {
            Tensor negative = like(gradOut);
            gradOut.backend().unary(UnaryOp.NEG, gradOut, negative);
            give(node, 1, b, negative);
          }
        });
  }

  /** y = a b; da = dy b, db = dy a. */
  public static Var mul(Var a, Var b) {
    return record(
        BinaryOp.MUL,
        a,
        b,
        (gradOut, node) -> {
          if (node.needs(0)) {
            give(node, 0, a, compute(BinaryOp.MUL, gradOut, b.value()));
          }
          if (node.needs(1)) {
            give(node, 1, b, compute(BinaryOp.MUL, gradOut, a.value()));
          }
        });
  }

  /** y = a / b; da = dy / b, db = -(dy / b) (a / b). */
  public static Var div(Var a, Var b) {
    return record(
        BinaryOp.DIV,
        a,
        b,
        (gradOut, node) -> {
          Tensor gradA = compute(BinaryOp.DIV, gradOut, b.value());
          give(node, 0, a, gradA);
          if (node.needs(1)) {
            Tensor quotient = compute(BinaryOp.DIV, a.value(), b.value());
            Tensor product = compute(BinaryOp.MUL, gradA, quotient);
            Tensor negative = like(product);
            product.backend().unary(UnaryOp.NEG, product, negative);
            give(node, 1, b, negative);
          }
        });
  }

  /** y = the smaller; dy goes to b where b &lt; a, else to a. */
  public static Var min(Var a, Var b) {
    return select(BinaryOp.MIN, a, b, b, a);
  }

  /** y = the larger; dy goes to b where a &lt; b, else to a. */
  public static Var max(Var a, Var b) {
    return select(BinaryOp.MAX, a, b, a, b);
  }

  private static Var select(BinaryOp op, Var a, Var b, Var less, Var than) {
    return record(
        op,
        a,
        b,
        (gradOut, node) -> {
          Tensor toB = compute(BinaryOp.LESS, less.value(), than.value());
          if (node.needs(1)) {
            give(node, 1, b, compute(BinaryOp.MUL, gradOut, toB));
          }
          if (node.needs(0)) {
            Tensor toA = like(toB);
            toB.backend().affine(toB, -1, 1, toA);
            give(node, 0, a, compute(BinaryOp.MUL, gradOut, toA));
          }
        });
  }

  private static Var record(BinaryOp op, Var a, Var b, Tape.Rule rule) {
    Operands.match(op.name(), a.value(), b.value());
    Tensor value = compute(op, a.value(), b.value());
    return Tape.record(op.name(), value, rule, a, b);
  }

  private static Tensor compute(BinaryOp op, Tensor a, Tensor b) {
    Shape shape = Shape.broadcast(op.name(), a.shape(), b.shape());
    Tensor out = Tensor.empty(a.backend(), a.dtype(), shape);
    a.backend().binary(op, a, b, out);
    return out;
  }

  private static void give(Tape.Node node, int i, Var input, Tensor gradient) {
    if (node.needs(i)) {
      node.give(i, Broadcasting.sumTo(gradient, input.shape()));
    }
  }

  private static Tensor like(Tensor x) {
    return Tensor.empty(x.backend(), x.dtype(), x.shape());
  }
}
