package io.qgpo.autograd.op;

import static io.qgpo.autograd.op.OpTable.args;
import static io.qgpo.autograd.op.OpTable.asFloat;
import static io.qgpo.autograd.op.OpTable.row;
import static io.qgpo.autograd.op.OpTable.sized;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;

/** Operations that move elements. */
final class LayoutCases {
  private LayoutCases() {}

  static void add(List<OpCase> table) {
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
                v ->
                    v.size() == 2
                        ? Layout.concat(v.get(0), v.get(1))
                        : Layout.concat(v.get(0), v.get(1), v.get(2)),
                List.of(
                    args(Arg.of(3, 2), Arg.of(3, 1), Arg.of(3, 4)),
                    args(Arg.of(2), Arg.of(3)),
                    args(Arg.of(), Arg.of(), Arg.of(2)),
                    args(Arg.of(2, 2, 1, 3), Arg.of(2, 2, 1, 1).constant(), Arg.of(2, 2, 1, 2)),
                    args(Arg.of(3, 0), Arg.of(3, 2))),
                n -> sized(1, Arg.of(3, n), Arg.of(3, 2)))
            .mistake(
                "concat: all parts must agree in all extents but the last, found [3, 2] and [2, 2]",
                Arg.of(3, 2),
                Arg.of(2, 2))
            .mistake(
                "concat: all parts must agree in all extents but the last, found [3, 2] and [2, 2]",
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
}
