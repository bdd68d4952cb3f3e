package io.qgpo.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.autograd.op.Arithmetic;
import io.qgpo.autograd.op.Elementwise;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.op.Matrix;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.autograd.op.Softmax;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class GradPropertiesTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static double[] numbers(long seed, int n) {
    return new SplittableRandom(seed).doubles(n, -1, 1).toArray();
  }

  private static Tensor tensor(long seed, Shape shape) {
    return Tensor.of(SCALAR, DType.FLOAT64, shape, numbers(seed, shape.size()));
  }

  // ---- Random compositions -------------------------------------------------------------------

  /** Three matrices of one shape. */
  private static List<Var> leaves(long seed, int rows, int columns) {
    List<Var> leaves = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      leaves.add(Var.parameter(tensor(seed + i, Shape.of(rows, columns))));
    }
    return leaves;
  }

  /**
   * Applies operations chosen by a seed to values chosen by it, all of the leaves' shape, and joins
   * all results. Values stay within about [-4, 4] so that differences are exact enough.
   */
  private static Var compose(long seed, int operations, List<Var> leaves) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Var> values = new ArrayList<>(leaves);
    for (int i = 0; i < operations; i++) {
      Var a = values.get(random.nextInt(values.size()));
      Var b = values.get(random.nextInt(values.size()));
      values.add(Elementwise.tanh(operation(random.nextInt(13), a, b)));
    }
    return values.stream().reduce(Layout::concat).orElseThrow();
  }

  private static Var operation(int choice, Var a, Var b) {
    int rows = a.shape().rows();
    int columns = a.shape().columns();
    return switch (choice) {
      case 0 -> Arithmetic.add(a, b);
      case 1 -> Arithmetic.sub(a, b);
      case 2 -> Arithmetic.mul(a, b);
      case 3 -> Arithmetic.div(a, Elementwise.affine(Elementwise.square(b), 1, 1));
      case 4 -> Elementwise.sin(a);
      case 5 -> Elementwise.silu(a);
      case 6 -> Softmax.softmax(a);
      case 7 -> Arithmetic.sub(a, Reduction.sumColumns(b));
      case 8 -> Matrix.matmul(Matrix.matmul(a, Matrix.transpose(b)), a);
      case 9 -> Layout.reshape(Layout.rows(Layout.repeatRows(b, 2), 0, rows), a.shape());
      case 10 -> {
        Var joined = Layout.concat(b, a);
        yield Layout.columns(joined, 1, 1 + columns);
      }
      case 11 -> {
        Var weight = Matrix.matmul(Matrix.transpose(b), b);
        yield Matrix.linear(a, weight, null, Activation.SILU, b);
      }
      default -> Arithmetic.mul(a, Layout.broadcastTo(Reduction.mean(b), a.shape()));
    };
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void gradientsOfCompositionsEqualDifferences(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int operations,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int columns) {
    GradCheck.check("composition", v -> compose(seed, operations, v), leaves(seed, rows, columns));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void gradientsAreLinearInWhatTheyStartFrom(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int operations,
      @ForAll @DoubleRange(min = -3, max = 3) double alpha,
      @ForAll @DoubleRange(min = -3, max = 3) double beta) {
    List<Var> leaves = leaves(seed, 2, 3);
    Var output = compose(seed, operations, leaves);
    Tensor u = tensor(seed + 10, output.shape());
    Tensor v = tensor(seed + 11, output.shape());
    Tensor sum = Tensor.empty(SCALAR, DType.FLOAT64, output.shape());
    SCALAR.addScaled(alpha, u, beta, v, sum);
    Tensor[] ofU = Grad.of(output, u, leaves);
    Tensor[] ofV = Grad.of(output, v, leaves);
    Tensor[] ofSum = Grad.of(output, sum, leaves);
    for (int i = 0; i < leaves.size(); i++) {
      SCALAR.addScaled(alpha, ofU[i], beta, ofV[i], ofU[i]);
      assertArrayEquals(ofU[i].toDoubleArray(), ofSum[i].toDoubleArray(), 1e-10);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void scopesChangeNoBit(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int operations) {
    List<Var> leaves = leaves(seed, 3, 2);
    Var output = compose(seed, operations, leaves);
    Tensor u = tensor(seed + 10, output.shape());
    Tensor[] expected = Grad.of(output, u, leaves);
    for (int repeat = 0; repeat < 2; repeat++) {
      try (Scope _ = Scope.open("repeat")) {
        Tensor[] found = Grad.of(compose(seed, operations, leaves), u, leaves);
        for (int i = 0; i < leaves.size(); i++) {
          assertArrayEquals(expected[i].toDoubleArray(), found[i].toDoubleArray());
        }
      }
    }
  }

  // ---- Broadcasting --------------------------------------------------------------------------

  /** Two shapes that broadcast: a common one, with axes of each cut off or set to 1. */
  @Provide
  Arbitrary<List<Shape>> broadcastable() {
    Arbitrary<int[]> common = Arbitraries.integers().between(1, 4).array(int[].class).ofMaxSize(4);
    Arbitrary<Integer> bits = Arbitraries.integers().between(0, 15);
    Arbitrary<Integer> cut = Arbitraries.integers().between(0, 4);
    return Combinators.combine(common, bits, bits, cut, cut)
        .as(
            (dims, onesA, onesB, cutA, cutB) ->
                List.of(part(dims, onesA, cutA), part(dims, onesB, cutB)));
  }

  private static Shape part(int[] dims, int ones, int cut) {
    int from = Math.min(cut, dims.length);
    int[] kept = new int[dims.length - from];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = (ones >> i & 1) == 1 ? 1 : dims[from + i];
    }
    return Shape.ofDims(kept);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void broadcastingEqualsANaiveLoop(
      @ForAll("broadcastable") List<Shape> shapes,
      @ForAll @IntRange(min = 0, max = 5) int choice,
      @ForAll long seed) {
    BinaryOp op =
        List.of(BinaryOp.ADD, BinaryOp.SUB, BinaryOp.MUL, BinaryOp.DIV, BinaryOp.MIN, BinaryOp.MAX)
            .get(choice);
    Var a = Var.parameter(tensor(seed, shapes.get(0)));
    Var b = Var.parameter(tensor(seed + 1, shapes.get(1)));
    Var y = apply(op, a, b);
    double[] as = a.value().toDoubleArray();
    double[] bs = b.value().toDoubleArray();
    double[] start = numbers(seed + 2, y.shape().size());
    double[] expected = new double[start.length];
    double[] gradA = new double[as.length];
    double[] gradB = new double[bs.length];
    int at = 0;
    for (int i = 0; i < y.shape().aligned(0); i++) {
      for (int j = 0; j < y.shape().aligned(1); j++) {
        for (int k = 0; k < y.shape().aligned(2); k++) {
          for (int l = 0; l < y.shape().aligned(3); l++) {
            int p = index(a.shape(), i, j, k, l);
            int q = index(b.shape(), i, j, k, l);
            expected[at] = op.value(as[p], bs[q]);
            gradA[p] += start[at] * slopeA(op, as[p], bs[q]);
            gradB[q] += start[at] * slopeB(op, as[p], bs[q]);
            at++;
          }
        }
      }
    }
    assertEquals(Math.max(a.shape().rank(), b.shape().rank()), y.shape().rank());
    assertArrayEquals(expected, y.value().toDoubleArray());
    Tensor[] found = Grad.of(y, Tensor.of(SCALAR, DType.FLOAT64, y.shape(), start), List.of(a, b));
    assertClose(gradA, found[0]);
    assertClose(gradB, found[1]);
  }

  private static void assertClose(double[] expected, Tensor found) {
    double largest = 1;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected, found.toDoubleArray(), 1e-12 * largest);
  }

  private static int index(Shape shape, int... at) {
    int index = 0;
    for (int axis = 0; axis < 4; axis++) {
      int extent = shape.aligned(axis);
      index = index * extent + (extent == 1 ? 0 : at[axis]);
    }
    return index;
  }

  private static Var apply(BinaryOp op, Var a, Var b) {
    return switch (op) {
      case ADD -> Arithmetic.add(a, b);
      case SUB -> Arithmetic.sub(a, b);
      case MUL -> Arithmetic.mul(a, b);
      case DIV -> Arithmetic.div(a, b);
      case MIN -> Arithmetic.min(a, b);
      case MAX -> Arithmetic.max(a, b);
      case LESS -> throw new IllegalArgumentException("not differentiable");
    };
  }

  private static double slopeA(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD, SUB -> 1;
      case MUL -> b;
      case DIV -> 1 / b;
      case MIN -> a <= b ? 1 : 0;
      case MAX -> a >= b ? 1 : 0;
      case LESS -> 0;
    };
  }

  private static double slopeB(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> 1;
      case SUB -> -1;
      case MUL -> a;
      case DIV -> -a / (b * b);
      case MIN -> a <= b ? 0 : 1;
      case MAX -> a >= b ? 0 : 1;
      case LESS -> 0;
    };
  }
}
