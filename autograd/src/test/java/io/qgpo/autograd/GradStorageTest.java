package io.qgpo.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.op.Matrix;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ObservedBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a pass holds on to, and for how long. */
class GradStorageTest {
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

  @Test
  void gradientsOutliveThePassButNotTheCallersScope() {
    Var x = parameter(3);
    Tensor kept;
    Tensor lost;
    try (Scope scope = Scope.open("step")) {
      kept = scope.escape(Grad.of(Elementwise.square(x), List.of(x))[0]);
      lost = Grad.of(Elementwise.square(x), List.of(x))[0];
      assertGradient(lost, 6);
    }
    assertGradient(kept, 6);
    assertEquals(
        "Tensor FLOAT64 [1] is used after the scope 'step' that held it gave its storage back;"
            + " keep it with scope.escape(tensor)",
        assertThrows(IllegalStateException.class, lost::toDoubleArray).getMessage());
    Tensor unscoped = Grad.of(Elementwise.square(x), List.of(x))[0];
    try (Scope _ = Scope.open("next step")) {
      Grad.of(Elementwise.exp(x), List.of(x));
    }
    assertGradient(unscoped, 6);
  }

  @Test
  void aPassNeedsRoomForTheGradientsAtItsFrontOnly() {
    Spy spy = new Spy();
    Var x = parameter(1);
    try (Scope _ = Scope.open("step")) {
      Var y = x;
      for (int i = 0; i < 1000; i++) {
        y = spy.watch("link", y);
      }
      assertGradient(Grad.of(y, List.of(x))[0], 1);
    }
    assertEquals(1000, spy.storages.size());
    // One that comes in and one that goes out.
    assertEquals(2, distinct(spy));
  }

  @Test
  void aSumOfManyGradientsNeedsRoomForTheSumOnly() {
    Set<Storage> sums = Collections.newSetFromMap(new IdentityHashMap<>());
    Var x = parameter(1);
    try (Scope _ = Scope.open("step")) {
      Var z = Elementwise.exp(x);
      Tape.Rule rule =
          (gradOut, node) -> {
            sums.add(z.gradient.storage());
            node.give(0, gradOut.copy());
          };
      Var y = z;
      for (int i = 0; i < 100; i++) {
        y = Arithmetic.add(y, Tape.record("use", z.value(), rule, z));
      }
      Var total = Arithmetic.add(y, z);
      assertGradient(Grad.of(total, List.of(x))[0], 102 * Math.E);
    }
    // What it all started from; then the sum, the next sum and what is added change places.
    assertEquals(4, sums.size());
  }

  private static int distinct(Spy spy) {
    Set<Storage> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    distinct.addAll(spy.storages);
    return distinct.size();
  }

  @Test
  void temporariesOfARuleAreGivenBackWhenItReturns() {
    Var x = parameter(1);
    Set<Storage> temporaries = Collections.newSetFromMap(new IdentityHashMap<>());
    Var y = x;
    for (int i = 0; i < 100; i++) {
      Tape.Rule rule =
          (gradOut, node) -> {
            // Of a size that nothing else has.
            temporaries.add(Tensor.empty(SCALAR, DType.FLOAT64, Shape.of(77_777)).storage());
            node.give(0, gradOut);
          };
      y = Tape.record("link", y.value(), rule, y);
    }
    assertGradient(Grad.of(y, List.of(x))[0], 1);
    assertEquals(1, temporaries.size());
  }

  @Test
  void viewsOfOneGradientStayUntilTheLastIsDone() {
    Spy spy = new Spy();
    Var a = parameter(1, 2);
    Var b = parameter(3);
    Var left = spy.watch("left", spy.watch("left", a));
    Var joined = Layout.concat(left, Elementwise.square(Elementwise.square(b)));
    Var y = Elementwise.square(joined);
    try (Scope _ = Scope.open("step")) {
      Tensor[] gradients = Grad.of(Reduction.sum(y), List.of(a, b));
      assertGradient(gradients[0], 2, 4);
      assertGradient(gradients[1], 8 * Math.pow(3, 7));
    }
  }

  @Test
  void noTwoTargetsShareStorageAndTheStartIsLeftAlone() {
    Var a = parameter(1, 2);
    Var b = parameter(3, 4);
    Tensor start = tensor(5, 6);
    Tensor[] gradients = Grad.of(Arithmetic.add(a, b), start, List.of(a, b));
    assertNotSame(gradients[0].storage(), gradients[1].storage());
    assertNotSame(start.storage(), gradients[0].storage());
    SCALAR.fill(gradients[0], 0);
    SCALAR.fill(gradients[1], 0);
    assertGradient(start, 5, 6);
    Var output = parameter(1, 2);
    assertNotSame(start.storage(), Grad.of(output, start, List.of(output))[0].storage());
  }

  @Test
  void aRuleMayGiveOneTensorToAllItsInputsAndAForwardValueToo() {
    Var x = parameter(1, 2);
    Tensor forward = tensor(10, 20);
    try (Scope _ = Scope.open("step")) {
      Tensor scoped = forward.copy();
      Tape.Rule rule =
          (gradOut, node) -> {
            Tensor gradient = gradOut.copy();
            node.give(0, gradient);
            node.give(1, gradient);
            node.give(2, scoped);
            node.give(3, gradOut);
          };
      Var z = Elementwise.scale(x, 3);
      Var y = Tape.record("shares", x.value(), rule, z, x, z, z);
      Var again = Tape.record("shares", x.value(), rule, z, z, z, z);
      Var both = Arithmetic.add(y, again);
      // dz = 5 dy + 2 scoped, dx = 3 dz + dy.
      assertGradient(Grad.of(both, tensor(1, 1), List.of(x))[0], 76, 136);
      assertGradient(Grad.of(both, tensor(1, 1), List.of(x))[0], 76, 136);
      assertGradient(scoped, 10, 20);
    }
  }

  /** The scalar backend, of which a list gets the operation of each {@code binary}. */
  private static Backend observed(List<String> operations) {
    return ObservedBackend.of(
        SCALAR,
        (primitive, arguments, _) -> {
          if (primitive.equals("binary")) {
            operations.add(arguments[0].toString());
          }
        });
  }

  @Test
  void productsAreAddedInPlace() {
    List<String> sums = new ArrayList<>();
    Backend observed = observed(sums);
    Var x = Var.parameter(Tensor.of(observed, DType.FLOAT64, Shape.of(1, 2), 3, 5));
    Var w = Var.parameter(Tensor.of(observed, DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4));
    try (Scope _ = Scope.open("step")) {
      Var twice = Matrix.matmul(Matrix.matmul(x, w), w);
      Var loss = Reduction.sum(Layout.concat(twice, Matrix.matmul(x, w)));
      sums.clear();
      Tensor[] gradients = Grad.of(loss, List.of(x, w));
      // d/dx (x w w + x w) 1 = w (w 1 + 1); d/dw is x (w 1 + 1) + x w 1.
      assertGradient(gradients[0], 20, 44);
      assertGradient(gradients[1], 30, 42, 46, 66);
    }
    assertEquals(List.of(), sums);
  }

  /** The parts' gradients lie side by side in one tensor. */
  @Test
  void productsAreAddedToThePartsOfAConcatenationInPlace() {
    List<String> sums = new ArrayList<>();
    Backend observed = observed(sums);
    Var a = Var.parameter(Tensor.of(observed, DType.FLOAT64, Shape.of(1, 1), 3));
    Var b = Var.parameter(Tensor.of(observed, DType.FLOAT64, Shape.of(1, 1), 5));
    Var w = Var.parameter(Tensor.of(observed, DType.FLOAT64, Shape.of(1, 1), 7));
    try (Scope _ = Scope.open("step")) {
      // Targets and what was recorded: x is 3 x 7.
      Var x = Matrix.matmul(a, w);
      Var uses = Layout.concat(Matrix.matmul(x, w), Matrix.matmul(b, w));
      Var loss = Reduction.sum(Layout.concat(uses, Layout.concat(x, b)));
      sums.clear();
      Tensor[] gradients = Grad.of(loss, List.of(a, b));
      assertGradient(gradients[0], 49 + 7);
      assertGradient(gradients[1], 7 + 1);
    }
    assertEquals(List.of(), sums);
  }

  /** A device computes both gradients of a layer at once: of w w^T they are of the same w. */
  @Test
  void noTwoProductsOfALayerGoToOneGradient() {
    List<Storage> written = new ArrayList<>();
    Backend observed =
        ObservedBackend.of(
            SCALAR,
            (primitive, arguments, _) -> {
              if (primitive.equals("matmul")) {
                written.add(((Tensor) arguments[4]).storage());
              }
            });
    Var w = Var.parameter(Tensor.of(observed, DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4));
    Var unit = Var.constant(Tensor.of(observed, DType.FLOAT64, Shape.of(2, 2), 1, 0, 0, 1));
    try (Scope _ = Scope.open("step")) {
      Var gram = Matrix.linear(w, w, null, Activation.IDENTITY, null);
      Var loss = Reduction.sum(Arithmetic.add(gram, Matrix.matmul(w, unit)));
      written.clear();
      assertGradient(Grad.of(loss, List.of(w))[0], 9, 13, 9, 13);
      assertEquals(3, written.size());
      assertNotSame(written.get(1), written.get(2));
    }
  }

  @Test
  void productsAreNotAddedToAGradientThatOthersHold() {
    Var x = Var.parameter(Tensor.of(SCALAR, DType.FLOAT64, Shape.of(1, 2), 3, 5));
    Var w = Var.parameter(Tensor.of(SCALAR, DType.FLOAT64, Shape.of(2, 2), 1, 2, 3, 4));
    try (Scope _ = Scope.open("step")) {
      Var y = Matrix.linear(x, w, null, Activation.IDENTITY, x);
      // x's first gradient is y's own.
      Tensor[] gradients = Grad.of(Reduction.sum(y), List.of(y, x));
      assertGradient(gradients[0], 1, 1);
      assertGradient(gradients[1], 5, 7);
    }
  }
}
