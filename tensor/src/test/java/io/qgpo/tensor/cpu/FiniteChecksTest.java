package io.qgpo.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import org.junit.jupiter.api.Test;

class FiniteChecksTest {
  private final Backend checked = FiniteChecks.of(new ScalarBackend());

  private Tensor tensor(float... values) {
    return Tensor.of(checked, Shape.of(values.length / 2, 2), values);
  }

  @Test
  void computesWhatTheBackendBehindItDoes() {
    Tensor a = tensor(1, 2, 3, 4);
    checked.binary(BinaryOp.MUL, a, a, a);
    assertArrayEquals(new float[] {1, 4, 9, 16}, a.toFloatArray());
    assertEquals("scalar", checked.name());
    assertEquals(1, checked.threads());
  }

  @Test
  void namesTheFirstPrimitiveAndThePlace() {
    Tensor a = tensor(1, 2, 3, 0);
    Tensor out = tensor(0, 0, 0, 0);
    String message =
        assertThrows(NotFiniteException.class, () -> checked.binary(BinaryOp.DIV, a, a, out))
            .getMessage();
    assertTrue(
        message.startsWith(
            "binary DIV ([2, 2], [2, 2], [2, 2]) gave NaN at row 1, column 1 of [2, 2]"),
        message);
  }

  @Test
  void findsInfinityInViewsAndInDoubles() {
    Tensor wide = Tensor.zeros(checked, DType.FLOAT64, Shape.of(2, 3));
    Tensor view = wide.columns(1, 2);
    checked.fill(view, 1000);
    String message =
        assertThrows(NotFiniteException.class, () -> checked.unary(UnaryOp.EXP, view, view))
            .getMessage();
    assertTrue(message.contains("gave Infinity at row 0, column 0"), message);
  }

  @Test
  void faultsOfTheBackendComeThroughAsTheyAre() {
    Tensor a = tensor(1, 2);
    Tensor b = tensor(1, 2, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> checked.addScaled(1, a, 1, a, b));
  }
}
