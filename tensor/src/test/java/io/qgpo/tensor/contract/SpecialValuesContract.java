package io.qgpo.tensor.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.cpu.ScalarBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** NaN, infinities, zeros of both signs, subnormal and huge numbers: as the oracle has them. */
public abstract class SpecialValuesContract {
  private static final float[] VALUES = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL / 2,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1e30f,
    -1e-30f,
    1f,
    -1f,
    0.5f,
    -3.75f,
    88.8f,
    -104.5f,
    2.5f
  };

  private static final float[] GRADIENTS = {1, -2, 0, Float.NaN, 1e-30f};

  private final Backend oracle = new ScalarBackend();

  /** The backend under test. */
  protected abstract Backend backend();

  private interface Call {
    void run(Backend backend, Tensor[] in, Tensor out);
  }

  /** Runs on both; results within ulps and an absolute tolerance. */
  private void agree(
      String what, Call call, Shape out, double ulps, double absolute, float[]... in) {
    double[] expected = run(oracle, DType.FLOAT64, call, out, in);
    double[] actual = run(backend(), DType.FLOAT32, call, out, in);
    for (int i = 0; i < expected.length; i++) {
      double allowed = ulps * Math.ulp((float) expected[i]) + absolute;
      int at = i;
      assertTrue(
          Bench.close(expected[i], actual[i], allowed),
          () -> what + ": element " + at + ": expected " + expected[at] + ", found " + actual[at]);
    }
  }

  private static double[] run(Backend backend, DType dtype, Call call, Shape shape, float[][] in) {
    Tensor[] tensors = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      double[] values = new double[in[i].length];
      for (int e = 0; e < values.length; e++) {
        values[e] = in[i][e];
      }
      Shape row = shape.rank() == 2 ? Shape.of(1, values.length) : Shape.of(values.length);
      tensors[i] = Tensor.of(backend, dtype, row, values);
    }
    Tensor out = Tensor.zeros(backend, dtype, shape);
    call.run(backend, tensors, out);
    return out.toDoubleArray();
  }

  /** Every value beside every other, twice so that vectors and their tails both see all. */
  private static float[][] pairs(float[] a, float[] b) {
    int n = a.length * b.length;
    float[][] pairs = new float[2][2 * n];
    for (int i = 0; i < 2 * n; i++) {
      pairs[0][i] = a[i / b.length % a.length];
      pairs[1][i] = b[i % b.length];
    }
    return pairs;
  }

  @ParameterizedTest
  @EnumSource(UnaryOp.class)
  public void unary(UnaryOp op) {
    float[] x = pairs(VALUES, new float[] {0})[0];
    for (int n = 1; n <= x.length; n++) {
      agree(
          op.name(),
          (b, in, out) -> b.unary(op, in[0], out),
          Shape.of(n),
          3.2,
          // SiLU below -87 passes through subnormal exponentials.
          op == UnaryOp.SILU ? 1e-36 : 0,
          java.util.Arrays.copyOf(x, n));
    }
  }

  @ParameterizedTest
  @EnumSource(UnaryOp.class)
  public void unaryGradient(UnaryOp op) {
    float[][] pairs = pairs(VALUES, GRADIENTS);
    float[] y = new float[pairs[0].length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) op.value(pairs[0][i]);
    }
    agree(
        op + " gradient",
        (b, in, out) -> b.unaryGrad(op, in[0], in[1], in[2], out),
        Shape.of(y.length),
        4,
        op == UnaryOp.SILU ? 1e-6 : 0,
        pairs[0],
        y,
        pairs[1]);
  }

  @ParameterizedTest
  @EnumSource(BinaryOp.class)
  public void binary(BinaryOp op) {
    float[][] pairs = pairs(VALUES, VALUES);
    Shape shape = Shape.of(pairs[0].length);
    agree(op.name(), (b, in, out) -> b.binary(op, in[0], in[1], out), shape, 0.5, 0, pairs);
    for (float value : VALUES) {
      float[] one = {value};
      agree(
          op.name(), (b, in, out) -> b.binary(op, in[0], in[1], out), shape, 0.5, 0, pairs[0], one);
      agree(
          op.name(), (b, in, out) -> b.binary(op, in[0], in[1], out), shape, 0.5, 0, one, pairs[1]);
    }
  }

  @Test
  public void affineClampAndSelfAddition() {
    float[] x = pairs(VALUES, GRADIENTS)[0];
    float[] g = pairs(VALUES, GRADIENTS)[1];
    Shape shape = Shape.of(x.length);
    agree("affine", (b, in, out) -> b.affine(in[0], 2, 0.5, out), shape, 1, 0, x);
    agree("addScaled", (b, in, out) -> b.addScaled(2, in[0], 4, in[1], out), shape, 1, 0, x, g);
    // 0.1 and -0.1 are no floats: the bounds themselves are in the range's float neighbourhood.
    float[] edges = {0.1f, -0.1f, Math.nextUp(0.1f), Math.nextDown(0.1f), Float.NaN};
    for (float[] values : new float[][] {x, pairs(edges, GRADIENTS)[0]}) {
      float[] gradients = java.util.Arrays.copyOf(g, values.length);
      Shape s = Shape.of(values.length);
      agree("clamp", (b, in, out) -> b.clamp(in[0], -0.1, 0.1, out), s, 0.5, 0, values);
      agree(
          "clamp gradient",
          (b, in, out) -> b.clampGrad(in[0], -0.1, 0.1, in[1], out),
          s,
          0,
          0,
          values,
          gradients);
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  public void linearGradient(Activation activation) {
    float[][] pairs = pairs(VALUES, GRADIENTS);
    int n = pairs[0].length;
    agree(
        "linear gradient",
        (b, in, out) ->
            b.linearGrad(
                activation, in[0], in[1], out.rows(0, 1), out.rows(1, 2).reshape(Shape.of(n))),
        Shape.of(2, n),
        4,
        1e-6,
        pairs);
  }

  @Test
  public void softmaxFamily() {
    float inf = Float.POSITIVE_INFINITY;
    float[][] rows = {
      {1e30f, 0, -1e30f, 1e30f},
      {-inf, 0, 1, -inf},
      {-inf, -inf, -inf, -inf},
      {inf, 0, 1, 2},
      {Float.NaN, 0, 1, 2},
      {-200, 200, 0, 1e-40f},
      {5, 5, 5, 5}
    };
    for (float[] row : rows) {
      for (int width : new int[] {4, 8, 16, 37}) {
        float[] x = new float[width];
        float[] g = new float[width];
        for (int i = 0; i < width; i++) {
          x[i] = row[i % 4];
          g[i] = 0.25f * (i % 3);
        }
        Shape shape = Shape.of(1, width);
        agree("softmax", (b, in, out) -> b.softmax(in[0], out), shape, 8, 0, x);
        agree("logSoftmax", (b, in, out) -> b.logSoftmax(in[0], out), shape, 4, 2e-6, x);
        agree(
            "softmaxValue",
            (b, in, out) -> b.softmaxValue(in[0], 0.5, out),
            Shape.of(1, 1),
            16,
            1e-38,
            x);
        agree(
            "softmaxCrossEntropy",
            (b, in, out) -> b.softmaxCrossEntropy(in[0], in[1], out),
            Shape.of(1, 1),
            16,
            1e-6,
            x,
            g);
        agree(
            "softmaxCrossEntropyGrad",
            (b, in, out) -> b.softmaxCrossEntropyGrad(in[0], in[1], b2(in[0]), out),
            shape,
            16,
            1e-5,
            x,
            g);
      }
    }
  }

  private static Tensor b2(Tensor like) {
    return Tensor.full(like.backend(), like.dtype(), Shape.of(1, 1), 2);
  }

  @Test
  public void reductions() {
    for (float special : VALUES) {
      for (int n : new int[] {1, 5, 16, 70}) {
        for (int place : new int[] {0, n / 2, n - 1}) {
          float[] x = new float[n];
          java.util.Arrays.fill(x, -2);
          x[place] = special;
          Shape one = Shape.of(1);
          String what = " of " + special + " at " + place + " of " + n;
          agree("max" + what, (b, in, out) -> b.reduce(ReduceOp.MAX, in[0], out), one, 0, 0, x);
          agree("sum" + what, (b, in, out) -> b.reduce(ReduceOp.SUM, in[0], out), one, 4, 0, x);
          agree("mean" + what, (b, in, out) -> b.reduce(ReduceOp.MEAN, in[0], out), one, 4, 0, x);
          agree("sum of squares" + what, (b, in, out) -> b.sumOfSquares(in, out), one, 4, 0, x);
        }
      }
    }
  }
}
