package io.qgpo.autograd.op;

import static io.qgpo.autograd.op.OpTable.args;
import static io.qgpo.autograd.op.OpTable.asFloat;
import static io.qgpo.autograd.op.OpTable.row;
import static io.qgpo.autograd.op.OpTable.sized;
import static io.qgpo.autograd.op.OpTable.unary;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Operations on rows: reductions, softmax, losses, Fourier features. */
final class RowCases {
  private RowCases() {}

  static void add(List<OpCase> table) {
    reductions(table);
    softmax(table);
    losses(table);
  }

  private static void reductions(List<OpCase> table) {
    OpCase sum = unary("Reduction.sum", "", v -> Reduction.sum(v), -2);
    table.add(
        row("Reduction.sum", "", sum.function(), sum.samples(), n -> sized(3 * n, Arg.of(3, n))));
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

  private static OpCase sumTo(String variant, Shape target) {
    return row(
        "Reduction.sumTo",
        variant,
        v -> Reduction.sumTo(v.get(0), v.get(0).shape().rank() == 2 ? Shape.of(1, 1) : target),
        List.of(args(Arg.of(2, 3, 4))),
        n -> sized(3 * n, Arg.of(3, n)));
  }

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
}
