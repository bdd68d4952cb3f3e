package io.qgpo.autograd.op;

import static io.qgpo.autograd.op.OpTable.SHAPES;
import static io.qgpo.autograd.op.OpTable.args;
import static io.qgpo.autograd.op.OpTable.asFloat;
import static io.qgpo.autograd.op.OpTable.row;
import static io.qgpo.autograd.op.OpTable.sized;
import static io.qgpo.autograd.op.OpTable.unary;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.OpCase.Sized;
import io.qgpo.tensor.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;

/** Operations element by element, with broadcasting. */
final class PointwiseCases {
  private PointwiseCases() {}

  static void arithmetic(List<OpCase> table) {
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

  static void elementwise(List<OpCase> table) {
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
}
