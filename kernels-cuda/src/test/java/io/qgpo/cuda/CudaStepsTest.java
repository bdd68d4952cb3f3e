package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that are recorded and replayed. */
class CudaStepsTest {
  private CudaBackend backend;
  private Tensor rate;
  private Tensor sum;
  private Rng rng;
  private int runs;

  @BeforeEach
  void open() {
    Emulator.install();
    backend = new CudaBackend();
    rate = Tensor.zeros(backend, DType.FLOAT32, Shape.of(1));
    sum = Tensor.zeros(backend, DType.FLOAT32, Shape.of(1));
    rng = new Rng(backend, 1, "steps");
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
    }
  }

  /** sum += rate u, with u drawn anew. */
  private void body() {
    runs++;
    Tensor u = rng.uniform(DType.FLOAT32, Shape.of(1), 0, 1);
    backend.binary(BinaryOp.MUL, u, rate, u);
    backend.binary(BinaryOp.ADD, sum, u, sum);
  }

  @Test
  void replaysWithWhatLiesOnTheDevice() {
    Rng same = new Rng(backend, 1, "steps");
    double expected = 0;
    Runnable body = this::body;
    for (int i = 0; i < 6; i++) {
      backend.write(new float[] {1 << i}, 0, rate);
      try (Scope _ = Scope.open("step " + i)) {
        backend.step("sum", body);
      }
      expected += (1 << i) * same.uniform(DType.FLOAT32, Shape.of(1), 0, 1).item();
    }
    assertEquals(expected, sum.item(), 1e-4);
    assertEquals(2, runs, "once as it is, once recorded");
    assertEquals(3, backend.nodes("sum"));
    assertArrayEquals(same.save(), rng.save());
  }

  @Test
  void itsMemoryIsItsOwn() {
    backend.write(new float[] {1}, 0, rate);
    Runnable body = this::body;
    Tensor[] others = new Tensor[50];
    try (Scope _ = Scope.open("around")) {
      for (int i = 0; i < others.length; i++) {
        others[i] = Tensor.full(backend, DType.FLOAT32, Shape.of(1), i);
        backend.step("sum", body);
      }
      for (int i = 0; i < others.length; i++) {
        assertEquals(i, others[i].item());
      }
    }
  }

  @Test
  void anotherBodyOfTheSameKeyTakesItsPlace() {
    Runnable first = () -> backend.fill(sum, 1);
    Runnable second = () -> backend.fill(sum, 2);
    for (Runnable body : new Runnable[] {first, first, first, second, second, second, first}) {
      backend.step("fill", body);
      assertEquals(body == first ? 1 : 2, sum.item());
    }
    assertEquals(0, backend.nodes("fill"));
  }

  @Test
  void hostAccessWhileRecordingFailsAndTheNextStepWorks() {
    Runnable reads = () -> sum.item();
    backend.step("reads", reads);
    CudaException failure = assertThrows(CudaException.class, () -> backend.step("reads", reads));
    assertTrue(failure.getMessage().contains("while a graph is recorded"), failure.getMessage());
    Runnable writes = () -> backend.write(new float[] {1}, 0, rate);
    backend.step("writes", writes);
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> backend.step("writes", writes));
    assertTrue(refused.getMessage().contains("write before the step"), refused.getMessage());
    backend.step("sum", this::body);
    assertEquals(1, runs);
  }

  /** Of several tiles and parts of sums, whose counters each replay finds as the first one did. */
  @ParameterizedTest
  @CsvSource({"FP32, 801, 68, 70", "TF32, 801, 68, 70", "FP32, 1500, 200, 130"})
  void gradientsOfLayersAreThoseOfTheFirstTimeInEachReplay(
      Precision precision, int rows, int in, int out) {
    int groups = 2;
    try (CudaBackend cuda = new CudaBackend(DeviceArena.SLAB, precision, null)) {
      Rng numbers = new Rng(cuda, 7, "layers");
      Tensor gradZ = numbers.uniform(DType.FLOAT32, Shape.of(groups * rows, out), -1, 1);
      Tensor x = numbers.uniform(DType.FLOAT32, Shape.of(groups * rows, in), -1, 1);
      Tensor weight = numbers.uniform(DType.FLOAT32, Shape.of(groups * out, in), -1, 1);
      Tensor gradX = Tensor.zeros(cuda, DType.FLOAT32, x.shape());
      Tensor gradWeight = Tensor.zeros(cuda, DType.FLOAT32, weight.shape());
      Tensor gradBias = Tensor.zeros(cuda, DType.FLOAT32, Shape.of(groups, out));
      Tensor gradWeight1 = Tensor.zeros(cuda, DType.FLOAT32, Shape.of(out, in));
      Tensor gradBias1 = Tensor.zeros(cuda, DType.FLOAT32, Shape.of(out));
      Runnable body =
          () -> {
            cuda.groupedLinearGradProducts(groups, gradZ, x, weight, gradX, gradWeight, gradBias);
            cuda.linearGradProducts(
                gradZ.rowBlock(1, groups),
                x.rowBlock(1, groups),
                weight.rowBlock(1, groups),
                null,
                false,
                gradWeight1,
                false,
                gradBias1);
          };
      Tensor[] results = {gradX, gradWeight, gradBias, gradWeight1, gradBias1};
      float[][] first = new float[results.length][];
      for (int run = 0; run < 5; run++) {
        cuda.step("gradients", body);
        for (int i = 0; i < results.length; i++) {
          float[] found = results[i].toFloatArray();
          first[i] = run == 0 ? found : first[i];
          assertArrayEquals(first[i], found, "run " + run + ", result " + i);
          cuda.fill(results[i], Double.NaN);
        }
      }
      assertEquals(2, cuda.nodes("gradients"));
    }
  }

  @Test
  void aStepInsideAStepIsPartOfIt() {
    Runnable inner = () -> backend.affine(sum, 1, 1, sum);
    Runnable outer =
        () -> {
          backend.step("inner", inner);
          backend.affine(sum, 1, 10, sum);
        };
    for (int i = 0; i < 4; i++) {
      backend.step("outer", outer);
    }
    assertEquals(44, sum.item());
    assertEquals(2, backend.nodes("outer"));
  }
}
