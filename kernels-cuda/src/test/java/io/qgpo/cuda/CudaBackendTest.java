package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.DeviceMemoryException;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.contract.Bench;
import io.qgpo.tensor.contract.Primitive;
import io.qgpo.tensor.contract.Primitives;
import io.qgpo.tensor.cpu.ScalarBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is CUDA's own: memory, orders of threads, threads of Java, and what cannot be. */
class CudaBackendTest {
  private Emulator emulator;
  private CudaBackend backend;

  @BeforeEach
  void open() {
    emulator = Emulator.install();
    backend = new CudaBackend();
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
    }
  }

  /** Waits for the garbage collector. */
  private static boolean collected(BooleanSupplier done) throws InterruptedException {
    for (int i = 0; i < 100 && !done.getAsBoolean(); i++) {
      System.gc();
      Thread.sleep(20);
    }
    return done.getAsBoolean();
  }

  private Tensor zeros(int n) {
    return Tensor.zeros(backend, DType.FLOAT32, Shape.of(n));
  }

  // ---- Found and described -------------------------------------------------------------------

  @Test
  void autoTakesIt() {
    Backends.Choice choice = Backends.choose("auto", 1);
    assertEquals("the best available", choice.reason());
    assertEquals("cuda", choice.backend().name());
    String description = choice.backend().description();
    for (String part : List.of("compute capability ", "driver for CUDA", "own kernels in FP32")) {
      assertTrue(description.contains(part), description);
    }
    ((CudaBackend) choice.backend()).close();
  }

  @Test
  void theNameAloneOpensNothing() {
    int before = emulator.allocations();
    CudaProvider provider = new CudaProvider();
    assertEquals("cuda", provider.name());
    assertNull(provider.unavailableReason());
    assertEquals(before, emulator.allocations());
  }

  // ---- Results -------------------------------------------------------------------------------

  @Test
  void theOrderOfThreadsAndBlocksChangesNoBit() {
    List<Primitive> primitives = new ArrayList<>(Primitives.all(67, 9));
    primitives.addAll(Primitives.all(2, 300));
    // Of so many rows the sums are split among blocks.
    Primitives.all(200, 5).stream()
        .filter(primitive -> primitive.toString().contains("GradProducts"))
        .forEach(primitives::add);
    for (Primitive primitive : primitives) {
      try (Scope _ = Scope.open("orders")) {
        Bench ascending = run(primitive, 0);
        for (int order = 1; order < 6; order++) {
          Bench other = run(primitive, order);
          for (int i = 0; i < ascending.tensors.length; i++) {
            assertArrayEquals(
                ascending.values(i), other.values(i), primitive + ", order " + order + ", " + i);
          }
        }
      }
    }
  }

  /** More columns over all layers than one launch counts: layer by layer then. */
  @Test
  void manyWideLayersAreNotOneLaunch() {
    int columns = 44_800; // 1,400 groups of 32, three times
    assertTrue(!LinearGradKernel.fits(3, columns) && LinearGradKernel.fits(1, columns));
    float[][] gradients = new float[2][];
    Backend[] backends = {new ScalarBackend(), backend};
    for (int i = 0; i < 2; i++) {
      Rng rng = new Rng(backends[i], 1, "wide");
      Tensor z = rng.uniform(DType.FLOAT32, Shape.of(3, columns), -1, 1);
      Tensor gradOut = rng.uniform(DType.FLOAT32, Shape.of(3, columns), -1, 1);
      Tensor gradBias = Tensor.zeros(backends[i], DType.FLOAT32, Shape.of(3, columns));
      backends[i].groupedLinearGrad(3, Activation.RELU, z, gradOut, gradOut, gradBias);
      gradients[i] = gradBias.toFloatArray();
    }
    assertArrayEquals(gradients[0], gradients[1]);
  }

  private Bench run(Primitive primitive, int order) {
    emulator.schedule(order);
    return new Bench(backend, DType.FLOAT32, primitive, Bench.Layout.CONTIGUOUS, false).run();
  }

  @Test
  void tensorCoresRoundTo10Bits() {
    try (CudaBackend tf32 = new CudaBackend(1, Precision.TF32, null)) {
      assertTrue(tf32.description().contains("own kernels in TF32"), tf32.description());
      float third = product(tf32);
      assertEquals(1.0 / 9, third, 1.0 / 9 * 1e-3);
      assertEquals(1.0 / 9, product(backend), 1e-8);
      assertTrue(third != product(backend));
    }
  }

  private static float product(Backend on) {
    // More than the few rows that no tensor core multiplies.
    int rows = ProductKernels.FEW_ROWS + 1;
    Tensor x = Tensor.full(on, DType.FLOAT32, Shape.of(rows, 1), 1f / 3);
    Tensor weight = Tensor.of(on, Shape.of(1, 1), 1f / 3);
    Tensor out = Tensor.empty(on, DType.FLOAT32, Shape.of(rows, 1));
    on.linear(x, weight, null, null, Activation.IDENTITY, null, null, out);
    return out.toFloatArray()[0];
  }

  /** As two servers in a process, or tests, do: each has a backend of its own. */
  @Test
  void twoBackendsMayComputeAtOnce() throws InterruptedException {
    Throwable[] failures = new Throwable[2];
    Thread[] threads = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int me = i;
      threads[i] =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, failure) -> failures[me] = failure)
              .start(CudaBackendTest::multiplyManyTimes);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertArrayEquals(new Throwable[2], failures);
  }

  private static void multiplyManyTimes() {
    try (CudaBackend own = new CudaBackend(1, Precision.FP32, null)) {
      for (int i = 0; i < 30; i++) {
        Tensor thirds = Tensor.full(own, DType.FLOAT32, Shape.of(40, 40), 1.0 / 3);
        Tensor out = Tensor.empty(own, DType.FLOAT32, Shape.of(40, 40));
        own.matmul(false, true, thirds, thirds, out, false);
        for (float x : out.toFloatArray()) {
          assertEquals(40 / 9.0, x, 1e-5);
        }
      }
    }
  }

  @Test
  void anIndexThatIsNoRowReachesNoMemory() {
    Tensor indices = Tensor.of(backend, Shape.of(3), 1, 7, -1);
    Tensor source = Tensor.of(backend, Shape.of(2, 1), 5f, 6f);
    Tensor out = Tensor.empty(backend, DType.FLOAT32, Shape.of(3, 1));
    backend.gatherRows(source, indices, out);
    assertArrayEquals(new float[] {6, Float.NaN, Float.NaN}, out.toFloatArray());
    backend.scatterAddRows(Tensor.of(backend, Shape.of(3, 1), 1f, 2f, 4f), indices, source);
    assertArrayEquals(new float[] {5, 7}, source.toFloatArray());
  }

  @Test
  void randomNumbersAreThoseOfTheCpuBitByBit() {
    Rng cpu = new Rng(new ScalarBackend(), 5, "batches");
    Rng gpu = new Rng(backend, 5, "batches");
    Shape shape = Shape.of(3, 701);
    for (double[] range : new double[][] {{1e-3, 1}, {-2, 3}, {0, 1e-30}, {0.1, 0.3}}) {
      assertArrayEquals(
          cpu.uniform(DType.FLOAT32, shape, range[0], range[1]).toFloatArray(),
          gpu.uniform(DType.FLOAT32, shape, range[0], range[1]).toFloatArray());
    }
    assertArrayEquals(
        cpu.indices(5001, 999_983).toIntArray(), gpu.indices(5001, 999_983).toIntArray());
    assertArrayEquals(
        cpu.normal(DType.FLOAT32, shape).toFloatArray(),
        gpu.normal(DType.FLOAT32, shape).toFloatArray(),
        4e-6f);
    assertArrayEquals(cpu.save(), gpu.save());
  }

  @Test
  void theCounterOfAStreamCarries() {
    int[] almost = {11, 12, -1, 3};
    ScalarBackend oracle = new ScalarBackend();
    for (Backend on : List.of(oracle, backend)) {
      Rng rng = new Rng(on, 1, "stream");
      rng.restore(almost);
      assertArrayEquals(indices(oracle, almost), rng.indices(9, 1000).toIntArray());
      assertArrayEquals(new int[] {11, 12, 2, 4}, rng.save());
    }
  }

  private static int[] indices(Backend on, int[] state) {
    Rng rng = new Rng(on, 1, "stream");
    rng.restore(state);
    return rng.indices(9, 1000).toIntArray();
  }

  // ---- Host and device -----------------------------------------------------------------------

  @Test
  void whatIsWrittenIsRead() {
    float[] values = new float[100_003];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    // Through pinned memory, more than there is of it, and at once.
    for (int n : new int[] {1, 1000, 30_000, 100_000}) {
      Tensor tensor = zeros(n);
      for (int i = 0; i < 12; i++) {
        backend.write(values, i % 3, tensor);
      }
      float[] read = new float[n + 1];
      backend.read(tensor, read, 1);
      assertEquals(2, read[1]);
      assertEquals(n + 1, read[n]);
    }
    Tensor wide = zeros(12).reshape(Shape.of(3, 4));
    backend.write(values, 1, wide.columns(1, 3));
    assertArrayEquals(new float[] {0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0}, wide.toFloatArray());
    assertArrayEquals(new float[] {2, 4, 6}, wide.columns(2, 3).toFloatArray());
    assertEquals(6, wide.rows(2, 3).columns(2, 3).item());
    assertEquals(7, Tensor.of(backend, Shape.of(1), 7).item());
  }

  @Test
  void mistakesAreNamed() {
    Tensor two = zeros(2);
    assertMessage(
        "expected an array with 2 elements from 0", () -> backend.read(two, new float[1], 0));
    assertMessage("INT32 expected, found FLOAT32", () -> backend.read(two, new int[2], 0));
    assertMessage("FLOAT64", () -> backend.read(two, new double[2], 0));
    assertMessage("FLOAT64", () -> backend.write(new double[2], 0, two));
    assertMessage("does not compute in FLOAT64", () -> backend.allocate(DType.FLOAT64, 1));
    assertMessage("bound must be 1", () -> new Rng(backend, 0, "r").indices(1, 0));
    Tensor elsewhere = Tensor.zeros(new ScalarBackend(), DType.FLOAT32, Shape.of(2));
    assertMessage("is on backend scalar", () -> backend.binary(BinaryOp.ADD, two, elsewhere, two));
  }

  private static void assertMessage(String part, Runnable body) {
    String message = assertThrows(IllegalArgumentException.class, body::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  // ---- Memory --------------------------------------------------------------------------------

  @Test
  void aTensorOfAClosedScopeThrows() {
    Tensor stale;
    try (Scope _ = Scope.open("behaviour step")) {
      stale = zeros(3);
    }
    Tensor fresh = zeros(3);
    for (Runnable use :
        List.<Runnable>of(
            () -> backend.fill(stale, 1),
            () -> backend.copy(fresh, stale),
            () -> stale.toFloatArray())) {
      String message = assertThrows(IllegalStateException.class, use::run).getMessage();
      assertTrue(message.contains("'behaviour step'"), message);
    }
  }

  @Test
  void stepsInAScopeTakeNoMoreMemoryThanTheFirst() {
    Tensor x = Tensor.full(backend, DType.FLOAT32, Shape.of(300, 40), 1);
    Tensor out = Tensor.zeros(backend, DType.FLOAT32, Shape.of(40, 40));
    long after = 0;
    for (int i = 0; i < 4; i++) {
      try (Scope _ = Scope.open("step")) {
        Tensor copy = x.copy();
        backend.matmul(true, false, copy, x, out, false); // in parts, which need memory
      }
      after = i == 0 ? backend.usedBytes() : after;
    }
    assertEquals(after, backend.usedBytes());
    assertEquals(300, out.rows(3, 4).columns(3, 4).item());
  }

  @Test
  void whatNobodyUsesIsGivenBack() throws InterruptedException {
    long before = backend.usedBytes();
    Tensor kept = zeros(1000);
    zeros(100_000);
    assertTrue(backend.usedBytes() > before + 400_000);
    assertTrue(collected(() -> backend.usedBytes() < before + 400_000), "not collected");
    assertArrayEquals(new float[1000], kept.toFloatArray());
  }

  @Test
  void garbageMakesRoomAndWithoutTheMessageSaysWhatThereIs() {
    emulator.schedule(0); // skips it on a GPU, which has more memory
    int most = 85 << 20; // elements: 340 of the emulator's 640 MiB
    backend.allocate(DType.FLOAT32, most);
    Tensor large = zeros(most);
    DeviceMemoryException full = assertThrows(DeviceMemoryException.class, () -> zeros(most));
    for (String part : List.of("asked for 356515840 bytes", "free ", "held ", "smaller batch")) {
      assertTrue(full.getMessage().contains(part), full.getMessage());
    }
    assertEquals(most, large.size());
  }

  @Test
  void closingGivesBackAllAndEndsTheUse() {
    Tensor tensor = zeros(5);
    backend.close();
    assertEquals(0, emulator.allocations());
    assertThrows(IllegalStateException.class, () -> tensor.toFloatArray());
    assertThrows(IllegalStateException.class, () -> zeros(1));
    backend.close();
  }

  @Test
  void aBackendThatNobodyClosedIsReported() throws InterruptedException {
    List<String> said = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            said.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(CudaBackend.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      backend = null;
      assertTrue(collected(() -> !said.isEmpty()), "nothing was reported");
      assertTrue(said.getFirst().contains("dropped without close()"), said.toString());
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  // ---- Threads -------------------------------------------------------------------------------

  @Test
  void threadsTakeTurns() throws InterruptedException {
    Tensor sum = zeros(1);
    Tensor one = Tensor.full(backend, DType.FLOAT32, Shape.of(1), 1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 50; i++) {
                      backend.binary(BinaryOp.ADD, sum, one, sum);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(150, sum.item());
    assertSame(backend, sum.backend());
  }
}
