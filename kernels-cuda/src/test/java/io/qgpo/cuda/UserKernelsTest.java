package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import io.qgpo.tensor.kernel.DeviceWorkshop;
import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import io.qgpo.tensor.kernel.Operand;
import io.qgpo.tensor.kernel.Operand.Trait;
import io.qgpo.tensor.kernel.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The backend computes with kernels of users' where it has one, and they can be timed. */
class UserKernelsTest {
  private static final Path OWN = Path.of("src", "test", "kernels");
  private static final Sizes SIZES = new Sizes(5, 6, 7);

  @TempDir Path folder;

  @BeforeEach
  void install() {
    Emulator.install();
    Emulator.assumeCompiler();
  }

  /** A kernel that sets all of its last matrix to 42, which no operation computes. */
  private Path mark(KernelOp op) throws IOException {
    Operand result =
        op.operands().stream()
            .filter(o -> o.traits().equals(EnumSet.of(Trait.RESULT)))
            .reduce((_, last) -> last)
            .orElseThrow();
    String ld = "ld" + result.name().substring(0, 1).toUpperCase() + result.name().substring(1);
    String body =
        "for (int i = threadIdx.x; i < columns; i += 32) %s[blockIdx.x * %s + i] = 42.0f;"
            .formatted(result.name(), ld);
    return Files.writeString(
        folder.resolve(op.id() + ".cu"),
        "// qgpo: rows 1, threads 32\n" + op.signature() + " { " + body + " }\n");
  }

  private static Tensor[] ones(CudaBackend backend, KernelOp op) {
    return op.operands().stream()
        .map(o -> Tensor.full(backend, DType.FLOAT32, KernelOp.shape(o, SIZES), 1))
        .toArray(Tensor[]::new);
  }

  @ParameterizedTest
  @EnumSource
  void theBackendComputesWithIt(KernelOp op) throws IOException {
    DeviceWorkshop workshop = DeviceWorkshop.find("cuda").orElseThrow();
    try (CudaBackend backend = new CudaBackend()) {
      Tensor[] before = ones(backend, op);
      op.compute(backend, before);
      assertEquals(Map.of(), backend.kernels());
      Path file = mark(op);
      workshop.use(backend, Map.of(op, file));
      Tensor[] after = ones(backend, op);
      op.compute(backend, after);
      int result = Arrays.asList(after).size() - (op.id().startsWith("linear_grad") ? 2 : 1);
      float[] expected = new float[SIZES.rows() * SIZES.columns()];
      Arrays.fill(expected, 42);
      assertTrue(Arrays.equals(expected, after[result].toFloatArray()), op.id());
      assertTrue(!Arrays.equals(expected, before[result].toFloatArray()), op.id());
      String hash = PtxManifest.sha256(Files.readAllBytes(file));
      assertEquals(Map.of(op.id(), op.id() + ".cu, SHA-256 " + hash), backend.kernels());
    }
  }

  /** Of the backward pass of a layer, which is one launch of ours otherwise. */
  @ParameterizedTest
  @EnumSource(names = {"MATMUL_NN", "MATMUL_TN"})
  void theBackwardPassComputesWithIt(KernelOp op) throws IOException {
    DeviceWorkshop workshop = DeviceWorkshop.find("cuda").orElseThrow();
    try (CudaBackend backend = new CudaBackend()) {
      workshop.use(backend, Map.of(op, mark(op)));
      Tensor gradZ = ones(backend, Shape.of(4, 5));
      Tensor gradX = ones(backend, Shape.of(4, 3));
      Tensor gradWeight = ones(backend, Shape.of(5, 3));
      Tensor gradBias = ones(backend, Shape.of(5));
      backend.linearGradProducts(
          gradZ,
          ones(backend, Shape.of(4, 3)),
          ones(backend, Shape.of(5, 3)),
          gradX,
          false,
          gradWeight,
          false,
          gradBias);
      assertEquals(op == KernelOp.MATMUL_NN ? 42 : 5, gradX.toFloatArray()[0]);
      assertEquals(op == KernelOp.MATMUL_TN ? 42 : 4, gradWeight.toFloatArray()[0]);
      assertEquals(4, gradBias.toFloatArray()[0]);
    }
  }

  /** Of layers beside each other, which are one launch of ours otherwise. */
  @ParameterizedTest
  @EnumSource(names = {"LINEAR_RELU", "LINEAR_GRAD_RELU", "MATMUL_NN", "MATMUL_TN"})
  void groupsComputeWithIt(KernelOp op) throws IOException {
    DeviceWorkshop workshop = DeviceWorkshop.find("cuda").orElseThrow();
    try (CudaBackend backend = new CudaBackend()) {
      workshop.use(backend, Map.of(op, mark(op)));
      Tensor x = ones(backend, Shape.of(8, 3));
      Tensor weight = ones(backend, Shape.of(10, 3));
      Tensor bias = ones(backend, Shape.of(2, 5));
      Tensor out = ones(backend, Shape.of(8, 5));
      backend.groupedLinear(2, x, weight, bias, Activation.RELU, null, out);
      assertAll(op == KernelOp.LINEAR_RELU ? 42 : 4, out);
      Tensor gradBias = ones(backend, Shape.of(2, 5));
      Tensor gradOut = ones(backend, Shape.of(8, 5));
      Tensor z = ones(backend, Shape.of(8, 5));
      backend.groupedLinearGrad(2, Activation.RELU, z, gradOut, out, gradBias);
      assertAll(op == KernelOp.LINEAR_GRAD_RELU ? 42 : 1, out);
      Tensor gradX = ones(backend, Shape.of(8, 3));
      Tensor gradWeight = ones(backend, Shape.of(10, 3));
      backend.groupedLinearGradProducts(2, gradOut, x, weight, gradX, gradWeight, gradBias);
      assertAll(op == KernelOp.MATMUL_NN ? 42 : 5, gradX);
      assertAll(op == KernelOp.MATMUL_TN ? 42 : 4, gradWeight);
    }
  }

  private static void assertAll(float expected, Tensor found) {
    float[] all = new float[found.size()];
    Arrays.fill(all, expected);
    assertArrayEquals(all, found.toFloatArray());
  }

  private static Tensor ones(CudaBackend backend, Shape shape) {
    return Tensor.full(backend, DType.FLOAT32, shape, 1);
  }

  @Test
  void anotherBackendIsRefused() {
    DeviceWorkshop workshop = DeviceWorkshop.find("cuda").orElseThrow();
    assertThrows(KernelException.class, () -> workshop.use(new ScalarBackend(), Map.of()));
  }

  @ParameterizedTest
  @EnumSource
  void timingsRunToTheirEnd(KernelOp op) {
    List<String> lines = new ArrayList<>();
    KernelSource source = KernelSource.read(op, OWN.resolve(op.id() + ".cu"));
    try (CudaBackend backend = new CudaBackend()) {
      UserKernel kernel = new UserKernel(backend.driver(), source, KernelDevice.module(source));
      new UserKernelBench(backend, kernel, Precision.FP32, 1, lines::add)
          .run(List.of(SIZES), new Roofline(Double.NaN, 1e12));
    }
    String row = lines.get(1);
    assertTrue(
        row.matches("5 x 6( x 7)? +[0-9.]+ +[0-9.]+ +[0-9]+ +- +[0-9.]+ +[0-9.]+ +(-|[0-9.]+)"),
        row);
    assertTrue(lines.get(2).contains("FLOP/s not known for this GPU in FP32"), lines.get(2));
    assertEquals(op.hasInner() ? 4 : 3, lines.size());
    // Where a test before has made the stand-in resident, it is timed as well.
    boolean hasCublas = op.hasInner() && !lines.get(3).contains("cuBLAS: none; ");
    assertEquals(hasCublas, !row.endsWith("-"), row);
  }

  @Test
  void aRooflineBoundsByTheScarcer() {
    Roofline roofline = new Roofline(1e12, 1e9);
    assertEquals(.5, roofline.share(1e6, 1, 2).orElseThrow(), 1e-12);
    assertEquals(.25, roofline.share(1, 1e3, 4).orElseThrow(), 1e-12);
    assertTrue(new Roofline(Double.NaN, 1e9).share(1, 1, 1).isEmpty());
    assertEquals(OptionalInt.of(128), Roofline.multiplyAdds(90, Precision.FP32));
    assertEquals(OptionalInt.empty(), Roofline.multiplyAdds(70, Precision.TF32));
  }

  /** A100's 19.5 and 156 TFLOP/s at 1.41 GHz, H100 SXM's 67 and 495 at 1.98 and 1.83 GHz. */
  @Test
  void peaksAreThoseOfDataSheets() {
    assertEquals(19.5, peak(80, Precision.FP32, 108, 1.41), .1);
    assertEquals(156, peak(80, Precision.TF32, 108, 1.41), 1);
    assertEquals(67, peak(90, Precision.FP32, 132, 1.98), .5);
    assertEquals(495, peak(90, Precision.TF32, 132, 1.83), 1);
  }

  private static double peak(int capability, Precision precision, int multiprocessors, double ghz) {
    int each = Roofline.multiplyAdds(capability, precision).orElseThrow();
    return 2e-3 * each * multiprocessors * ghz;
  }
}
