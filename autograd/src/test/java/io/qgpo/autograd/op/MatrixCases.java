package io.qgpo.autograd.op;

import static io.qgpo.autograd.op.OpTable.args;
import static io.qgpo.autograd.op.OpTable.row;
import static io.qgpo.autograd.op.OpTable.sized;

import io.qgpo.autograd.op.OpCase.Sized;
import io.qgpo.tensor.Activation;
import java.util.ArrayList;
import java.util.List;

/** Products and the fused linear layer. */
final class MatrixCases {
  private MatrixCases() {}

  static void add(List<OpCase> table) {
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
                "linear: expected bias of shape [3], found [2]",
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
    for (Activation activation : Activation.values()) {
      table.add(groupedLinear(activation, true));
      table.add(groupedLinear(activation, false));
    }
    OpCase groupedMistakes = table.removeLast();
    table.add(
        groupedMistakes
            .mistake(
                "grouped linear: expected rows of 2 equal groups, found [3, 3]",
                Arg.of(3, 2),
                Arg.of(6, 2),
                Arg.of(2, 3))
            .mistake(
                "grouped linear: expected weight of 6 x 2 (rows x columns), found [3, 2]",
                Arg.of(4, 2),
                Arg.of(3, 2),
                Arg.of(2, 3))
            .mistake(
                "grouped linear: expected bias to be a matrix, found [3]; reshape it",
                Arg.of(4, 2),
                Arg.of(3, 2),
                Arg.of(3)));
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

  /** Layers beside each other, of equal inputs or of one. */
  private static OpCase groupedLinear(Activation activation, boolean shared) {
    List<List<Arg>> samples = new ArrayList<>();
    samples.add(args(Arg.of(0, 2), Arg.of(6, 2), Arg.of(2, 3)));
    for (int groups = 1; groups <= 3; groups++) {
      for (int out : new int[] {1, 3}) {
        int rows = shared ? 4 : 4 * groups;
        samples.add(args(Arg.of(rows, 2), Arg.of(groups * out, 2), Arg.of(groups, out)));
      }
    }
    Arg x = Arg.of(4, 2);
    Arg weight = Arg.of(shared ? 6 : 3, 2);
    Arg bias = Arg.of(shared ? 2 : 1, 3);
    samples.add(args(x, weight.constant(), bias.constant()));
    samples.add(args(x.constant(), weight, bias));
    return row(
        "Matrix.groupedLinear",
        activation + (shared ? " of one x" : ""),
        v -> Matrix.groupedLinear(v.get(0), shared, v.get(1), v.get(2), activation),
        samples,
        n -> new Sized(args(Arg.of(shared ? 3 : 6, n), Arg.of(10, n), Arg.of(2, 5)), n));
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
}
