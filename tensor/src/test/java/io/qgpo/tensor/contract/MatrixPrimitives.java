package io.qgpo.tensor.contract;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import java.util.List;

/** The primitives of matrix products and linear layers. */
final class MatrixPrimitives {
  private MatrixPrimitives() {}

  static void add(int rows, int columns, List<Primitive> all) {
    for (int i = 0; i < 8; i++) {
      boolean transA = (i & 1) != 0;
      boolean transB = (i & 2) != 0;
      boolean accumulate = (i & 4) != 0;
      matmul(transA, transB, accumulate, rows, 6, columns, all);
      matmul(transA, transB, accumulate, 5, columns, 3, all);
    }
    for (Activation activation : Activation.values()) {
      linear(activation, rows, 6, columns, all);
      linear(activation, rows, columns, 3, all);
      linearGrad(activation, rows, columns, all);
    }
    for (boolean accumulate : new boolean[] {false, true}) {
      linearGradProducts(accumulate, rows, 6, columns, all);
      linearGradProducts(accumulate, rows, columns, 3, all);
    }
    for (Activation activation : Activation.values()) {
      groupedLinear(activation, 2, rows, columns, 3, all);
    }
    groupedLinear(Activation.RELU, 3, rows, 6, columns, all);
    all.add(
        new Primitive("transpose", (b, t) -> b.transpose(t[0], t[1]))
            .in(Shape.of(rows, columns))
            .out(Shape.of(columns, rows)));
  }

  private static void matmul(
      boolean transA,
      boolean transB,
      boolean accumulate,
      int m,
      int k,
      int n,
      List<Primitive> all) {
    String name =
        "matmul " + (transA ? 'T' : 'N') + (transB ? 'T' : 'N') + (accumulate ? " +=" : " =");
    all.add(
        new Primitive(name, (b, t) -> b.matmul(transA, transB, t[0], t[1], t[2], accumulate))
            .in(transA ? Shape.of(k, m) : Shape.of(m, k))
            .in(transB ? Shape.of(n, k) : Shape.of(k, n))
            .out(Shape.of(m, n))
            .k(32));
  }

  private static void linear(
      Activation activation, int rows, int from, int to, List<Primitive> all) {
    Shape out = Shape.of(rows, to);
    Primitive.Body magnitude =
        (b, t) -> {
          b.linear(t[0], t[1], null, t[2], Activation.IDENTITY, t[3], t[4], t[5]);
          b.copy(t[5], t[4]);
        };
    all.add(
        new Primitive(
                "linear " + activation,
                (b, t) -> b.linear(t[0], t[1], null, t[2], activation, t[3], t[4], t[5]))
            .in(Shape.of(rows, from))
            .in(Shape.of(to, from))
            .in(Shape.of(to))
            .in(out)
            .out(out)
            .out(out)
            .k(32, magnitude));
    all.add(
        new Primitive(
                "linear bare " + activation,
                (b, t) -> b.linear(t[0], t[1], null, null, activation, null, null, t[2]))
            .in(Shape.of(rows, from))
            .in(Shape.of(to, from))
            .out(out)
            .k(
                32,
                (b, t) -> b.linear(t[0], t[1], null, null, Activation.IDENTITY, null, null, t[2])));
    all.add(
        new Primitive(
                "linear packed " + activation,
                (b, t) -> {
                  try (Scope _ = Scope.open("packed weight")) {
                    b.linear(t[0], t[1], b.pack(t[1]), null, activation, null, null, t[2]);
                  }
                })
            .in(Shape.of(rows, from))
            .in(Shape.of(to, from))
            .out(out)
            .k(
                32,
                (b, t) -> b.linear(t[0], t[1], null, null, Activation.IDENTITY, null, null, t[2])));
  }

  private static void linearGrad(
      Activation activation, int rows, int columns, List<Primitive> all) {
    Shape s = Shape.of(rows, columns);
    all.add(
        new Primitive(
                "linearGrad " + activation,
                (b, t) -> b.linearGrad(activation, t[0], t[1], t[2], t[3]))
            .in(s)
            .in(s)
            .out(s)
            .out(Shape.of(columns))
            .k(32, (b, t) -> b.linearGrad(Activation.IDENTITY, null, t[1], t[2], t[3]))
            .inPlace(1));
    all.add(
        new Primitive(
                "linearGrad without bias " + activation,
                (b, t) -> b.linearGrad(activation, t[0], t[1], t[2], null))
            .in(s)
            .in(s)
            .out(s)
            .k(8, (b, t) -> b.copy(t[1], t[2]))
            .inPlace(1));
  }

  private static void linearGradProducts(
      boolean accumulate, int rows, int in, int out, List<Primitive> all) {
    Shape gradZ = Shape.of(rows, out);
    Shape x = Shape.of(rows, in);
    Shape weight = Shape.of(out, in);
    String kind = accumulate ? " +=" : " =";
    // One product is added to what is there, the other is not: they must not be taken for each
    // other.
    all.add(
        new Primitive(
                "linearGradProducts" + kind,
                (b, t) ->
                    b.linearGradProducts(
                        t[0], t[1], t[2], t[3], accumulate, t[4], !accumulate, t[5]))
            .in(gradZ)
            .in(x)
            .in(weight)
            .out(x)
            .out(weight)
            .out(Shape.of(out))
            .k(32));
    all.add(
        new Primitive(
                "linearGradProducts of the weight" + kind,
                (b, t) ->
                    b.linearGradProducts(t[0], t[1], t[2], null, false, t[3], accumulate, null))
            .in(gradZ)
            .in(x)
            .in(weight)
            .out(weight)
            .k(32));
    all.add(
        new Primitive(
                "linearGradProducts of x and the bias" + kind,
                (b, t) ->
                    b.linearGradProducts(t[0], t[1], t[2], t[3], accumulate, null, false, t[4]))
            .in(gradZ)
            .in(x)
            .in(weight)
            .out(x)
            .out(Shape.of(out))
            .k(32));
  }

  private static void groupedLinear(
      Activation activation, int groups, int rows, int in, int out, List<Primitive> all) {
    Shape weight = Shape.of(groups * out, in);
    Shape bias = Shape.of(groups, out);
    Shape y = Shape.of(groups * rows, out);
    String name = " " + groups + " x " + activation;
    for (boolean shared : new boolean[] {false, true}) {
      Shape x = Shape.of(shared ? rows : groups * rows, in);
      String kind = name + (shared ? " of one x" : "");
      all.add(
          new Primitive(
                  "groupedLinear" + kind,
                  (b, t) -> b.groupedLinear(groups, t[0], t[1], t[2], activation, t[3], t[4]))
              .in(x)
              .in(weight)
              .in(bias)
              .out(y)
              .out(y)
              .k(
                  32,
                  (b, t) -> {
                    b.groupedLinear(groups, t[0], t[1], t[2], Activation.IDENTITY, t[3], t[4]);
                    b.copy(t[4], t[3]);
                  }));
      all.add(
          new Primitive(
                  "groupedLinearGradProducts" + kind,
                  (b, t) -> b.groupedLinearGradProducts(groups, t[0], t[1], t[2], t[3], t[4], t[5]))
              .in(y)
              .in(x)
              .in(weight)
              .out(x)
              .out(weight)
              .out(bias)
              .k(32));
      all.add(
          new Primitive(
                  "groupedLinearGradProducts of x" + kind,
                  (b, t) -> b.groupedLinearGradProducts(groups, t[0], t[1], t[2], t[3], null, null))
              .in(y)
              .in(x)
              .in(weight)
              .out(x)
              .k(32));
      all.add(
          new Primitive(
                  "groupedLinearGradProducts of the weight" + kind,
                  (b, t) -> b.groupedLinearGradProducts(groups, t[0], t[1], t[2], null, t[3], null))
              .in(y)
              .in(x)
              .in(weight)
              .out(weight)
              .k(32));
    }
    if (activation != Activation.IDENTITY) {
      all.add(
          new Primitive(
                  "groupedLinearGrad without bias" + name,
                  (b, t) -> b.groupedLinearGrad(groups, activation, t[0], t[1], t[2], null))
              .in(y)
              .in(y)
              .out(y)
              .k(8, (b, t) -> b.copy(t[1], t[2]))
              .inPlace(1));
      all.add(
          new Primitive(
                  "groupedLinearGrad" + name,
                  (b, t) -> b.groupedLinearGrad(groups, activation, t[0], t[1], t[2], t[3]))
              .in(y)
              .in(y)
              .out(y)
              .out(bias)
              .k(
                  32,
                  (b, t) -> {
                    for (int i = 0; i < groups; i++) {
                      b.linearGrad(
                          Activation.IDENTITY,
                          null,
                          t[1].rowBlock(i, groups),
                          t[2].rowBlock(i, groups),
                          t[3].rowBlock(i, groups));
                    }
                  })
              .inPlace(1));
    }
  }
}
