package io.qgpo.autograd.op;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.OpCase.Sized;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Every differentiable operation with sample arguments and mistakes. */
final class OpTable {
  private OpTable() {}

  /** Ranks 0 to 4, extents of 1, and no elements at all. */
  static final List<int[]> SHAPES =
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
    PointwiseCases.arithmetic(table);
    PointwiseCases.elementwise(table);
    RowCases.add(table);
    LayoutCases.add(table);
    MatrixCases.add(table);
    return List.copyOf(table);
  }

  static OpCase unary(String op, String variant, UnaryOperator<Var> f, double low) {
    List<List<Arg>> samples = new ArrayList<>();
    for (int[] shape : SHAPES) {
      samples.add(args(Arg.of(shape).in(low, 2)));
    }
    return row(
        op, variant, v -> f.apply(v.get(0)), samples, n -> sized(1, Arg.of(3, n).in(low, 2)));
  }

  static OpCase row(
      String op,
      String variant,
      Function<List<Var>, Var> function,
      List<List<Arg>> samples,
      IntFunction<Sized> sized) {
    return new OpCase(op, variant, function, samples, sized, List.of());
  }

  static List<Arg> args(Arg... args) {
    return List.of(args);
  }

  static Sized sized(int longestSum, Arg... args) {
    return new Sized(List.of(args), longestSum);
  }

  static Var asFloat(Var x) {
    return Var.constant(Tensor.zeros(x.backend(), DType.FLOAT32, x.shape()));
  }
}
