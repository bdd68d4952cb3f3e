package io.qgpo.autograd.op;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.OpCase.Sized;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Every differentiable operation with sample arguments and mistakes. */
final class OpTable {
  private OpTable() {}

  /** Ranks 0 to 4, extents of 1, and no elements at all. */
  private static final List<int[]> SHAPES =
      List.of(
          new int[] {},
          new int[] {1},
          new int[] {5},
          new int[] {3, 4},
          new int[] {1, 3},
          new int[] {3, 1},
          new int[] {2, 3, 4},
          new int[] {2, 1, 3, 2},
          new int[] {0, 3},
          new int[] {3, 0});

  static final List<OpCase> CASES = cases();

  private static List<OpCase> cases() {
    List<OpCase> table = new ArrayList<>();
    arithmetic(table);
    elementwise(table);
    reductions(table);
    layout(table);
    matrices(table);
    softmax(table);
    losses(table);
    table.add(
        row(
                "Fourier.features",
                "",
                v -> Fourier.features(v.get(0), v.get(1).value()),
                List.of(
                    args(Arg.of(4, 1).in(0, 1), Arg.of(3).constant()),
                    args(Arg.of().in(0, 1), Arg.of(2).constant()),
                    args(Arg.of(2, 3, 1).in(0, 1), Arg.of(1).constant())),
                n -> sized(1, Arg.of(n, 1).in(0, 1), Arg.of(8).constant()))
            .mistake(
                "fourierFeatures: expected t of 3 x 1 (rows x columns), found [3, 2]",
                Arg.of(3, 2),
                Arg.of(4).constant()));
    return List.copyOf(table);
  }

  // ---- Two arguments -------------------------------------------------------------------------

  private static void arithmetic(List<OpCase> table) {
    table.add(binary("Arithmetic.add", "ADD", Arithmetic::add, -2));
    table.add(binary("Arithmetic.sub", "SUB", Arithmetic::sub, -2));
    table.add(binary("Arithmetic.mul", "MUL", Arithmetic::mul, -2));
    table.add(binary("Arithmetic.div", "DIV", Arithmetic::div, 0.5));
    table.add(binary("Arithmetic.min", "MIN", Arithmetic::min, -2));
    table.add(binary("Arithmetic.max", "MAX", Arithmetic::max, -2));
  }

  private static OpCase binary(String op, String name, BinaryOperator<Var> f, double low) {
    List<List<Arg>> samples = new ArrayList<>();
    for (int[] shape : SHAPES) {
      samples.add(args(Arg.of(shape), Arg.of(shape).in(low, 2)));
    }
    int[][][] broadcast = {
      {{}, {3}},
      {{2, 3}, {}},
      {{2, 3}, {3}},
      {{2, 3}, {1, 3}},
      {{2, 3}, {2, 1}},
      {{2, 1}, {1, 3}},
      {{1, 1}, {4, 2}},
      {{2, 3, 4}, {3, 1}},
      {{2, 1, 4}, {2, 3, 1}},
      {{2, 1, 3, 2}, {5, 1, 2}},
      {{2, 3, 1, 2}, {1, 4, 1}},
      {{3}, {2, 2, 2, 3}},
      {{1, 3}, {0, 3}},
    };
    for (int[][] pair : broadcast) {
      samples.add(args(Arg.of(pair[0]), Arg.of(pair[1]).in(low, 2)));
    }
    samples.add(args(Arg.of(2, 3), Arg.of(3).in(low, 2).constant()));
    samples.add(args(Arg.of(3).constant(), Arg.of(2, 3).in(low, 2)));
    IntFunction<Sized> sized = n -> sized(3, Arg.of(3, n), Arg.of(n).in(low, 2));
    return row(op, "", v -> f.apply(v.get(0), v.get(1)), samples, sized)
        .mistake(
            name
                + ": shapes [2, 3] and [4] do not broadcast: aligned at the last axis, extents must"
                + " be equal or 1, found 3 against 4",
            Arg.of(2, 3),
            Arg.of(4))
        .mistake(
            name
                + ": expected operands of one type on one backend, found FLOAT64 [2] on scalar and"
                + " FLOAT32 [2] on scalar",
            v -> f.apply(v.get(0), asFloat(v.get(0))),
            Arg.of(2));
  }

  // ---- One argument --------------------------------------------------------------------------

  private static void elementwise(List<OpCase> table) {
    for (UnaryOp op : UnaryOp.values()) {
      table.add(unary("Elementwise.apply", op.name(), v -> Elementwise.apply(op, v), low(op)));
    }
    table.add(unary("Elementwise.neg", "", Elementwise::neg, -2));
    table.add(unary("Elementwise.exp", "", Elementwise::exp, -2));
    table.add(unary("Elementwise.log", "", Elementwise::log, low(UnaryOp.LOG)));
    table.add(unary("Elementwise.sqrt", "", Elementwise::sqrt, low(UnaryOp.SQRT)));
    table.add(unary("Elementwise.square", "", Elementwise::square, -2));
    table.add(unary("Elementwise.abs", "", Elementwise::abs, -2));
    table.add(
        unary("Elementwise.reciprocal", "", Elementwise::reciprocal, low(UnaryOp.RECIPROCAL)));
    table.add(unary("Elementwise.sin", "", Elementwise::sin, -2));
    table.add(unary("Elementwise.cos", "", Elementwise::cos, -2));
    table.add(unary("Elementwise.tanh", "", Elementwise::tanh, -2));
    table.add(unary("Elementwise.sigmoid", "", Elementwise::sigmoid, -2));
    table.add(unary("Elementwise.relu", "", Elementwise::relu, -2));
    table.add(unary("Elementwise.silu", "", Elementwise::silu, -2));
    table.add(unary("Elementwise.scale", "", v -> Elementwise.scale(v, -1.5), -2));
    table.add(unary("Elementwise.affine", "", v -> Elementwise.affine(v, 0.75, -2), -2));
    table.add(
        unary("Elementwise.clamp", "", v -> Elementwise.clamp(v, -0.5, 1), -2)
            .mistake(
                "clamp: low must not exceed high, found 1.0 and -1.0",
                v -> Elementwise.clamp(v.get(0), 1, -1),
                Arg.of(2))
            .mistake(
                "clamp: low must not exceed high, found NaN and 1.0",
                v -> Elementwise.clamp(v.get(0), Double.NaN, 1),
                Arg.of(2)));
    table.add(
        unary(
            "Elementwise.clamp",
            "from above only",
            v -> Elementwise.clamp(v, Double.NEGATIVE_INFINITY, 0.5),
            -2));
  }

  /** Where a function's domain starts, far enough from poles for float32. */
  private static double low(UnaryOp op) {
    return switch (op) {
      case LOG, SQRT, RECIPROCAL -> 0.5;
      case NEG, EXP, SQUARE, ABS, SIN, COS, TANH, SIGMOID, RELU, SILU -> -2;
    };
  }

  private static OpCase unary(String op, String variant, UnaryOperator<Var> f, double low) {
    List<List<Arg>> samples = new ArrayList<>();
    for (int[] shape : SHAPES) {
      samples.add(args(Arg.of(shape).in(low, 2)));
    }
    return row(
        op, variant, v -> f.apply(v.get(0)), samples, n -> sized(1, Arg.of(3, n).in(low, 2)));
  }

  // ---- Reductions ----------------------------------------------------------------------------

  private static void reductions(List<OpCase> table) {
    table.add(unary("Reduction.sum", "", Reduction::sum, -2, 3));
    OpCase mean =
        row(
            "Reduction.mean",
            "",
            v -> Reduction.mean(v.get(0)),
            List.of(args(Arg.of()), args(Arg.of(5)), args(Arg.of(2, 1, 3, 2))),
            n -> sized(3 * n, Arg.of(3, n)));
    table.add(mean.mistake("mean: needs at least one element, found [0, 3]", Arg.of(0, 3)));
    OpCase columns =
        row(
            "Reduction.sumColumns",
            "",
            v -> Reduction.sumColumns(v.get(0)),
            List.of(args(Arg.of(5)), args(Arg.of(3, 4)), args(Arg.of(2, 1, 3, 2))),
            n -> sized(n, Arg.of(3, n)));
    table.add(
        columns.mistake("sumColumns: needs an axis to sum over, found a scalar []", Arg.of()));
    table.add(sumTo("of the last axis", Shape.of(2, 3, 1)));
    table.add(sumTo("of a middle axis", Shape.of(2, 1, 4)));
    table.add(sumTo("of leading axes", Shape.of(4)));
    table.add(
        sumTo("to the same shape", Shape.of(2, 3, 4))
            .mistake(
                "sumTo: expected a shape that broadcasts to [2, 3] (aligned at the last axis,"
                    + " extents equal or 1), found [4]",
                v -> Reduction.sumTo(v.get(0), Shape.of(4)),
                Arg.of(2, 3)));
  }

  private static OpCase unary(
      String op, String variant, UnaryOperator<Var> f, double low, int rows) {
    OpCase plain = unary(op, variant, f, low);
    return row(
        op, variant, plain.function(), plain.samples(), n -> sized(rows * n, Arg.of(rows, n)));
  }

  private static OpCase sumTo(String variant, Shape target) {
    return row(
        "Reduction.sumTo",
        variant,
        v -> Reduction.sumTo(v.get(0), v.get(0).shape().rank() == 2 ? Shape.of(1, 1) : target),
        List.of(args(Arg.of(2, 3, 4))),
        n -> sized(3 * n, Arg.of(3, n)));
  }

  // ---- Layout --------------------------------------------------------------------------------

  private static void layout(List<OpCase> table) {
    table.add(
        row(
                "Layout.reshape",
                "",
                v -> Layout.reshape(v.get(0), Shape.of(2, v.get(0).shape().size() / 2)),
                List.of(
                    args(Arg.of(4)), args(Arg.of(2, 3)), args(Arg.of(3, 4)), args(Arg.of(2, 3, 2))),
                n -> sized(1, Arg.of(2, n)))
            .mistake(
                "Tensor.reshape: [2, 3] holds 6 elements, [4] holds 4",
                v -> Layout.reshape(v.get(0), Shape.of(4)),
                Arg.of(2, 3)));
    table.add(
        row(
                "Layout.columns",
                "",
                v -> Layout.columns(v.get(0), 0, (v.get(0).shape().columns() + 1) / 2),
                List.of(args(Arg.of()), args(Arg.of(5)), args(Arg.of(3, 1)), args(Arg.of(2, 2, 3))),
                n -> sized(1, Arg.of(3, n)))
            .mistake(
                IndexOutOfBoundsException.class,
                "Tensor.columns: 1 to 4 is outside 0 to 3 of [2, 3]",
                v -> Layout.columns(v.get(0), 1, 4),
                Arg.of(2, 3)));
    table.add(
        row(
                "Layout.rows",
                "",
                v -> Layout.rows(v.get(0), 1, v.get(0).shape().rows()),
                List.of(args(Arg.of(3, 2)), args(Arg.of(1, 2)), args(Arg.of(4, 1))),
                n -> sized(1, Arg.of(3, n)))
            .mistake("rows: expected x to be a matrix, found [3]; reshape it", Arg.of(3))
            .mistake(
                IndexOutOfBoundsException.class,
                "Tensor.rows: 1 to 3 is outside 0 to 2 of [2, 3]",
                v -> Layout.rows(v.get(0), 1, 3),
                Arg.of(2, 3)));
    table.add(
        row(
                "Layout.concat",
                "",
                v -> Layout.concat(v.toArray(Var[]::new)),
                List.of(
                    args(Arg.of(3, 2)),
                    args(Arg.of(3, 2), Arg.of(3, 1), Arg.of(3, 4)),
                    args(Arg.of(2), Arg.of(3)),
                    args(Arg.of(), Arg.of(), Arg.of(2)),
                    args(Arg.of(2, 2, 1, 3), Arg.of(2, 2, 1, 1).constant(), Arg.of(2, 2, 1, 2)),
                    args(Arg.of(3, 0), Arg.of(3, 2))),
                n -> sized(1, Arg.of(3, n), Arg.of(3, 2)))
            .mistake("concat: needs at least one part")
            .mistake(
                "concat: all parts must agree in all extents but the last, found [3, 2] first and"
                    + " [2, 2] at 2",
                Arg.of(3, 2),
                Arg.of(3, 1),
                Arg.of(2, 2))
            .mistake(
                "concat: expected operands of one type on one backend, found FLOAT64 [2] on scalar"
                    + " and FLOAT32 [2] on scalar",
                v -> Layout.concat(v.get(0), asFloat(v.get(0))),
                Arg.of(2)));
    table.add(
        row(
                "Layout.broadcastTo",
                "",
                v ->
                    Layout.broadcastTo(
                        v.get(0),
                        Shape.of(
                            2,
                            3,
                            v.get(0).shape().columns() == 1 ? 4 : v.get(0).shape().columns())),
                List.of(
                    args(Arg.of()),
                    args(Arg.of(1)),
                    args(Arg.of(4)),
                    args(Arg.of(3, 1)),
                    args(Arg.of(2, 1, 4)),
                    args(Arg.of(2, 3, 4))),
                n -> sized(6 * Math.max(4, n), Arg.of(n)))
            .mistake(
                "broadcastTo: expected a shape that broadcasts to [2, 3, 2] (aligned at the last"
                    + " axis, extents equal or 1), found [2, 2]",
                Arg.of(2, 2)));
    table.add(
        row(
                "Layout.repeatRows",
                "",
                v -> Layout.repeatRows(v.get(0), 3),
                List.of(args(Arg.of(2, 3)), args(Arg.of(1, 2)), args(Arg.of(2, 1))),
                n -> sized(3, Arg.of(2, n)))
            .mistake("repeatRows: expected x to be a matrix, found [3]; reshape it", Arg.of(3))
            .mistake(
                "repeatRows: times must be 1 or more, found 0",
                v -> Layout.repeatRows(v.get(0), 0),
                Arg.of(2, 2)));
    table.add(
        row(
            "Layout.repeatRows",
            "once",
            v -> Layout.repeatRows(v.get(0), 1),
            List.of(args(Arg.of(2, 3))),
            n -> sized(1, Arg.of(2, n))));
    table.add(
        row(
                "Layout.gatherRows",
                "",
                v -> Layout.gatherRows(v.get(0), indices(v.get(0), 2, 0, 2, 2)),
                List.of(args(Arg.of(3, 2)), args(Arg.of(4, 1)), args(Arg.of(3, 0))),
                n -> sized(3, Arg.of(3, n)))
            .mistake("gatherRows: expected source to be a matrix, found [3]; reshape it", Arg.of(3))
            .mistake(
                "gatherRows: expected INT32 indices, found FLOAT64 [3, 2]",
                v -> Layout.gatherRows(v.get(0), v.get(0).value()),
                Arg.of(3, 2))
            .mistake(
                IndexOutOfBoundsException.class,
                "gatherRows: indices[1] must be from 0 to 2, found 3",
                v -> Layout.gatherRows(v.get(0), indices(v.get(0), 0, 3)),
                Arg.of(3, 2)));
  }

  private static Tensor indices(Var like, int... indices) {
    return Tensor.of(like.backend(), Shape.of(indices.length), indices);
  }

  // ---- Matrices ------------------------------------------------------------------------------

  private static void matrices(List<OpCase> table) {
    table.add(
        row(
                "Matrix.matmul",
                "",
                v -> Matrix.matmul(v.get(0), v.get(1)),
                List.of(
                    args(Arg.of(2, 3), Arg.of(3, 4)),
                    args(Arg.of(1, 3), Arg.of(3, 1)),
                    args(Arg.of(3, 1), Arg.of(1, 2)),
                    args(Arg.of(0, 3), Arg.of(3, 2)),
                    args(Arg.of(2, 0), Arg.of(0, 2)),
                    args(Arg.of(2, 3).constant(), Arg.of(3, 2))),
                n -> sized(n, Arg.of(3, n), Arg.of(n, 5)))
            .mistake(
                "matmul: expected a to be a matrix, found [3]; reshape it", Arg.of(3), Arg.of(3, 2))
            .mistake(
                "matmul: expected b to be a matrix, found [1, 3, 2]; reshape it",
                Arg.of(2, 3),
                Arg.of(1, 3, 2))
            .mistake(
                "matmul: expected inner extents to agree: a is 2 x 3, found b of 4 x 2",
                Arg.of(2, 3),
                Arg.of(4, 2)));
    table.add(
        row(
                "Matrix.transpose",
                "",
                v -> Matrix.transpose(v.get(0)),
                List.of(args(Arg.of(2, 3)), args(Arg.of(1, 4)), args(Arg.of(3, 1))),
                n -> sized(1, Arg.of(3, n)))
            .mistake("transpose: expected x to be a matrix, found [3]; reshape it", Arg.of(3)));
    for (Activation activation : Activation.values()) {
      table.add(linear("linear " + activation, false, false, activation));
      table.add(linear("linear, bias " + activation, true, false, activation));
      table.add(linear("linear, residual " + activation, false, true, activation));
      table.add(linear("residual block tail " + activation, true, true, activation));
    }
    OpCase mistakes = table.removeLast();
    table.add(
        mistakes
            .mistake(
                "linear: expected weight to be a matrix, found [3]; reshape it",
                Arg.of(4, 2),
                Arg.of(3),
                Arg.of(3),
                Arg.of(4, 3))
            .mistake(
                "linear: expected x with as many columns as weight [3, 5] (out x in) has, found"
                    + " [4, 2]",
                Arg.of(4, 2),
                Arg.of(3, 5),
                Arg.of(3),
                Arg.of(4, 3))
            .mistake(
                "linear: expected bias of 3 elements, found [2]",
                Arg.of(4, 2),
                Arg.of(3, 2),
                Arg.of(2),
                Arg.of(4, 3))
            .mistake(
                "linear: expected a residual of the result's shape [4, 3], found [2, 2, 3]",
                Arg.of(4, 2),
                Arg.of(3, 2),
                Arg.of(3),
                Arg.of(2, 2, 3)));
  }

  private static OpCase linear(
      String variant, boolean bias, boolean residual, Activation activation) {
    List<List<Arg>> samples = new ArrayList<>();
    for (int[] x :
        List.of(new int[] {2}, new int[] {4, 2}, new int[] {2, 3, 2}, new int[] {0, 2})) {
      for (int out : new int[] {1, 3}) {
        int[] y = x.clone();
        y[y.length - 1] = out;
        samples.add(linearArgs(Arg.of(x), Arg.of(out, 2), Arg.of(out), Arg.of(y), bias, residual));
      }
    }
    samples.add(
        linearArgs(Arg.of(4, 2).constant(), Arg.of(3, 2), Arg.of(3), Arg.of(4, 3), bias, residual));
    samples.add(
        linearArgs(
            Arg.of(4, 2),
            Arg.of(3, 2).constant(),
            Arg.of(3).constant(),
            Arg.of(4, 3),
            bias,
            residual));
    return row(
        "Matrix.linear",
        variant,
        v ->
            Matrix.linear(
                v.get(0),
                v.get(1),
                bias ? v.get(2) : null,
                activation,
                residual ? v.getLast() : null),
        samples,
        n ->
            new Sized(
                linearArgs(Arg.of(3, n), Arg.of(5, n), Arg.of(5), Arg.of(3, 5), bias, residual),
                n));
  }

  private static List<Arg> linearArgs(
      Arg x, Arg weight, Arg bias, Arg residual, boolean withBias, boolean withResidual) {
    List<Arg> args = new ArrayList<>(List.of(x, weight));
    if (withBias) {
      args.add(bias);
    }
    if (withResidual) {
      args.add(residual);
    }
    return args;
  }

  // ---- Rows ----------------------------------------------------------------------------------

  private static void softmax(List<OpCase> table) {
    table.add(rows("Softmax.softmax", Softmax::softmax));
    table.add(rows("Softmax.logSoftmax", Softmax::logSoftmax));
    table.add(
        withTarget("Softmax.crossEntropy", v -> Softmax.crossEntropy(v.get(0), v.get(1).value()))
            .mistake(
                "softmaxCrossEntropy: expected target of shape [2, 3], found [2, 2]",
                Arg.of(2, 3),
                Arg.of(2, 2).constant())
            .mistake(
                "crossEntropy: expected operands of one type on one backend, found FLOAT64 [2] on"
                    + " scalar and FLOAT32 [2] on scalar",
                v -> Softmax.crossEntropy(v.get(0), asFloat(v.get(0)).value()),
                Arg.of(2)));
  }

  private static OpCase rows(String op, UnaryOperator<Var> f) {
    OpCase plain = unary(op, "", f, -2);
    return row(op, "", plain.function(), plain.samples(), n -> sized(n, Arg.of(3, n)));
  }

  private static void losses(List<OpCase> table) {
    table.add(
        withTarget("Loss.squaredError", v -> Loss.squaredError(v.get(0), 0.75, v.get(1).value()))
            .mistake(
                "squaredError: expected b of shape [2, 3], found [3]",
                Arg.of(2, 3),
                Arg.of(3).constant())
            .mistake(
                "squaredError: expected operands of one type on one backend, found FLOAT64 [2] on"
                    + " scalar and FLOAT32 [2] on scalar",
                v -> Loss.squaredError(v.get(0), 1, asFloat(v.get(0)).value()),
                Arg.of(2)));
    table.add(
        withTarget("Loss.denoising", v -> Loss.denoising(v.get(0), v.get(1).value()))
            .mistake(
                "mean: needs at least one element, found [0, 1]",
                Arg.of(0, 3),
                Arg.of(0, 3).constant()));
    table.add(
        withTarget("Loss.meanSquaredError", v -> Loss.meanSquaredError(v.get(0), v.get(1).value()))
            .mistake(
                "meanSquaredError: needs at least one element, found [3, 0]",
                Arg.of(3, 0),
                Arg.of(3, 0).constant()));
  }

  private static OpCase withTarget(String op, Function<List<Var>, Var> function) {
    return row(
        op,
        "",
        function,
        List.of(
            args(Arg.of(), Arg.of().constant()),
            args(Arg.of(4), Arg.of(4).in(0, 1).constant()),
            args(Arg.of(3, 4), Arg.of(3, 4).in(0, 1).constant()),
            args(Arg.of(3, 1), Arg.of(3, 1).in(0, 1).constant()),
            args(Arg.of(2, 1, 2, 3), Arg.of(2, 1, 2, 3).in(0, 1).constant())),
        n -> sized(3 * n, Arg.of(3, n), Arg.of(3, n).in(0, 1).constant()));
  }

  // ---- Building rows -------------------------------------------------------------------------

  private static OpCase row(
      String op,
      String variant,
      Function<List<Var>, Var> function,
      List<List<Arg>> samples,
      IntFunction<Sized> sized) {
    return new OpCase(op, variant, function, samples, sized, List.of());
  }

  private static List<Arg> args(Arg... args) {
    return List.of(args);
  }

  private static Sized sized(int longestSum, Arg... args) {
    return new Sized(List.of(args), longestSum);
  }

  private static Var asFloat(Var x) {
    return Var.constant(Tensor.zeros(x.backend(), DType.FLOAT32, x.shape()));
  }
}
