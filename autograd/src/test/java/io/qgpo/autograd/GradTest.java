package io.qgpo.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Matrix;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pass computes, what it leaves out, and what it refuses. */
class GradTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static Tensor tensor(double... values) {
    return Tensor.of(SCALAR, DType.FLOAT64, Shape.of(values.length), values);
  }

  private static Var parameter(double... values) {
    return Var.parameter(tensor(values));
  }

  private static void assertGradient(Tensor found, double... expected) {
    assertArrayEquals(expected, found.toDoubleArray(), 1e-12);
  }

  // ---- What a pass computes ------------------------------------------------------------------

  @Test
  void productRuleByHand() {
    Var a = parameter(2, 3);
    Var b = parameter(5, 7);
    Tensor[] gradients = Grad.of(Reduction.sum(Arithmetic.mul(a, b)), List.of(a, b));
    assertGradient(gradients[0], 5, 7);
    assertGradient(gradients[1], 2, 3);
  }

  @Test
  void aFunctionOfRowsWhereGradientsAreOff() {
    Tensor x = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4);
    Tensor weights = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(2, 1), 5, 7);
    try (GradMode _ = GradMode.off()) {
      Tensor gradient =
          Grad.ofRows(at -> Matrix.matmul(Elementwise.square(at), Var.constant(weights)), x);
      assertEquals(x.shape(), gradient.shape());
      assertGradient(gradient, 10, 28, 30, 56);
    }
  }

  @Test
  void oneVariableUsedManyTimes() {
    Var x = parameter(3);
    Var cube = Arithmetic.mul(Arithmetic.mul(x, x), x);
    assertGradient(Grad.of(Arithmetic.add(cube, x), List.of(x))[0], 28);
  }

  @Test
  void intermediateTargetsAndWhatTheyWereComputedFrom() {
    Var x = parameter(2);
    Var square = Elementwise.square(x);
    Var cube = Arithmetic.mul(square, x);
    Tensor[] gradients = Grad.of(cube, List.of(square, x, cube));
    assertGradient(gradients[0], 2);
    assertGradient(gradients[1], 12);
    assertGradient(gradients[2], 1);
  }

  @Test
  void aTargetThatIsNotReachedGetsZeros() {
    Var x = parameter(2);
    Var unused = Var.parameter(Tensor.of(SCALAR, Shape.of(2, 1), 1f, 2f));
    Var later = Elementwise.exp(Elementwise.exp(x));
    Tensor[] gradients = Grad.of(Elementwise.square(x), List.of(unused, later, x));
    assertArrayEquals(new float[2], gradients[0].toFloatArray());
    assertEquals(Shape.of(2, 1), gradients[0].shape());
    assertGradient(gradients[1], 0);
    assertGradient(gradients[2], 4);
  }

  @Test
  void aGraphMayBeAskedAgainAndAgain() {
    Var x = parameter(2);
    Var y = parameter(5);
    Var product = Arithmetic.mul(Elementwise.square(x), y);
    assertGradient(Grad.of(product, List.of(x))[0], 20);
    assertGradient(Grad.of(product, List.of(y))[0], 4);
    Tensor[] both = Grad.of(product, List.of(y, x));
    assertGradient(both[0], 4);
    assertGradient(both[1], 20);
    assertGradient(Grad.of(Elementwise.scale(product, 2), List.of(x))[0], 40);
  }

  @Test
  void theSameTargetTwice() {
    Var x = parameter(2);
    Tensor[] gradients = Grad.of(Elementwise.square(x), List.of(x, x));
    assertGradient(gradients[0], 4);
    assertGradient(gradients[1], 4);
  }

  @Test
  void startsFromTheGivenGradient() {
    Var x = parameter(1, 2, 3);
    Tensor start = tensor(10, 0, -1);
    assertGradient(Grad.of(Elementwise.square(x), start, List.of(x))[0], 20, 0, -6);
    assertGradient(start, 10, 0, -1);
  }

  @Test
  void detachCutsThePath() {
    Var x = parameter(3);
    Var product = Arithmetic.mul(x, Elementwise.square(x).detach());
    assertGradient(Grad.of(product, List.of(x))[0], 9);
    assertSame(x.value(), x.detach().value());
    assertEquals(false, x.detach().requiresGrad());
  }

  // ---- What a pass does not compute ----------------------------------------------------------

  @Test
  void onlyRulesOnThePathRun() {
    Spy spy = new Spy();
    Var weight = parameter(2);
    Var action = parameter(3);
    Var ofWeight = spy.watch("of weight", spy.watch("deeper", Elementwise.square(weight)));
    Var ofAction = spy.watch("of action", action);
    Var q = spy.watch("q", Arithmetic.mul(ofWeight, ofAction));
    assertGradient(Grad.of(q, List.of(action))[0], 4);
    assertEquals(List.of("q", "of action"), spy.runs);
    spy.runs.clear();
    assertGradient(Grad.of(q, List.of(weight))[0], 12);
    assertEquals(List.of("q", "of weight", "deeper"), spy.runs);
    spy.runs.clear();
    // An intermediate target: what lies before it is not on the path.
    assertGradient(Grad.of(q, List.of(ofAction))[0], 4);
    assertEquals(List.of("q"), spy.runs);
  }

  @Test
  void aBranchThatGetsNoGradientDoesNotRun() {
    Spy spy = new Spy();
    Var x = parameter(3);
    Var ignored = spy.watch("ignored", x);
    Var sum = Tape.record("first of two", x.value(), (g, node) -> node.give(0, g), x, ignored);
    assertGradient(Grad.of(sum, List.of(x))[0], 1);
    assertEquals(List.of(), spy.runs);
  }

  @Test
  void aLinearLayerReachedByItsResidualAloneSkipsItsActivation() {
    Var x = Var.constant(Tensor.of(SCALAR, Shape.of(1, 1), 1f));
    Var weight = Var.parameter(Tensor.of(SCALAR, Shape.of(1, 1), 1f));
    Var residual = Var.parameter(Tensor.of(SCALAR, Shape.of(1, 1), 1f));
    Tensor start = Tensor.of(SCALAR, Shape.of(1, 1), 7f);
    Var y;
    try (Scope scope = Scope.open("forward")) {
      y = Matrix.linear(x, weight, null, Activation.SILU, residual);
      scope.escape(y.value());
    }
    assertArrayEquals(new float[] {7}, Grad.of(y, start, List.of(residual))[0].toFloatArray());
    // The weight needs what the activation was applied to, which ended with the scope.
    assertThrows(IllegalStateException.class, () -> Grad.of(y, start, List.of(weight)));
  }

  @Test
  void rulesAreNotRecorded() {
    Var x = parameter(3);
    Tape.Rule rule =
        (gradOut, node) -> {
          assertEquals(false, GradMode.isOn());
          node.give(0, gradOut);
        };
    Grad.of(Tape.record("identity", x.value(), rule, x), List.of(x));
    assertEquals(true, GradMode.isOn());
  }

  @Test
  @Timeout(60)
  void deepChainsNeedNoStack() {
    Var x = parameter(1);
    Var y = x;
    for (int i = 0; i < 20_000; i++) {
      y = Elementwise.affine(y, i % 2 == 0 ? 2 : 0.5, 1);
    }
    assertGradient(Grad.of(y, List.of(x))[0], 1);
  }

  // ---- Refusals ------------------------------------------------------------------------------

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void refusals() {
    Var x = parameter(1, 2);
    assertRefused(
        "Grad.of: the loss must have one element, found shape [2]; reduce it with Reduction.mean,"
            + " or give the gradient to start from",
        () -> Grad.of(Elementwise.square(x), List.of(x)));
    assertRefused(
        "Grad.of: gradOutput must be like the output, FLOAT64 [2], found FLOAT64 [3]",
        () -> Grad.of(x, tensor(1, 2, 3), List.of(x)));
    assertRefused(
        "Grad.of: gradOutput must be like the output, FLOAT64 [2], found FLOAT32 [2]",
        () -> Grad.of(x, Tensor.of(SCALAR, Shape.of(2), 1f, 2f), List.of(x)));
    assertRefused(
        "Grad.of: expected room for 1 gradients, as many as targets, found an array of 2",
        () -> Grad.of(Reduction.sum(x), List.of(x), new Tensor[2]));
    assertRefused(
        "Grad.of: target 1 is a constant; make it with Var.parameter",
        () -> Grad.of(Reduction.sum(x), List.of(x, x.detach())));
  }

  @Test
  void anOutputThatNothingWasRecordedForIsRefused() {
    Var x = parameter(1);
    try (GradMode _ = GradMode.off()) {
      assertRefused(
          "Grad.of: the output is a constant, so nothing leads to a target; compute it from a"
              + " Var.parameter while GradMode is on",
          () -> Grad.of(Elementwise.square(x), List.of(x)));
    }
  }

  @Test
  void aRefusedPassLeavesNoMarkOnItsTargets() {
    Spy spy = new Spy();
    Var weight = parameter(2);
    Var action = parameter(3);
    Var q = Arithmetic.mul(spy.watch("weight", weight), action);
    assertThrows(
        IllegalArgumentException.class, () -> Grad.of(q, List.of(weight, action.detach())));
    assertGradient(Grad.of(q, List.of(action))[0], 2);
    assertEquals(List.of(), spy.runs);
  }

  @Test
  void aRuleThatThrowsLeavesTheGraphUsable() {
    boolean[] broken = {true};
    Var x = parameter(3);
    Tape.Rule rule =
        (gradOut, node) -> {
          node.give(0, gradOut);
          if (broken[0]) {
            throw new ArithmeticException("broken");
          }
        };
    Var y = Elementwise.square(Tape.record("fragile", x.value(), rule, x));
    assertThrows(ArithmeticException.class, () -> Grad.of(y, List.of(x)));
    assertEquals(false, Scope.isOpen());
    assertEquals(true, GradMode.isOn());
    broken[0] = false;
    assertGradient(Grad.of(y, List.of(x))[0], 6);
  }

  @Test
  void aRuleMustGiveGradientsLikeItsInputs() {
    Var x = parameter(1, 2);
    Var shape = Tape.record("bad shape", x.value(), (g, node) -> node.give(0, tensor(1)), x);
    Tensor narrow = Tensor.of(SCALAR, Shape.of(2), 1f, 2f);
    Var type = Tape.record("bad type", x.value(), (g, node) -> node.give(0, narrow), x);
    assertEquals(
        "bad shape: the gradient of input 0 must be like it, FLOAT64 [2], found FLOAT64 [1]",
        assertThrows(IllegalStateException.class, () -> Grad.of(shape, x.value(), List.of(x)))
            .getMessage());
    assertEquals(
        "bad type: the gradient of input 0 must be like it, FLOAT64 [2], found FLOAT32 [2]",
        assertThrows(IllegalStateException.class, () -> Grad.of(type, x.value(), List.of(x)))
            .getMessage());
  }

  @Test
  void gradientsAreGivenWithinTheRule() {
    Tape.Node[] kept = new Tape.Node[1];
    Var x = parameter(1);
    Tape.Rule rule =
        (gradOut, node) -> {
          kept[0] = node;
          node.give(0, gradOut);
        };
    Grad.of(Tape.record("keeps its node", x.value(), rule, x), List.of(x));
    assertEquals(
        "keeps its node: a gradient of input 0 was given outside the backward rule",
        assertThrows(IllegalStateException.class, () -> kept[0].give(0, tensor(1))).getMessage());
  }

  @Test
  void theCallersArrayReceivesTheGradients() {
    Var x = parameter(3);
    Tensor[] gradients = new Tensor[1];
    assertSame(gradients, Grad.of(Elementwise.square(x), List.of(x), gradients));
    assertGradient(gradients[0], 6);
    Grad.of(Elementwise.scale(x, 5), List.of(x), gradients);
    assertGradient(gradients[0], 5);
  }

  @Test
  void anOperationHasFourInputsAtMost() {
    Var x = parameter(1);
    Tape.Rule rule = (gradOut, node) -> node.give(4, gradOut);
    Var y = Tape.record("gives a fifth", x.value(), rule, x);
    assertEquals(
        "gives a fifth: there is no input 4",
        assertThrows(IndexOutOfBoundsException.class, () -> Grad.of(y, List.of(x))).getMessage());
  }

  @Test
  void aPassWithinAPassUsesVariablesOfItsOwn() {
    Var x = parameter(3);
    boolean[] copies = {true};
    Tape.Rule rule =
        (gradOut, node) -> {
          Var inner = copies[0] ? Var.parameter(x.value()) : x;
          try (GradMode _ = GradMode.on()) {
            node.give(0, Grad.of(Elementwise.square(inner), gradOut, List.of(inner))[0]);
          }
        };
    Var y = Tape.record("square, computed again", Elementwise.square(x).value(), rule, x);
    assertGradient(Grad.of(y, List.of(x))[0], 6);
    copies[0] = false;
    assertEquals(
        "Grad.of: target 0 belongs to a pass that has not ended, of another thread or around this"
            + " one; ask for the gradient of a copy, Var.parameter(target.value())",
        assertThrows(IllegalStateException.class, () -> Grad.of(y, List.of(x))).getMessage());
  }
}
