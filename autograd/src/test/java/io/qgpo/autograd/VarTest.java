package io.qgpo.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.autograd.op.Softmax;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.Test;

class VarTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  @Test
  void knowsItsTensor() {
    Tensor value = Tensor.zeros(SCALAR, DType.FLOAT64, Shape.of(2, 3));
    Var x = Var.parameter(value);
    assertEquals(value, x.value());
    assertEquals(Shape.of(2, 3), x.shape());
    assertEquals(DType.FLOAT64, x.dtype());
    assertEquals(SCALAR, x.backend());
  }

  @Test
  void printsOriginShapeTypeSummaryAndFaults() {
    Tensor value = Tensor.of(SCALAR, Shape.of(2, 2), 1, 3, Float.NaN, Float.POSITIVE_INFINITY);
    String summary =
        "Tensor [2, 2] FLOAT32 {1.00000, 3.00000, NaN, Infinity} mean 2.00000 min 1.00000 max"
            + " 3.00000 NaN 1 Inf 1";
    assertEquals("Var(parameter) " + summary, Var.parameter(value).toString());
    assertEquals("Var(constant) " + summary, Var.constant(value).toString());
    Var zeros = Var.parameter(Tensor.zeros(SCALAR, DType.FLOAT32, Shape.of(1, 1)));
    assertEquals(
        "Var(softmax) Tensor [1, 1] FLOAT32 {1.00000} mean 1.00000 min 1.00000 max 1.00000 NaN 0"
            + " Inf 0",
        Softmax.softmax(zeros).toString());
    assertEquals(
        "Var(constant) Tensor [1, 1] FLOAT32 {0.00000} mean 0.00000 min 0.00000 max 0.00000 NaN 0"
            + " Inf 0",
        Arithmetic.add(zeros.detach(), zeros.detach()).toString());
  }

  @Test
  void integersAreRefused() {
    Tensor indices = Tensor.of(SCALAR, Shape.of(3), 0, 1, 2);
    assertEquals(
        "Var: expected a floating-point tensor, found INT32 [3]; integers are not differentiated,"
            + " so pass them as tensors",
        assertThrows(IllegalArgumentException.class, () -> Var.constant(indices)).getMessage());
  }
}
