package io.qgpo.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle against values worked out by hand. */
class ScalarBackendTest {
  private static final double E = Math.E;
  private final ScalarBackend backend = new ScalarBackend();

  private Tensor row(double... values) {
    return Tensor.of(backend, DType.FLOAT64, Shape.of(values.length), values);
  }

  private Tensor matrix(int rows, double... values) {
    return Tensor.of(backend, DType.FLOAT64, Shape.of(rows, values.length / rows), values);
  }

  private Tensor blank(int... dims) {
    return Tensor.full(backend, DType.FLOAT64, Shape.ofDims(dims), -99);
  }

  private static void assertValues(Tensor found, double... expected) {
    assertArrayEquals(expected, found.toDoubleArray(), 1e-12);
  }

  // ---- Elementwise ---------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "NEG, 2, -2, -1",
    "EXP, 0, 1, 1",
    "LOG, 1, 0, 1",
    "SQRT, 4, 2, 0.25",
    "SQUARE, 3, 9, 6",
    "ABS, -3, 3, -1",
    "ABS, 0, 0, 0",
    "RECIPROCAL, 4, 0.25, -0.0625",
    "SIN, 0, 0, 1",
    "COS, 0, 1, 0",
    "TANH, 0, 0, 1",
    "SIGMOID, 0, 0.5, 0.25",
    "RELU, 2, 2, 1",
    "RELU, -2, 0, 0",
    "RELU, 0, 0, 0",
    "SILU, 0, 0, 0.5",
    "SILU, 2, 1.7615941559557649, 1.0907842487848955"
  })
  void unary(UnaryOp op, double x, double y, double slope) {
    Tensor in = row(x);
    Tensor out = blank(1);
    backend.unary(op, in, out);
    assertValues(out, y);
    Tensor gradIn = blank(1);
    backend.unaryGrad(op, in, out, row(3), gradIn);
    assertValues(gradIn, 3 * slope);
  }

  @ParameterizedTest
  @CsvSource({
    "ADD, 8, 6",
    "SUB, -2, -2",
    "MUL, 15, 8",
    "DIV, 0.6, 0.5",
    "MIN, 3, 2",
    "MAX, 5, 4",
    "LESS, 1, 1"
  })
  void binary(BinaryOp op, double first, double second) {
    Tensor out = blank(2);
    backend.binary(op, row(3, 2), row(5, 4), out);
    assertValues(out, first, second);
  }

  @Test
  void minAndMaxKeepNaNAndLessIsStrict() {
    Tensor out = blank(2);
    backend.binary(BinaryOp.MIN, row(Double.NaN, 1), row(1, Double.NaN), out);
    assertValues(out, Double.NaN, Double.NaN);
    backend.binary(BinaryOp.LESS, row(1, 2), row(1, 1), out);
    assertValues(out, 0, 0);
  }

  @Test
  void broadcasts() {
    Tensor out = blank(2, 3);
    backend.binary(BinaryOp.ADD, matrix(2, 10, 20), row(1, 2, 3), out);
    assertValues(out, 11, 12, 13, 21, 22, 23);
    Tensor candidates = blank(2, 2, 2);
    Tensor states = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1, 2), 1, 2, 3, 4);
    backend.copy(states, candidates);
    assertValues(candidates, 1, 2, 1, 2, 3, 4, 3, 4);
    backend.fill(out, 7);
    assertValues(out, 7, 7, 7, 7, 7, 7);
  }

  @Test
  void affineAddScaledClamp() {
    Tensor out = blank(3);
    backend.affine(row(1, 2, 3), 2, 0.5, out);
    assertValues(out, 2.5, 4.5, 6.5);
    backend.addScaled(2, row(1, 2, 3), -1, row(1, 1, 1), out);
    assertValues(out, 1, 3, 5);
    backend.clamp(row(-2, 0.5, 2), -1, 1, out);
    assertValues(out, -1, 0.5, 1);
    backend.clampGrad(row(-2, 1, 2), -1, 1, row(5, 6, 7), out);
    assertValues(out, 0, 6, 0);
  }

  // ---- Reductions and rows -------------------------------------------------------------------

  @Test
  void reduce() {
    Tensor in = matrix(2, 1, 2, 3, 4, 5, -6);
    Tensor columns = blank(3);
    backend.reduce(ReduceOp.SUM, in, columns);
    assertValues(columns, 5, 7, -3);
    backend.reduce(ReduceOp.MAX, in, columns);
    assertValues(columns, 4, 5, 3);
    backend.reduce(ReduceOp.MEAN, in, columns);
    assertValues(columns, 2.5, 3.5, -1.5);
    Tensor rows = blank(2, 1);
    backend.reduce(ReduceOp.SUM, in, rows);
    assertValues(rows, 6, 3);
    Tensor one = blank();
    backend.reduce(ReduceOp.SUM, in, one);
    assertValues(one, 9);
    Tensor cube = in.reshape(Shape.of(1, 2, 3));
    Tensor middle = blank(1, 1, 3);
    backend.reduce(ReduceOp.SUM, cube, middle);
    assertValues(middle, 5, 7, -3);
    Tensor nothing = blank(0, 3);
    backend.reduce(ReduceOp.SUM, nothing, columns);
    assertValues(columns, 0, 0, 0);
    backend.reduce(ReduceOp.MEAN, nothing, columns);
    assertValues(columns, Double.NaN, Double.NaN, Double.NaN);
    backend.reduce(ReduceOp.MAX, nothing, columns);
    double least = Double.NEGATIVE_INFINITY;
    assertValues(columns, least, least, least);
  }

  @Test
  void softmaxes() {
    // Of log 1 and log 3 the probabilities are 1/4 and 3/4.
    Tensor x = matrix(2, 0, Math.log(3), 1000, 1000 + Math.log(3));
    Tensor y = blank(2, 2);
    backend.softmax(x, y);
    assertValues(y, 0.25, 0.75, 0.25, 0.75);
    Tensor gradIn = blank(2, 2);
    backend.softmaxGrad(y, matrix(2, 1, 0, 2, 2), gradIn);
    assertValues(gradIn, 0.1875, -0.1875, 0, 0);
    backend.logSoftmax(x, y);
    double[] logs = {Math.log(0.25), Math.log(0.75), Math.log(0.25), Math.log(0.75)};
    assertValues(y, logs);
    backend.logSoftmaxGrad(y, matrix(2, 1, 0, 2, 2), gradIn);
    assertValues(gradIn, 0.75, -0.75, 1, -1);
    Tensor value = blank(2, 1);
    double log3 = Math.log(3);
    backend.softmaxValue(matrix(2, 0, log3, 0, 5), 1, value);
    double far = 5 * Math.exp(5) / (1 + Math.exp(5));
    assertValues(value, 0.75 * log3, far);
    backend.softmaxValue(matrix(2, 0, log3, 0, 5), 0, value);
    assertValues(value, log3 / 2, 2.5);
  }

  // ---- Matrices ------------------------------------------------------------------------------

  @Test
  void matmulInAllForms() {
    Tensor a = matrix(2, 1, 2, 3, 4, 5, 6);
    Tensor b = matrix(3, 7, 8, 9, 10, 11, 12);
    Tensor aT = matrix(3, 1, 4, 2, 5, 3, 6);
    Tensor bT = matrix(2, 7, 9, 11, 8, 10, 12);
    for (int form = 0; form < 4; form++) {
      boolean transA = (form & 1) != 0;
      boolean transB = (form & 2) != 0;
      Tensor out = blank(2, 2);
      backend.matmul(transA, transB, transA ? aT : a, transB ? bT : b, out, false);
      assertValues(out, 58, 64, 139, 154);
      backend.matmul(transA, transB, transA ? aT : a, transB ? bT : b, out, true);
      assertValues(out, 116, 128, 278, 308);
    }
  }

  @Test
  void linear() {
    Tensor x = matrix(2, 1, 2, 3, 4);
    Tensor weight = matrix(2, 1, 0, -1, 1);
    Tensor z = blank(2, 2);
    Tensor out = blank(2, 2);
    backend.linear(x, weight, null, row(10, -20), Activation.RELU, matrix(2, 1, 2, 3, 4), z, out);
    assertValues(z, 11, -19, 13, -19);
    assertValues(out, 12, 2, 16, 4);
    backend.linear(x, weight, null, null, Activation.IDENTITY, null, null, out);
    assertValues(out, 1, 1, 3, 1);
    backend.linear(x, weight, null, row(-1, -1), Activation.SILU, null, null, out);
    assertValues(out, 0, 0, 2 / (1 + Math.exp(-2)), 0);
  }

  @Test
  void linearGrad() {
    Tensor z = matrix(2, 1, -1, 0, 2);
    Tensor gradOut = matrix(2, 1, 2, 3, 4);
    Tensor gradZ = blank(2, 2);
    Tensor gradBias = blank(2);
    backend.linearGrad(Activation.RELU, z, gradOut, gradZ, gradBias);
    assertValues(gradZ, 1, 0, 0, 4);
    assertValues(gradBias, 1, 4);
    backend.linearGrad(Activation.IDENTITY, null, gradOut, null, gradBias);
    assertValues(gradBias, 4, 6);
    backend.linearGrad(Activation.SILU, matrix(2, 0, 0, 0, 0), gradOut, gradZ, null);
    assertValues(gradZ, 0.5, 1, 1.5, 2);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activationsHaveTheirDerivatives(Activation activation) {
    for (double x : new double[] {-2.3, -0.4, 0.7, 1.9}) {
      double h = 1e-6;
      double slope = (activation.value(x + h) - activation.value(x - h)) / (2 * h);
      assertEquals(slope, activation.derivative(x), 1e-9);
    }
  }

  @Test
  void transpose() {
    Tensor out = blank(3, 2);
    backend.transpose(matrix(2, 1, 2, 3, 4, 5, 6), out);
    assertValues(out, 1, 4, 2, 5, 3, 6);
    Tensor ints = Tensor.of(backend, Shape.of(1, 2), 8, 9);
    Tensor turned = Tensor.zeros(backend, DType.INT32, Shape.of(2, 1));
    backend.transpose(ints, turned);
    assertArrayEquals(new int[] {8, 9}, turned.toIntArray());
  }

  // ---- Rows by index -------------------------------------------------------------------------

  @Test
  void gatherAndScatter() {
    Tensor source = matrix(3, 1, 2, 3, 4, 5, 6);
    Tensor indices = Tensor.of(backend, Shape.of(4), 2, 0, 2, 1);
    Tensor out = blank(4, 2);
    backend.gatherRows(source, indices, out);
    assertValues(out, 5, 6, 1, 2, 5, 6, 3, 4);
    Tensor sums = Tensor.zeros(backend, DType.FLOAT64, Shape.of(3, 2));
    backend.scatterAddRows(out, indices, sums);
    assertValues(sums, 1, 2, 3, 4, 10, 12);
    Tensor numbers = Tensor.of(backend, Shape.of(3, 1), 70, 80, 90);
    Tensor picked = Tensor.zeros(backend, DType.INT32, Shape.of(4, 1));
    backend.gatherRows(numbers, indices, picked);
    assertArrayEquals(new int[] {90, 70, 90, 80}, picked.toIntArray());
  }

  @Test
  void indicesMayHaveGaps() {
    Tensor table = Tensor.of(backend, Shape.of(2, 3), 9, 1, 9, 9, 0, 9);
    Tensor out = blank(2, 1);
    backend.gatherRows(matrix(2, 5, 6), table.columns(1, 2), out);
    assertValues(out, 6, 5);
  }

  @Test
  void aBadIndexIsRefusedBeforeAnythingIsWritten() {
    Tensor source = matrix(2, 1, 2);
    Tensor out = blank(2, 1);
    assertEquals(
        "gatherRows: indices[1] must be from 0 to 1, found 2",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> backend.gatherRows(source, Tensor.of(backend, Shape.of(2), 0, 2), out))
            .getMessage());
    assertValues(out, -99, -99);
    assertEquals(
        "scatterAddRows: indices[0] must be from 0 to 1, found -1",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> backend.scatterAddRows(out, Tensor.of(backend, Shape.of(2), -1, 0), source))
            .getMessage());
  }

  // ---- Fused pieces and optimisers -----------------------------------------------------------

  @Test
  void fourierFeatures() {
    Tensor out = blank(2, 4);
    backend.fourierFeatures(matrix(2, 0.25, 1), row(1, 2), out);
    assertValues(out, 1, 0, 0, -1, 0, 0, 1, 1);
  }

  @Test
  void losses() {
    Tensor a = matrix(2, 1, 2, 3, 4);
    Tensor b = matrix(2, 1, 1, 0, 1);
    Tensor out = blank(2, 1);
    backend.squaredError(a, 2, b, out);
    assertValues(out, 1, 13);
    Tensor grad = blank(2, 2);
    backend.squaredErrorGrad(a, 2, b, matrix(2, 1, 10), grad);
    assertValues(grad, -2, 0, 60, 40);
    Tensor logits = matrix(1, 0, Math.log(3));
    Tensor loss = blank(1, 1);
    backend.softmaxCrossEntropy(logits, matrix(1, 1, 1), loss);
    assertValues(loss, -Math.log(0.25) - Math.log(0.75));
    Tensor gradLogits = blank(1, 2);
    backend.softmaxCrossEntropyGrad(logits, matrix(1, 1, 1), matrix(1, 3), gradLogits);
    assertValues(gradLogits, 3 * (0.25 * 2 - 1), 3 * (0.75 * 2 - 1));
  }

  @Test
  void adam() {
    Tensor p = row(1);
    Tensor m = row(0.5);
    Tensor v = row(0.25);
    // Gradient 2 times the scale 0.5 is 1: m = 0.75 and v = 0.4375 with both betas 0.5 and 0.75.
    backend.adam(
        new Tensor[] {p},
        new Tensor[] {row(2)},
        new Tensor[] {m},
        new Tensor[] {v},
        row(0.1, 0.5, 0.25, 0.5),
        0.5,
        0.75,
        0.1,
        0.01);
    assertValues(m, 0.75);
    assertValues(v, 0.4375);
    assertValues(p, 1 - 0.1 * 0.01 - 0.1 * 1.5 / (Math.sqrt(1.75) + 0.1));
  }

  @Test
  void lerpAndSumOfSquares() {
    Tensor target = row(1, 2);
    backend.lerp(new Tensor[] {target}, new Tensor[] {row(3, -2)}, 0.25);
    assertValues(target, 1.5, 1);
    Tensor sum = blank(1);
    backend.sumOfSquares(new Tensor[] {row(1, 2), matrix(2, 3, 4)}, sum);
    assertValues(sum, 30);
  }

  @Test
  void stepsRunAtOnce() {
    Tensor out = blank(1);
    backend.step("step", () -> backend.fill(out, E));
    backend.synchronize();
    assertValues(out, E);
  }

  // ---- Mistakes ------------------------------------------------------------------------------

  @Test
  void mistakesNameTheOperationAndTheShapes() {
    Tensor a = blank(2, 3);
    Tensor b = blank(3, 2);
    assertRefused(
        "SQRT: expected out of shape [2, 3], found [3, 2]",
        () -> backend.unary(UnaryOp.SQRT, a, b));
    assertRefused(
        "EXP gradient: expected gradOut of shape [2, 3], found [3, 2]",
        () -> backend.unaryGrad(UnaryOp.EXP, a, a, b, a));
    assertRefused(
        "ADD: expected a tensor that broadcasts to [2, 3] (aligned at the last axis, extents equal"
            + " or 1), found [3, 2]",
        () -> backend.binary(BinaryOp.ADD, a, b, a));
    assertRefused(
        "reduce: expected out that broadcasts to [2, 3] (aligned at the last axis, extents equal or"
            + " 1), found [2]",
        () -> backend.reduce(ReduceOp.SUM, a, blank(2)));
    assertRefused(
        "matmul: expected inner extents to agree: a is 2 x 3, found b of 2 x 3",
        () -> backend.matmul(false, false, a, a, blank(2, 3), false));
    assertRefused(
        "matmul: expected inner extents to agree: a^T is 3 x 2, found b of 3 x 2",
        () -> backend.matmul(true, false, a, b, blank(3, 2), false));
    assertRefused(
        "matmul: expected inner extents to agree: a is 2 x 3, found b^T of 2 x 3",
        () -> backend.matmul(false, true, a, b, blank(2, 3), false));
    assertRefused(
        "matmul: expected out of 2 x 2 (rows x columns), found [2, 3]",
        () -> backend.matmul(false, false, a, b, a, false));
    assertRefused(
        "linear: expected x with as many columns as weight [2, 3] (out x in) has, found [3, 2]",
        () -> backend.linear(b, a, null, null, Activation.RELU, null, null, a));
    assertRefused(
        "linear: expected bias of shape [2], found [2, 1]",
        () -> backend.linear(a, a, null, blank(2, 1), Activation.RELU, null, null, blank(2, 2)));
    assertRefused(
        "linear gradient: expected z of 2 x 3 (rows x columns), found [3, 2]",
        () -> backend.linearGrad(Activation.SILU, b, a, a, null));
    assertRefused(
        "linear gradient: expected weight of 3 x 2 (rows x columns), found [2, 3]",
        () -> backend.linearGradProducts(a, blank(2, 2), a, null, false, b, false, null));
    assertRefused(
        "linear gradient: expected gradBias of shape [3], found [2]",
        () -> backend.linearGradProducts(a, blank(2, 2), b, null, false, b, false, blank(2)));
    refusesGroups(a, b);
    assertRefused(
        "fourierFeatures: expected out of 3 x 4 (rows x columns), found [3, 2]",
        () -> backend.fourierFeatures(blank(3, 1), row(1, 2), b));
    assertRefused(
        "sumOfSquares: expected out of 1 elements, found [2, 3]",
        () -> backend.sumOfSquares(new Tensor[0], a));
    Tensor[] one = {a};
    Tensor[] none = {};
    assertRefused(
        "adam: expected as many gradients, m and v as the 1 parameters, found 1, 1 and 0",
        () -> backend.adam(one, one, one, none, row(1, 1, 1, 1), 0.9, 0.999, 1e-8, 0));
    assertRefused(
        "adam: expected scalars of shape [4], found [2]",
        () -> backend.adam(one, one, one, one, row(1, 1), 0.9, 0.999, 1e-8, 0));
    assertRefused(
        "adam: expected m of shape [2, 3], found [3, 2]",
        () -> backend.adam(one, one, new Tensor[] {b}, one, row(1, 1, 1, 1), 0.9, 0.999, 1e-8, 0));
    assertRefused(
        "lerp: expected as many sources as the 1 targets, found 0",
        () -> backend.lerp(one, none, 0.5));
    assertRefused(
        "lerp: expected source of shape [2, 3], found [3, 2]",
        () -> backend.lerp(one, new Tensor[] {b}, 0.5));
    assertRefused(
        "random: expected state of shape [4], found [3]",
        () -> backend.normal(Tensor.of(backend, Shape.of(3), 1, 2, 3), a));
  }

  /** a: 2 x 3, b: 3 x 2. */
  private void refusesGroups(Tensor a, Tensor b) {
    Tensor y = blank(4, 2);
    Tensor weight = blank(4, 3);
    Tensor bias = blank(2, 2);
    assertRefused(
        "grouped linear: expected rows of 3 equal groups, found [4, 2]",
        () -> backend.groupedLinear(3, a, weight, bias, Activation.RELU, null, y));
    assertRefused(
        "grouped linear: expected x of 4 rows, or of 2 for all groups, found [3, 3]",
        () -> backend.groupedLinear(2, blank(3, 3), weight, bias, Activation.RELU, null, y));
    assertRefused(
        "grouped linear: expected bias of 2 x 2 (rows x columns), found [4]",
        () -> backend.groupedLinear(2, a, weight, blank(4), Activation.RELU, null, y));
    assertRefused(
        "grouped linear gradient: expected an activation, found IDENTITY",
        () -> backend.groupedLinearGrad(2, Activation.IDENTITY, y, y, y, bias));
    assertRefused(
        "grouped linear gradient: expected z of 4 x 2 (rows x columns), found [3, 2]",
        () -> backend.groupedLinearGrad(2, Activation.SILU, b, y, y, bias));
    assertRefused(
        "grouped linear gradient: expected gradWeight of 4 x 3 (rows x columns), found [4, 2]",
        () -> backend.groupedLinearGradProducts(2, y, a, weight, null, y, null));
    assertRefused(
        "grouped linear gradient: expected gradX of 2 x 3 (rows x columns), found [4, 3]",
        () -> backend.groupedLinearGradProducts(2, y, a, weight, weight, null, null));
  }

  @Test
  void movingChecksTypesAndBounds() {
    Tensor a = blank(2, 3);
    assertRefused(
        "write: expected an array with 6 elements from 1 for shape [2, 3], found one of length 6",
        () -> backend.write(new double[6], 1, a));
    assertRefused(
        "read: expected an array with 6 elements from 0 for shape [2, 3], found one of length 5",
        () -> backend.read(a, new double[5], 0));
    assertRefused(
        "tensor of type FLOAT32 expected, found FLOAT64 [2, 3]",
        () -> backend.read(a, new float[6], 0));
    assertRefused(
        "tensor of type INT32 expected, found FLOAT64 [2, 3]",
        () -> backend.write(new int[6], 0, a));
    assertRefused(
        "tensor of type FLOAT64 expected, found INT32 [1]",
        () -> backend.write(new double[1], 0, Tensor.of(backend, Shape.of(1), 1)));
  }

  private static void assertRefused(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
