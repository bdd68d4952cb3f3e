package io.qgpo.tensor.contract;

import static io.qgpo.tensor.contract.Primitive.Kind.POSITIVE;
import static io.qgpo.tensor.contract.Primitive.Kind.PROBABILITIES;
import static io.qgpo.tensor.contract.Primitive.Kind.RNG_STATE;

import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.ReduceOp;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/** Every primitive of a backend, with the tolerance that its float32 result is held to. */
public final class Primitives {
  private static final Shape ONE = Shape.of(1);

  private Primitives() {}

  /** All of them on rows x columns. */
  public static List<Primitive> all(int rows, int columns) {
    List<Primitive> all = new ArrayList<>();
    elementwise(Shape.of(rows, columns), all);
    broadcasts(rows, columns, all);
    reductions(rows, columns, all);
    softmaxes(rows, columns, all);
    MatrixPrimitives.add(rows, columns, all);
    moves(rows, columns, all);
    losses(rows, columns, all);
    random(Shape.of(rows, columns), all);
    optimizers(Shape.of(rows, columns), all);
    return all;
  }

  private static void elementwise(Shape s, List<Primitive> all) {
    all.add(new Primitive("fill", (b, t) -> b.fill(t[0], 0.1)).out(s).ulps(0.5));
    all.add(new Primitive("copy", (b, t) -> b.copy(t[0], t[1])).in(s).out(s));
    for (UnaryOp op : UnaryOp.values()) {
      Primitive.Kind kind =
          op == UnaryOp.LOG || op == UnaryOp.SQRT ? POSITIVE : Primitive.Kind.NORMAL;
      all.add(
          new Primitive(op.name(), (b, t) -> b.unary(op, t[0], t[1]))
              .in(s, kind)
              .out(s)
              .ulps(unaryUlps(op))
              .inPlace(0));
      all.add(
          new Primitive(op + " gradient", (b, t) -> b.unaryGrad(op, t[0], t[1], t[2], t[3]))
              .in(s)
              .in(s)
              .in(s)
              .out(s)
              .ulps(3)
              // SiLU' is exact to 4e-7 absolutely only: 7 eps of the gradient that it multiplies.
              .k(op == UnaryOp.SILU ? 7 : 0, (b, t) -> b.copy(t[2], t[3]))
              .inPlace(0, 1, 2));
    }
    all.add(
        new Primitive("affine", (b, t) -> b.affine(t[0], 1.7, 0.3, t[1]))
            .in(s)
            .out(s)
            .k(3)
            .inPlace(0));
    all.add(
        new Primitive("addScaled", (b, t) -> b.addScaled(0.7, t[0], 1.9, t[1], t[2]))
            .in(s)
            .in(s)
            .out(s)
            .k(4)
            .inPlace(0, 1));
    all.add(
        new Primitive("clamp", (b, t) -> b.clamp(t[0], -0.3, 0.6, t[1]))
            .in(s)
            .out(s)
            .ulps(0.5)
            .inPlace(0));
    all.add(
        new Primitive("clampGrad", (b, t) -> b.clampGrad(t[0], -0.3, 0.6, t[1], t[2]))
            .in(s)
            .in(s)
            .out(s)
            .inPlace(0, 1));
  }

  /** Errors of VectorMath, rounded up; the others are correctly rounded. */
  private static double unaryUlps(UnaryOp op) {
    return switch (op) {
      case NEG, ABS, RELU -> 0;
      case SQRT, SQUARE, RECIPROCAL -> 0.5;
      case EXP, LOG -> 1.1;
      case SIN, COS -> 1.6;
      case TANH -> 2.6;
      case SIGMOID -> 2.4;
      case SILU -> 3.2;
    };
  }

  private static void broadcasts(int rows, int columns, List<Primitive> all) {
    Shape s = Shape.of(rows, columns);
    Shape row = Shape.of(columns);
    Shape column = Shape.of(rows, 1);
    for (BinaryOp op : BinaryOp.values()) {
      Primitive.Body body = (b, t) -> b.binary(op, t[0], t[1], t[2]);
      String name = op.name();
      all.add(new Primitive(name, body).in(s).in(s).out(s).ulps(0.5).inPlace(0, 1));
      all.add(new Primitive(name, body).in(s).in(row).out(s).ulps(0.5).inPlace(0));
      all.add(new Primitive(name, body).in(row).in(s).out(s).ulps(0.5).inPlace(1));
      all.add(new Primitive(name, body).in(s).in(column).out(s).ulps(0.5));
      all.add(new Primitive(name, body).in(column).in(s).out(s).ulps(0.5));
      all.add(new Primitive(name, body).in(s).in(ONE).out(s).ulps(0.5));
      all.add(new Primitive(name, body).in(Shape.SCALAR).in(s).out(s).ulps(0.5));
      all.add(new Primitive(name, body).in(row).in(column).out(s).ulps(0.5));
      all.add(new Primitive(name, body).in(column).in(Shape.SCALAR).out(s).ulps(0.5));
    }
    Primitive.Body add = (b, t) -> b.binary(BinaryOp.ADD, t[0], t[1], t[2]);
    Primitive.Body affine = (b, t) -> b.affine(t[0], 1.7, 0.3, t[1]);
    for (Shape from : List.of(row, column, ONE, Shape.SCALAR)) {
      all.add(new Primitive("affine", affine).in(from).out(s).k(3));
    }
    Shape candidates = Shape.of(rows, 4, columns);
    all.add(
        new Primitive("ADD", add)
            .in(Shape.of(rows, 1, columns))
            .in(candidates)
            .out(candidates)
            .ulps(0.5));
    all.add(
        new Primitive("ADD", add)
            .in(Shape.of(2, 1, rows, 1))
            .in(Shape.of(3, 1, columns))
            .out(Shape.of(2, 3, rows, columns))
            .ulps(0.5));
    Primitive.Body copy = (b, t) -> b.copy(t[0], t[1]);
    all.add(new Primitive("copy", copy).in(row).out(s));
    all.add(new Primitive("copy", copy).in(column).out(s));
    all.add(new Primitive("copy", copy).in(Shape.of(rows, 1, columns)).out(candidates));
  }

  private static void reductions(int rows, int columns, List<Primitive> all) {
    Shape s = Shape.of(rows, columns);
    reduce(s, Shape.of(rows, 1), all);
    reduce(s, Shape.of(columns), all);
    reduce(s, Shape.of(1, columns), all);
    reduce(s, Shape.SCALAR, all);
    reduce(s, s, all);
    reduce(Shape.of(rows, 1), ONE, all);
    reduce(Shape.of(rows, 4, columns), Shape.of(rows, 1, columns), all);
    reduce(Shape.of(rows, 4, columns), Shape.of(rows, 1, 1), all);
    reduce(Shape.of(rows, 4, 1), Shape.of(rows, 1, 1), all);
    reduce(Shape.of(4, rows, columns), Shape.of(rows, columns), all);
    reduce(Shape.of(4, rows, columns), Shape.of(1, rows, 1), all);
    reduce(Shape.of(2, rows, 3, columns), Shape.of(1, rows, 1, columns), all);
    reduce(Shape.of(2, rows, 3, columns), Shape.of(2, 1, 3, 1), all);
    reduce(Shape.of(2, rows, 3, columns), Shape.of(1, rows, 1, 1), all);
  }

  private static void reduce(Shape from, Shape to, List<Primitive> all) {
    // Of n terms in float at most 256 + 256 + a few are added one after another, but chance
    // cancels most: 32 is ten times what random numbers show.
    all.add(
        new Primitive("sum", (b, t) -> b.reduce(ReduceOp.SUM, t[0], t[1])).in(from).out(to).k(32));
    all.add(
        new Primitive("mean", (b, t) -> b.reduce(ReduceOp.MEAN, t[0], t[1]))
            .in(from)
            .out(to)
            .k(32));
    all.add(new Primitive("max", (b, t) -> b.reduce(ReduceOp.MAX, t[0], t[1])).in(from).out(to));
  }

  private static void softmaxes(int rows, int columns, List<Primitive> all) {
    Shape s = Shape.of(rows, columns);
    Shape column = Shape.of(rows, 1);
    // x - max, up to 10 here, is rounded: that many eps in its exponential.
    all.add(
        new Primitive("softmax", (b, t) -> b.softmax(t[0], t[1])).in(s).out(s).ulps(16).inPlace(0));
    all.add(
        new Primitive("softmaxGrad", (b, t) -> b.softmaxGrad(t[0], t[1], t[2]))
            .in(s, PROBABILITIES)
            .in(s)
            .out(s)
            .k(
                16,
                (b, t) -> {
                  b.softmaxGrad(t[0], negated(b, t[1]), t[2]);
                  b.addScaled(1, t[2], 2, product(b, t[0], t[1]), t[2]);
                })
            .inPlace(0, 1));
    all.add(
        new Primitive("logSoftmax", (b, t) -> b.logSoftmax(t[0], t[1]))
            .in(s)
            .out(s)
            .ulps(2)
            .absolute(2e-6)
            .inPlace(0));
    all.add(
        new Primitive("logSoftmaxGrad", (b, t) -> b.logSoftmaxGrad(t[0], t[1], t[2]))
            .in(s)
            .in(s)
            .out(s)
            .k(
                16,
                (b, t) -> {
                  b.logSoftmaxGrad(t[0], negated(b, t[1]), t[2]);
                  b.addScaled(1, t[2], 2, t[1], t[2]);
                })
            .inPlace(0, 1));
    all.add(
        new Primitive("softmaxValue", (b, t) -> b.softmaxValue(t[0], 1.5, t[1]))
            .in(s)
            .out(column)
            .k(32));
    all.add(
        new Primitive("softmaxCrossEntropy", (b, t) -> b.softmaxCrossEntropy(t[0], t[1], t[2]))
            .in(s)
            .in(s, PROBABILITIES)
            .out(column)
            .ulps(32));
    all.add(
        new Primitive(
                "softmaxCrossEntropyGrad",
                (b, t) -> b.softmaxCrossEntropyGrad(t[0], t[1], t[2], t[3]))
            .in(s)
            .in(s, PROBABILITIES)
            .in(column)
            .out(s)
            .k(
                32,
                (b, t) -> {
                  b.fill(t[3], 0);
                  b.softmaxCrossEntropyGrad(t[0], t[1], t[2], t[3]);
                  b.unary(UnaryOp.ABS, t[3], t[3]);
                  Tensor twice = t[1].copy();
                  b.binary(BinaryOp.MUL, twice, t[2], twice);
                  b.addScaled(1, t[3], 2, twice, t[3]);
                })
            .inPlace(0, 1));
  }

  private static Tensor negated(io.qgpo.tensor.Backend b, Tensor x) {
    Tensor out = x.copy();
    b.unary(UnaryOp.NEG, x, out);
    return out;
  }

  private static Tensor product(io.qgpo.tensor.Backend b, Tensor x, Tensor y) {
    Tensor out = x.copy();
    b.binary(BinaryOp.MUL, x, y, out);
    return out;
  }

  private static void moves(int rows, int columns, List<Primitive> all) {
    all.add(
        new Primitive("gatherRows", (b, t) -> b.gatherRows(t[0], t[1], t[2]))
            .in(Shape.of(rows, columns))
            .indices(Shape.of(2 * rows), rows)
            .out(Shape.of(2 * rows, columns)));
    all.add(
        new Primitive("scatterAddRows", (b, t) -> b.scatterAddRows(t[0], t[1], t[2]))
            .in(Shape.of(2 * rows, columns))
            .indices(Shape.of(2 * rows, 1), rows)
            .out(Shape.of(rows, columns))
            .k(8));
  }

  private static void losses(int rows, int columns, List<Primitive> all) {
    Shape s = Shape.of(rows, columns);
    Shape column = Shape.of(rows, 1);
    all.add(
        new Primitive("squaredError", (b, t) -> b.squaredError(t[0], 0.7, t[1], t[2]))
            .in(s)
            .in(s)
            .out(column)
            .k(32, (b, t) -> b.squaredError(t[0], -0.7, t[1], t[2])));
    all.add(
        new Primitive("squaredErrorGrad", (b, t) -> b.squaredErrorGrad(t[0], 0.7, t[1], t[2], t[3]))
            .in(s)
            .in(s)
            .in(column)
            .out(s)
            .k(4, (b, t) -> b.squaredErrorGrad(t[0], -0.7, t[1], t[2], t[3]))
            .inPlace(0, 1));
    all.add(
        new Primitive("fourierFeatures", (b, t) -> b.fourierFeatures(t[0], t[1], t[2]))
            .in(column)
            .in(Shape.of(columns))
            .out(Shape.of(rows, 2 * columns))
            // An angle of up to pi, rounded twice.
            .absolute(4e-7));
    all.add(
        new Primitive("perturb", (b, t) -> b.perturb(t[0], t[1], t[2], -4.975, -0.05, t[3]))
            .in(s)
            .in(column, PROBABILITIES)
            .in(s)
            .out(s)
            .k(8)
            .inPlace(0, 2));
    all.add(
        new Primitive("perturbGroups", (b, t) -> b.perturb(t[0], t[1], t[2], -4.975, -0.05, t[3]))
            .in(Shape.of(2 * rows, columns))
            .in(column, PROBABILITIES)
            .in(Shape.of(2 * rows, columns))
            .out(Shape.of(2 * rows, columns))
            .k(8));
  }

  private static void random(Shape s, List<Primitive> all) {
    Shape state = Shape.of(4);
    all.add(
        new Primitive("uniform", (b, t) -> b.uniform(t[0], -2, 3, t[1]))
            .out(state, RNG_STATE)
            .out(s)
            .ulps(0.5));
    all.add(
        new Primitive("normal", (b, t) -> b.normal(t[0], t[1]))
            .out(state, RNG_STATE)
            .out(s)
            // The radius is at most 6.8; the angle's rounding costs 6e-7 of it.
            .absolute(4e-6));
    all.add(
        new Primitive("randomIndices", (b, t) -> b.randomIndices(t[0], 1000, t[1]))
            .out(state, RNG_STATE)
            .indices(s, 1000)
            .outputs(2));
  }

  private static void optimizers(Shape s, List<Primitive> all) {
    all.add(
        new Primitive(
                "adam",
                (b, t) ->
                    b.adam(
                        new Tensor[] {t[2], t[3]},
                        new Tensor[] {t[1], t[1]},
                        new Tensor[] {t[4], t[5]},
                        new Tensor[] {t[6], t[7]},
                        t[0],
                        0.9,
                        0.999,
                        1e-8,
                        0.01))
            .in(Shape.of(4), PROBABILITIES)
            .in(s)
            .out(s)
            .out(s)
            .out(s)
            .out(s)
            .out(s, POSITIVE)
            .out(s, POSITIVE)
            .ulps(8)
            .absolute(2e-6));
    all.add(
        new Primitive(
                "lerp", (b, t) -> b.lerp(new Tensor[] {t[2], t[3]}, new Tensor[] {t[0], t[1]}, 0.3))
            .in(s)
            .in(ONE)
            .out(s)
            .out(ONE)
            .k(4));
    all.add(
        new Primitive("sumOfSquares", (b, t) -> b.sumOfSquares(new Tensor[] {t[0], t[1]}, t[2]))
            .in(s)
            .in(ONE)
            .out(ONE)
            .k(32));
  }
}
