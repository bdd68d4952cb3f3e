package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.cuda.LargeProducts.Rule;
import io.qgpo.cuda.ProductKernels.Epilogue;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.contract.BackendContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products by cuBLAS: a stand-in for it on the emulator, cuBLAS itself on a GPU that has it. */
class LargeProductsTest {
  /** All products, and what follows them. */
  private static final Rule ALL = new Rule(1, 1);

  private static final int MANY = 128;

  @BeforeAll
  static void findCublas() {
    Emulator.install();
    if (!Emulator.ON_GPU) {
      System.setProperty(ToolkitLibraries.FOLDERS_PROPERTY, Emulator.cublas(13).toString());
    }
    try (CudaDriver driver = CudaDriver.open();
        Cublas cublas = new Cublas(driver)) {
      assertTrue(cublas.version().startsWith("cuBLAS 1"), cublas.version());
    } catch (IllegalStateException e) {
      assumeTrue(!Emulator.ON_GPU, e.getMessage());
      throw e;
    }
  }

  @BeforeEach
  void forgetFailures() {
    Emulator.install();
  }

  @AfterAll
  static void forgetCublas() {
    System.clearProperty(ToolkitLibraries.FOLDERS_PROPERTY);
  }

  /** Every primitive, those that multiply matrices by cuBLAS, with gaps, offsets and in place. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 7", "13, 3", "3, 207", "65, 5", "40, 40", "0, 3", "3, 0"})
  void agreesWithTheOracle(int rows, int columns) {
    try (CudaBackend backend = new CudaBackend(1, Precision.FP32, ALL)) {
      new BackendContract(backend, 1).agrees(rows, columns);
    }
  }

  @Test
  void whatIsRecordedIsWhatRuns() {
    assertArrayEquals(gradients(ALL, false), gradients(ALL, true));
  }

  /** The gradients of a layer, computed three times and added up. */
  private static float[] gradients(Rule rule, boolean recorded) {
    try (CudaBackend backend = new CudaBackend(DeviceArena.SLAB, Precision.TF32, rule)) {
      Rng rng = new Rng(backend, 3, "layers");
      Tensor x = rng.uniform(DType.FLOAT32, Shape.of(37, 21), -1, 1);
      Tensor weight = rng.uniform(DType.FLOAT32, Shape.of(19, 21), -1, 1);
      Tensor bias = rng.uniform(DType.FLOAT32, Shape.of(19), -1, 1);
      Tensor sumX = Tensor.zeros(backend, DType.FLOAT32, x.shape());
      Tensor sumWeight = Tensor.zeros(backend, DType.FLOAT32, weight.shape());
      Tensor gradBias = Tensor.zeros(backend, DType.FLOAT32, bias.shape());
      Runnable body =
          () -> {
            Tensor z = Tensor.empty(backend, DType.FLOAT32, Shape.of(37, 19));
            Tensor y = Tensor.empty(backend, DType.FLOAT32, Shape.of(37, 19));
            backend.linear(x, weight, null, bias, Activation.SILU, null, z, y);
            backend.linearGradProducts(y, x, weight, sumX, true, sumWeight, true, gradBias);
          };
      for (int i = 0; i < 3; i++) {
        if (recorded) {
          backend.step("layer", body);
        } else {
          try (Scope _ = Scope.open("layer")) {
            body.run();
          }
        }
      }
      if (recorded && !Emulator.ON_GPU) {
        // The product, what follows it, both gradients' products and that of the bias; else one for
        // the layer and one for its gradients.
        assertEquals(rule == null ? 2 : 5, backend.nodes("layer"));
      }
      return sumWeight.toFloatArray();
    }
  }

  @Test
  void withoutItProductsAreOurs() {
    assertArrayEquals(gradients(ALL, true), gradients(null, true), 1e-2f);
  }

  @Test
  void tensorCoresRoundTo10Bits() {
    try (CudaBackend tf32 = new CudaBackend(1, Precision.TF32, ALL);
        CudaBackend fp32 = new CudaBackend(1, Precision.FP32, ALL)) {
      double expected = MANY / 9.0;
      assertEquals(expected, product(tf32), expected * 1e-3);
      assertEquals(expected, product(fp32), expected * 1e-6);
      assertTrue(product(tf32) != product(fp32));
      String words = "own kernels in TF32, large ones as asked by cuBLAS 1";
      assertTrue(tf32.description().contains(words), tf32.description());
      assertTrue(tf32.library().startsWith("cuBLAS 1"), tf32.library());
      assertEquals(19, tf32.vectorBits());
    }
  }

  /** Of matrices of thirds, large enough for tensor cores. */
  private static float product(Backend on) {
    Tensor thirds = Tensor.full(on, DType.FLOAT32, Shape.of(MANY, MANY), 1.0 / 3);
    Tensor out = Tensor.empty(on, DType.FLOAT32, Shape.of(MANY, MANY));
    on.linear(thirds, thirds, null, null, Activation.IDENTITY, null, null, out);
    return out.toFloatArray()[MANY];
  }

  /** Our own kernel takes a layer that adds to its result, if it has no z to put the product in. */
  @Test
  void aResidualThatIsTheResultIsNotLost() {
    try (CudaBackend backend = new CudaBackend(1, Precision.FP32, ALL)) {
      Tensor x = Tensor.of(backend, Shape.of(1, 1), 3f);
      for (Tensor z : new Tensor[] {null, Tensor.of(backend, Shape.of(1, 1), 0f)}) {
        Tensor out = Tensor.of(backend, Shape.of(1, 1), 5f);
        backend.linear(x, x, null, null, Activation.RELU, out, z, out);
        assertEquals(14f, out.toFloatArray()[0]);
      }
    }
  }

  @Test
  void largeIsWhatHasManyTermsWhereSomethingFollows() {
    try (CudaDriver driver = CudaDriver.open();
        LargeProducts large =
            new LargeProducts(driver, new KernelLibrary(driver), Precision.FP32, Rule.USUAL)) {
      assertTrue(large.takes(4096, 512, 512, true));
      assertTrue(large.takes(4096, 128, 256, true));
      assertFalse(large.takes(4096, 512, 128, true), "its sweep costs more than it gains");
      assertTrue(large.takes(4096, 512, 128, false));
      assertFalse(large.takes(256, 256, 256, false));
    }
  }

  @Test
  void wrongShapesAreNamed() {
    try (CudaDriver driver = CudaDriver.open();
        LargeProducts large =
            new LargeProducts(driver, new KernelLibrary(driver), Precision.FP32, ALL)) {
      DeviceMatrix two = new DeviceMatrix(driver.allocate(4), 2, 2);
      DeviceMatrix wide = new DeviceMatrix(driver.allocate(6), 2, 3);
      IllegalArgumentException wrong =
          assertThrows(
              IllegalArgumentException.class,
              () -> large.gemm(false, false, wide, two, two, Epilogue.NONE));
      assertTrue(wrong.getMessage().contains("gemm"), wrong.getMessage());
    }
  }

  @Test
  void aStatusTellsWhoseFaultItIs() {
    Cublas.check("cublasSgemm", 0);
    for (int status : new int[] {1, 3, 8, 7, 13, 14}) {
      CudaException failure =
          assertThrows(CudaException.class, () -> Cublas.check("cublasSgemm", status));
      assertEquals(status, failure.code());
      assertEquals(List.of(1, 3, 8).contains(status), failure.isFromOutside(), "" + status);
      String words = "cublasSgemm failed: CUBLAS_STATUS_";
      assertTrue(failure.getMessage().startsWith(words), failure.getMessage());
    }
  }

  @Test
  void whatIsLargeMayBeSaid() {
    try {
      System.setProperty(CudaBackend.CUBLAS_PROPERTY, "true");
      assertEquals(Rule.USUAL, Rule.asked());
      System.setProperty(CudaBackend.CUBLAS_FROM_PROPERTY, "5000");
      assertEquals(new Rule(5000, 1), Rule.asked());
      assertEquals(" from 5000 multiplications", Rule.asked().words());
      for (String wrong : new String[] {"0", "-1", "many", ""}) {
        System.setProperty(CudaBackend.CUBLAS_FROM_PROPERTY, wrong);
        IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, Rule::asked);
        assertTrue(refused.getMessage().contains("found " + wrong), refused.getMessage());
      }
    } finally {
      System.clearProperty(CudaBackend.CUBLAS_PROPERTY);
      System.clearProperty(CudaBackend.CUBLAS_FROM_PROPERTY);
    }
    assertNull(Rule.asked());
  }

  /** After a failed kernel every call of a real driver fails; closing must not. */
  @Test
  void closingAfterAFailureIsQuiet() {
    Emulator emulator = Emulator.install();
    int handles = emulator.handles();
    CudaBackend backend = new CudaBackend(1, Precision.FP32, ALL);
    CudaKernel faulty = Emulator.faulty(backend.driver(), "divergent_barrier");
    Arguments memory = new Arguments().memory(backend.driver().allocate(64));
    assertThrows(CudaException.class, () -> faulty.launch(new Grid(1, 1, 1), 64, 0, memory));
    assertThrows(CudaException.class, () -> product(backend));
    backend.close();
    assertEquals(handles, emulator.handles());
  }

  @Test
  void closingGivesAllBack() {
    Emulator emulator = Emulator.install();
    int allocations = emulator.allocations();
    int handles = emulator.handles();
    CudaBackend backend = new CudaBackend(1, Precision.FP32, ALL);
    product(backend);
    assertTrue(emulator.allocations() > allocations);
    assertTrue(emulator.handles() > handles);
    backend.close();
    backend.close();
    assertEquals(allocations, emulator.allocations());
    assertEquals(handles, emulator.handles());
  }
}
