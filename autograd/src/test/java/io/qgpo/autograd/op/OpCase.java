package io.qgpo.autograd.op;

import io.qgpo.autograd.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A row of {@link OpTable}.
 *
 * @param op class and method, as in {@code Matrix.matmul}
 * @param variant tells rows of one method apart
 * @param function the operation; a tensor it does not differentiate is a constant argument's value
 * @param samples small arguments, at the ranks and shapes that differ
 * @param sized arguments for a given number of columns, for comparing backends
 * @param mistakes calls that must be refused
 */
record OpCase(
    String op,
    String variant,
    Function<List<Var>, Var> function,
    List<List<Arg>> samples,
    IntFunction<Sized> sized,
    List<Mistake> mistakes) {
  /**
   * Arguments for comparing backends.
   *
   * @param longestSum how many terms the longest sum of the operation or its gradient has
   */
  record Sized(List<Arg> args, int longestSum) {}

  /** A wrong call and the whole message it must get. */
  record Mistake(
      Function<List<Var>, Var> call,
      List<Arg> args,
      Class<? extends RuntimeException> type,
      String message) {}

  OpCase mistake(String message, Arg... args) {
    return mistake(IllegalArgumentException.class, message, function, args);
  }

  OpCase mistake(String message, Function<List<Var>, Var> call, Arg... args) {
    return mistake(IllegalArgumentException.class, message, call, args);
  }

  OpCase mistake(
      Class<? extends RuntimeException> type,
      String message,
      Function<List<Var>, Var> call,
      Arg... args) {
    List<Mistake> more = new ArrayList<>(mistakes);
    more.add(new Mistake(call, List.of(args), type, message));
    return new OpCase(op, variant, function, samples, sized, more);
  }

  @Override
  public String toString() {
    return variant.isEmpty() ? op : op + " " + variant;
  }
}
