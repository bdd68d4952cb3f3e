package io.qgpo.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.UnaryOp;
import io.qgpo.tensor.cpu.HostStorage;
import io.qgpo.tensor.cpu.ScalarBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Classes of users' are checked, timed and computed with. */
class HostWorkshopTest {
  private final List<String> lines = new ArrayList<>();
  private final Backend backend = new ScalarBackend();

  /** The oracle in the place of itself. */
  public static class Right
      implements HostKernels.Linear,
          HostKernels.LinearGrad,
          HostKernels.Matmul,
          HostKernels.Softmax,
          HostKernels.Unary {
    private final ScalarBackend oracle = new ScalarBackend();

    @Override
    public void linear(
        Tensor x,
        Tensor weight,
        Tensor bias,
        Activation activation,
        Tensor residual,
        Tensor preActivation,
        Tensor out) {
      oracle.linear(x, weight, null, bias, activation, residual, preActivation, out);
    }

    @Override
    public void linearGrad(
        Activation activation, Tensor z, Tensor gradOut, Tensor gradZ, Tensor gradBias) {
      oracle.linearGrad(activation, z, gradOut, gradZ, gradBias);
    }

    @Override
    public void matmul(
        boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
      oracle.matmul(transA, transB, a, b, out, accumulate);
    }

    @Override
    public void softmax(Tensor in, Tensor out) {
      oracle.softmax(in, out);
    }

    @Override
    public void unary(UnaryOp op, Tensor in, Tensor out) {
      oracle.unary(op, in, out);
    }
  }

  /** Off in one element. */
  public static final class Off extends Right {
    @Override
    public void softmax(Tensor in, Tensor out) {
      super.softmax(in, out);
      HostStorage.floats(out)[out.offset()] += .01f;
    }
  }

  /** Writes the last element of each row into the gap, where there is one. */
  public static final class Outside extends Right {
    @Override
    public void softmax(Tensor in, Tensor out) {
      super.softmax(in, out);
      if (out.leadingDimension() > out.columns() && out.rows() > 1) {
        HostStorage.floats(out)[out.offset() + out.columns()] = 1;
      }
    }
  }

  /** Leaves the last row as it is. */
  public static final class Unwritten extends Right {
    @Override
    public void softmax(Tensor in, Tensor out) {
      if (in.rows() > 1) {
        super.softmax(in.rows(0, in.rows() - 1), out.rows(0, out.rows() - 1));
      }
    }
  }

  /** Works in its argument. */
  public static final class IntoItsInput extends Right {
    @Override
    public void softmax(Tensor in, Tensor out) {
      super.softmax(in, in);
      if (in != out) {
        super.softmax(in, out);
      }
    }
  }

  /** Gives other bits the second time. */
  public static final class Counting extends Right {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public void softmax(Tensor in, Tensor out) {
      super.softmax(in, out);
      float[] values = HostStorage.floats(out);
      values[out.offset()] += calls.getAndIncrement() % 2 * Math.ulp(values[out.offset()]);
    }
  }

  /** Throws. */
  public static final class Failing extends Right {
    @Override
    public void softmax(Tensor in, Tensor out) {
      throw new IllegalStateException("no softmax today");
    }
  }

  /** Its constructor throws. */
  public static final class Unborn extends Right {
    /** Never ends. */
    public Unborn() {
      throw new IllegalStateException("not today");
    }
  }

  /** Has no constructor without arguments. */
  public static final class Needy extends Right {
    /** Needs something. */
    public Needy(int something) {
      assertNotEquals(0, something);
    }
  }

  /** Cannot be made. */
  public abstract static class Abstract extends Right {
    /** For nobody. */
    public Abstract() {}
  }

  private static HostKernel load(HostOp op, Class<?> type) {
    return HostKernel.load(op, type.getName(), List.of());
  }

  private String report() {
    return String.join("\n", lines);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRightPasses(HostOp op) {
    assertTrue(HostWorkshop.check(load(op, Right.class), backend, lines::add), this::report);
    assertTrue(report().contains(" is right: 20 cases, 7 runs of each"), this::report);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Off | y at row 0, column 0 is",
        "Outside | a write outside y, in the gap behind row 0",
        "Unwritten | y at row 206, column 0 is never written",
        "IntoItsInput | a write into the input x, at row 0, column 0",
        "Counting | other bits when run again, several threads at once: y at row 0, column 0",
        "Failing | its method softmax failed: java.lang.IllegalStateException: no softmax today",
      })
  void whatIsWrongIsFound(String type, String told) throws ClassNotFoundException {
    Class<?> found = Class.forName(HostWorkshopTest.class.getName() + "$" + type);
    assertFalse(HostWorkshop.check(load(HostOp.SOFTMAX, found), backend, lines::add), this::report);
    assertTrue(report().contains(told), this::report);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Unborn | its constructor failed: java.lang.IllegalStateException: not today",
        "Needy | expected a public constructor without arguments, found none",
        "Abstract | expected a public class that is not abstract",
        "Nobody | found no such class in the program; name its jar",
      })
  void aClassThatCannotBeUsedIsRefused(String type, String told) {
    String name = HostWorkshopTest.class.getName() + "$" + type;
    KernelException refused =
        assertThrows(KernelException.class, () -> HostKernel.load(HostOp.SOFTMAX, name, List.of()));
    assertTrue(refused.getMessage().contains(told), refused.getMessage());
  }

  @Test
  void aClassOfAnotherInterfaceIsRefused() {
    KernelException refused =
        assertThrows(KernelException.class, () -> load(HostOp.UNARY, Object.class));
    assertTrue(refused.getMessage().contains("HostKernels.Unary"), refused.getMessage());
    assertThrows(
        KernelException.class,
        () -> HostKernel.load(HostOp.UNARY, "X", List.of(Path.of("none.jar"))));
  }

  @Test
  void theBackendComputesWithIt() {
    Backend users = KernelBackend.of(backend, List.of(load(HostOp.SOFTMAX, Off.class)));
    Tensor in = Tensor.full(users, DType.FLOAT32, Shape.of(1, 4), 3);
    Tensor out = Tensor.empty(users, DType.FLOAT32, Shape.of(1, 4));
    users.softmax(in, out);
    assertEquals(.26f, out.toFloatArray()[0], 1e-6f);
    users.unary(UnaryOp.NEG, in, out);
    assertEquals(-3, out.toFloatArray()[0]);
    assertTrue(users.description().endsWith("; softmax by class:" + Off.class.getName()));
    Map<String, String> kernels = users.kernels();
    assertTrue(kernels.get("softmax").matches("class:.*Off, SHA-256 [0-9a-f]{64}"), kernels + "");
    assertEquals(Map.of(), backend.kernels());
  }

  /** Products that are all 42. */
  public static final class FortyTwo extends Right {
    @Override
    public void matmul(
        boolean transA, boolean transB, Tensor a, Tensor b, Tensor out, boolean accumulate) {
      out.backend().fill(out, 42);
    }
  }

  /**
   * The backward pass of a layer is made of primitives, so a class for one of them is used there.
   */
  @Test
  void theBackwardPassComputesWithIt() {
    Backend users = KernelBackend.of(backend, List.of(load(HostOp.MATMUL, FortyTwo.class)));
    Tensor[] t = new Tensor[6];
    Shape[] shapes = {
      Shape.of(2, 3), Shape.of(2, 1), Shape.of(3, 1), Shape.of(2, 1), Shape.of(3, 1), Shape.of(3)
    };
    for (int i = 0; i < t.length; i++) {
      t[i] = Tensor.full(users, DType.FLOAT32, shapes[i], 1);
    }
    users.linearGradProducts(t[0], t[1], t[2], t[3], false, t[4], false, t[5]);
    assertArrayEquals(new float[] {42, 42}, t[3].toFloatArray());
    assertArrayEquals(new float[] {42, 42, 42}, t[4].toFloatArray());
    assertArrayEquals(new float[] {2, 2, 2}, t[5].toFloatArray());
    Tensor gradWeight = Tensor.full(users, DType.FLOAT32, Shape.of(6, 1), 1);
    Tensor gradZ = Tensor.full(users, DType.FLOAT32, Shape.of(4, 3), 1);
    users.groupedLinearGradProducts(2, gradZ, t[1], gradWeight, null, gradWeight, null);
    assertArrayEquals(new float[] {42, 42, 42, 42, 42, 42}, gradWeight.toFloatArray());
  }

  @Test
  void aClassIsTimedBesideOurs() {
    HostWorkshop.bench(load(HostOp.SOFTMAX, Right.class), backend, lines::add);
    assertEquals(4, lines.size(), this::report);
    assertTrue(
        lines.get(1).matches("softmax +256 x 256( +[0-9.]+){2} +(-|[0-9.]+)( +[0-9.]+){4}"),
        lines.get(1));
  }

  @ParameterizedTest
  @EnumSource
  void aContractIsTold(KernelOp op) {
    assertEquals(op, KernelOp.find(op.id()).orElseThrow());
    String contract = op.contract();
    assertTrue(contract.contains(op.signature()), contract);
    for (Operand operand : op.operands()) {
      assertTrue(contract.contains("    " + operand.name() + ": "), contract);
    }
    Sizes sizes = new Sizes(2, 3, 5);
    assertTrue(op.flop(sizes) >= 6 && op.bytes(sizes) >= 48, op.id());
  }

  @Test
  void bytesAndFlopAreCounted() {
    Sizes sizes = new Sizes(2, 3, 5);
    assertEquals(60, KernelOp.MATMUL_NT.flop(sizes));
    assertEquals(4 * (10 + 15 + 6 + 6), KernelOp.MATMUL_NT.bytes(sizes));
    assertEquals(4 * (10 + 15 + 3 + 6 + 6 + 6), KernelOp.LINEAR_SILU.bytes(sizes));
    assertEquals(
        "extern \"C\" __global__ void softmax(const float* x, int ldX, float* y, int ldY, int rows,"
            + " int columns)",
        KernelOp.SOFTMAX.signature());
  }
}
