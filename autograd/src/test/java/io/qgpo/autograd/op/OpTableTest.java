package io.qgpo.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradCheck;
import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Drives {@link OpTable}. */
class OpTableTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();
  private static final int[] SIZES = {1, 2, 3, 7, 13, 16, 17, 63, 64, 65, 207, 4098};

  /** The rounding unit of float32. */
  private static final double EPSILON = 0x1p-24;

  /** Values and gradients of one call. */
  private record Outcome(double[] value, List<double[]> gradients) {}

  @TestFactory
  Stream<DynamicTest> gradcheck() {
    return each(
        op -> {
          for (List<Arg> args : op.samples()) {
            for (Arg.Layout layout : Arg.Layout.values()) {
              List<Var> inputs = inputs(args, SCALAR, DType.FLOAT64, layout);
              GradCheck.check(
                  op + " " + args + " " + layout, laidOut(op.function(), layout), inputs);
            }
          }
        });
  }

  /** With strided arguments the gradient that arrives at the operation is strided as well. */
  private static Function<List<Var>, Var> laidOut(Function<List<Var>, Var> f, Arg.Layout layout) {
    if (layout == Arg.Layout.CONTIGUOUS) {
      return f;
    }
    return v -> {
      Var y = f.apply(v);
      Shape narrow = y.shape().rank() == 0 ? y.shape() : y.shape().withColumns(1);
      Var side = Var.constant(Tensor.full(y.backend(), y.dtype(), narrow, 1));
      return Layout.concat(side, y, side);
    };
  }

  @TestFactory
  Stream<DynamicTest> float32AgreesWithFloat64() {
    return each(
        op -> {
          for (List<Arg> args : op.samples()) {
            for (Arg.Layout layout : Arg.Layout.values()) {
              Outcome wide = outcome(op, args, SCALAR, DType.FLOAT64, layout);
              Outcome narrow = outcome(op, args, SCALAR, DType.FLOAT32, layout);
              // Sums are in double on this backend: what is left is a few roundings in a row.
              compare(op + " " + args + " " + layout, wide, narrow, 8);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> simdAgreesWithScalar() {
    Backend simd = Backends.choose("simd", 2).backend();
    return each(
        op -> {
          for (int n : SIZES) {
            OpCase.Sized sized = op.sized().apply(n);
            // Errors of a sum's terms add up like a random walk.
            double units = 8 + 4 * Math.sqrt(sized.longestSum());
            for (Arg.Layout layout : Arg.Layout.values()) {
              Outcome expected = outcome(op, sized.args(), SCALAR, DType.FLOAT32, layout);
              Outcome found = outcome(op, sized.args(), simd, DType.FLOAT32, layout);
              compare(op + " " + n + " columns " + layout, expected, found, units);
            }
          }
          for (List<Arg> args : op.samples()) {
            for (Arg.Layout layout : Arg.Layout.values()) {
              Outcome expected = outcome(op, args, SCALAR, DType.FLOAT32, layout);
              Outcome found = outcome(op, args, simd, DType.FLOAT32, layout);
              compare(op + " " + args + " " + layout, expected, found, 8);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> withoutRecordingTheBitsAreTheSame() {
    return each(
        op -> {
          for (BackendProvider provider : Backends.providers()) {
            Backend backend = provider.create(1);
            List<Arg> args = op.samples().getLast();
            List<Var> inputs = inputs(args, backend, DType.FLOAT32, Arg.Layout.CONTIGUOUS);
            Var recorded = op.function().apply(inputs);
            assertEquals(true, recorded.requiresGrad());
            try (GradMode _ = GradMode.off()) {
              Var plain = op.function().apply(inputs);
              assertArrayEquals(recorded.value().toFloatArray(), plain.value().toFloatArray());
              // An operation that returns its argument has recorded nothing either.
              assertEquals(plain == inputs.get(0), plain.requiresGrad());
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> mistakes() {
    List<DynamicTest> tests = new ArrayList<>();
    for (OpCase op : OpTable.CASES) {
      for (OpCase.Mistake mistake : op.mistakes()) {
        tests.add(
            dynamicTest(
                op + ": " + mistake.message(),
                () -> {
                  List<Var> inputs =
                      inputs(mistake.args(), SCALAR, DType.FLOAT64, Arg.Layout.CONTIGUOUS);
                  RuntimeException e =
                      assertThrows(mistake.type(), () -> mistake.call().apply(inputs));
                  assertEquals(mistake.message(), e.getMessage());
                }));
      }
    }
    return tests.stream();
  }

  @Test
  void everyOperationIsInTheTable() throws IOException, URISyntaxException {
    TreeSet<String> operations = new TreeSet<>();
    Path root =
        Path.of(Arithmetic.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(root.resolve("io/qgpo/autograd/op"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        if (name.equals("package-info")) {
          continue;
        }
        try {
          for (Method method : Class.forName("io.qgpo.autograd.op." + name).getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())
                && Modifier.isStatic(method.getModifiers())
                && method.getReturnType() == Var.class) {
              operations.add(name + "." + method.getName());
            }
          }
        } catch (ClassNotFoundException e) {
          throw new AssertionError(e);
        }
      }
    }
    TreeSet<String> inTable = new TreeSet<>();
    OpTable.CASES.forEach(op -> inTable.add(op.op()));
    assertEquals(operations, inTable);
  }

  private static Stream<DynamicTest> each(Consumer<OpCase> check) {
    return OpTable.CASES.stream().map(op -> dynamicTest(op.toString(), () -> check.accept(op)));
  }

  private static List<Var> inputs(List<Arg> args, Backend backend, DType dtype, Arg.Layout layout) {
    List<Var> inputs = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      inputs.add(args.get(i).var(backend, dtype, layout, i));
    }
    return inputs;
  }

  private static Outcome outcome(
      OpCase op, List<Arg> args, Backend backend, DType dtype, Arg.Layout layout) {
    List<Var> inputs = inputs(args, backend, dtype, layout);
    Var output = laidOut(op.function(), layout).apply(inputs);
    double[] start = Arg.uniform(99, output.shape().size(), -1, 1);
    Tensor gradOutput = Tensor.of(backend, dtype, output.shape(), start);
    List<Var> targets = inputs.stream().filter(Var::requiresGrad).toList();
    List<double[]> gradients =
        Stream.of(Grad.of(output, gradOutput, targets)).map(Tensor::toDoubleArray).toList();
    return new Outcome(output.value().toDoubleArray(), gradients);
  }

  private static void compare(String what, Outcome expected, Outcome found, double units) {
    compare(what + " value", expected.value(), found.value(), units);
    for (int i = 0; i < expected.gradients().size(); i++) {
      compare(
          what + " gradient " + i, expected.gradients().get(i), found.gradients().get(i), units);
    }
  }

  /** Within some rounding units of the largest element, or of 1. */
  private static void compare(String what, double[] expected, double[] found, double units) {
    double scale = 1;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertArrayEquals(expected, found, units * EPSILON * scale, what);
  }
}
