package io.qgpo.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradCheckTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static Var parameter(double... values) {
    return Var.parameter(Tensor.of(SCALAR, DType.FLOAT64, Shape.of(values.length), values));
  }

  /** a b with gradients that are {@code factorA} and {@code factorB} times the right ones. */
  private static Var product(Var a, Var b, double factorA, double factorB) {
    return Tape.record(
        "product",
        Arithmetic.mul(a, b).value(),
        (gradOut, node) -> {
          node.give(0, scaled(factorA, gradOut, b));
          node.give(1, scaled(factorB, gradOut, a));
        },
        a,
        b);
  }

  private static Tensor scaled(double factor, Tensor gradOut, Var other) {
    Tensor out = Tensor.empty(SCALAR, DType.FLOAT64, gradOut.shape());
    SCALAR.binary(BinaryOp.MUL, gradOut, other.value(), out);
    SCALAR.affine(out, factor, 0, out);
    return out;
  }

  private static String failure(double factorA, double factorB) {
    return assertThrows(
            AssertionError.class,
            () ->
                GradCheck.check(
                    "product",
                    v -> product(v.get(0), v.get(1), factorA, factorB),
                    List.of(parameter(1, 2, 3), parameter(4, 5, 6))))
        .getMessage();
  }

  @Test
  void wrongRulesAreCaughtAndTheInputIsNamed() {
    String sign = failure(-1, 1);
    assertTrue(
        sign.matches(
            "GradCheck product, input 0, direction 0: the backward rule gives slope -?[0-9.]+,"
                + " central differences give -?[0-9.]+"),
        sign);
    assertTrue(failure(1, 1.00001).startsWith("GradCheck product, input 1, direction "));
    assertTrue(failure(0, 1).contains("slope 0.000000000, "));
    assertTrue(failure(Double.NaN, 1).contains("slope NaN, "));
  }

  @Test
  void aRightRulePasses() {
    GradCheck.check(
        "mul",
        v -> Arithmetic.mul(v.get(0), v.get(1)),
        List.of(parameter(1, 2, 3), parameter(4, 5, 6)));
  }

  @Test
  void aVariableThatIsTwoInputsIsMovedAsOne() {
    Var x = parameter(1, 2);
    GradCheck.check("square", v -> Arithmetic.mul(v.get(0), v.get(1)), List.of(x, x));
  }

  @Test
  void aRuleThatDependsOnWhatElseIsAskedForIsCaught() {
    String message =
        assertThrows(
                AssertionError.class,
                () ->
                    GradCheck.check(
                        "moody",
                        v ->
                            Tape.record(
                                "moody",
                                Arithmetic.add(v.get(0), v.get(1)).value(),
                                (gradOut, node) -> {
                                  node.give(1, gradOut);
                                  Tensor half = gradOut.copy();
                                  SCALAR.affine(half, 0.5, 0, half);
                                  node.give(0, node.needs(1) ? gradOut : half);
                                },
                                v.get(0),
                                v.get(1)),
                        List.of(parameter(1), parameter(2))))
            .getMessage();
    assertEquals(
        "GradCheck moody, input 0, direction 0: the gradient by itself differs from the one with"
            + " all other inputs'",
        message);
  }

  @Test
  void refusals() {
    Var narrow = Var.parameter(Tensor.of(SCALAR, Shape.of(1), 1f));
    assertEquals(
        "GradCheck exp: expected FLOAT64 inputs, found FLOAT32",
        assertThrows(
                IllegalArgumentException.class,
                () -> GradCheck.check("exp", v -> Elementwise.exp(v.get(0)), List.of(narrow)))
            .getMessage());
    assertEquals(
        "GradCheck exp: no input is a parameter, so there is nothing to check",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    GradCheck.check(
                        "exp", v -> Elementwise.exp(v.get(0)), List.of(parameter(1).detach())))
            .getMessage());
  }
}
