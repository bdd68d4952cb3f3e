package io.qgpo.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fused operations against the same composed of plain ones, values and gradients, in float64. */
class FusedTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static Var parameter(long seed, int... dims) {
    return Arg.of(dims).var(SCALAR, DType.FLOAT64, Arg.Layout.CONTIGUOUS, seed);
  }

  private static void assertSame(Var composed, Var fused, Var... targets) {
    assertEquals(composed.shape(), fused.shape());
    assertArrayEquals(composed.value().toDoubleArray(), fused.value().toDoubleArray(), 1e-12);
    double[] start = Arg.uniform(9, fused.shape().size(), -1, 1);
    Tensor gradOutput = Tensor.of(SCALAR, DType.FLOAT64, fused.shape(), start);
    Tensor[] expected = Grad.of(composed, gradOutput, List.of(targets));
    Tensor[] found = Grad.of(fused, gradOutput, List.of(targets));
    for (int i = 0; i < targets.length; i++) {
      assertArrayEquals(expected[i].toDoubleArray(), found[i].toDoubleArray(), 1e-12);
    }
  }

  private static Var activated(Activation activation, Var x) {
    return switch (activation) {
      case IDENTITY -> x;
      case RELU -> Elementwise.relu(x);
      case SILU -> Elementwise.silu(x);
    };
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void residualBlockTail(Activation activation) {
    Var x = parameter(1, 5, 3);
    Var weight = parameter(2, 4, 3);
    Var bias = parameter(3, 4);
    Var residual = parameter(4, 5, 4);
    Var product = Matrix.matmul(x, Matrix.transpose(weight));
    assertSame(
        activated(activation, product),
        Matrix.linear(x, weight, null, activation, null),
        x,
        weight);
    Var z = Arithmetic.add(product, bias);
    assertSame(
        activated(activation, z),
        Matrix.linear(x, weight, bias, activation, null),
        x,
        weight,
        bias);
    assertSame(
        Arithmetic.add(activated(activation, z), residual),
        Matrix.linear(x, weight, bias, activation, residual),
        x,
        weight,
        bias,
        residual);
    // As in a block without a change of width: the residual is what the layer's input came from.
    Var square = parameter(5, 4, 4);
    Var tail = Matrix.linear(residual, square, bias, activation, residual);
    Var plain = Matrix.matmul(residual, Matrix.transpose(square));
    assertSame(
        Arithmetic.add(activated(activation, Arithmetic.add(plain, bias)), residual),
        tail,
        residual,
        square,
        bias);
  }

  /** Two layers computed beside each other are their own concatenation, gradients and all. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void concatenationInPlace(Activation activation) {
    Var x = parameter(1, 5, 3);
    Var left = parameter(2, 4, 3);
    Var right = parameter(3, 2, 3);
    Tensor room = Tensor.zeros(x.backend(), x.dtype(), Shape.of(5, 6));
    Var a = Matrix.linear(x, left, null, null, activation, null, room.columns(0, 4));
    Var b = Matrix.linear(x, right, null, null, activation, null, room.columns(4, 6));
    Var joined = Layout.concat(a, b);
    assertEquals(room.storage(), joined.value().storage());
    Var copied =
        Layout.concat(
            Matrix.linear(x, left, null, activation, null),
            Matrix.linear(x, right, null, activation, null));
    assertNotEquals(room.storage(), copied.value().storage());
    assertSame(copied, joined, x, left, right);
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> Matrix.linear(x, left, null, null, activation, null, room))
            .getMessage();
    assertEquals("linear: expected room for the result's shape [5, 4], found [5, 6]", refused);
  }

  @Test
  void softmaxCrossEntropy() {
    Var logits = parameter(1, 5, 3);
    Tensor target = parameter(2, 5, 3).value();
    Var products = Arithmetic.mul(Softmax.logSoftmax(logits), Var.constant(target));
    assertSame(
        Elementwise.neg(Reduction.sumColumns(products)),
        Softmax.crossEntropy(logits, target),
        logits);
    assertSame(Elementwise.log(Softmax.softmax(logits)), Softmax.logSoftmax(logits), logits);
  }

  @Test
  void denoisingLoss() {
    Var h = parameter(1, 5, 3);
    Var noise = parameter(2, 5, 3).detach();
    Var squares = Elementwise.square(Arithmetic.add(h, noise));
    assertSame(Reduction.mean(Reduction.sumColumns(squares)), Loss.denoising(h, noise.value()), h);
    Var errors = Arithmetic.sub(h, Elementwise.scale(noise, 0.7));
    assertSame(
        Reduction.sumColumns(Elementwise.square(errors)),
        Loss.squaredError(h, 0.7, noise.value()),
        h);
    assertSame(
        Reduction.mean(Elementwise.square(Arithmetic.sub(h, noise))),
        Loss.meanSquaredError(h, noise.value()),
        h);
  }

  @Test
  void fourierFeatures() {
    Var t = parameter(1, 5, 1);
    Var w = parameter(2, 3).detach();
    Var angle = Elementwise.scale(Arithmetic.mul(t, w), 2 * Math.PI);
    assertSame(
        Layout.concat(Elementwise.sin(angle), Elementwise.cos(angle)),
        Fourier.features(t, w.value()),
        t);
  }

  /** Softmax is unchanged by a shift, and large logits must not overflow. */
  @Test
  void largeLogits() {
    Tensor logits = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(1, 3), 1e4, 1e4 + 1, -1e4);
    Var x = Var.parameter(logits);
    double p = 1 / (1 + Math.E);
    assertArrayEquals(
        new double[] {p, 1 - p, 0}, Softmax.softmax(x).value().toDoubleArray(), 1e-12);
    assertArrayEquals(
        new double[] {Math.log(p), Math.log(1 - p), -2e4 - 1 + Math.log(1 - p)},
        Softmax.logSoftmax(x).value().toDoubleArray(),
        1e-8);
    Tensor target = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(1, 3), 1, 0, 0);
    Var loss = Softmax.crossEntropy(x, target);
    assertEquals(-Math.log(p), loss.value().item(), 1e-8);
    assertArrayEquals(
        new double[] {p - 1, 1 - p, 0}, Grad.of(loss, List.of(x))[0].toDoubleArray(), 1e-12);
  }

  private static void assertGradient(Var y, Var x, double... expected) {
    Tensor start = Tensor.full(SCALAR, DType.FLOAT64, y.shape(), 1);
    assertArrayEquals(expected, Grad.of(y, start, List.of(x))[0].toDoubleArray());
  }

  /** Where a derivative does not exist, the one PyTorch takes; for min and max, the first. */
  @Test
  void kinksAndTies() {
    Var x = Var.parameter(Tensor.of(SCALAR, DType.FLOAT64, Shape.of(3), -1, 0, 1));
    Var same = Var.parameter(x.value());
    assertGradient(Elementwise.relu(x), x, 0, 0, 1);
    assertGradient(Elementwise.abs(x), x, -1, 0, 1);
    assertGradient(Elementwise.clamp(x, -1, 0), x, 1, 1, 0);
    assertGradient(Arithmetic.min(x, same), x, 1, 1, 1);
    assertGradient(Arithmetic.min(x, same), same, 0, 0, 0);
    assertGradient(Arithmetic.max(x, same), x, 1, 1, 1);
    assertGradient(Arithmetic.max(x, same), same, 0, 0, 0);
    assertGradient(Elementwise.sqrt(x), x, Double.NaN, Double.POSITIVE_INFINITY, 0.5);
  }
}
