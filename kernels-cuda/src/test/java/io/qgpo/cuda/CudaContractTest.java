package io.qgpo.cuda;

import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.contract.BackendContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every primitive of the CUDA backend against the scalar oracle, over sizes around those of warps,
 * blocks and tiles, with gaps and offsets, and in place. Each storage is an allocation of its own,
 * around which the emulator has guard bytes.
 */
class CudaContractTest {
  /**
   * expf, sinf, cosf and tanhf are off by 2 units in the last place at most (CUDA C++ Programming
   * Guide, mathematical functions), those of the SIMD backend by 1.1.
   */
  private static final double MORE_ULPS = 1;

  private static CudaBackend backend;

  @BeforeAll
  static void open() {
    Emulator.install();
    backend = new CudaBackend(1, Precision.FP32, null);
  }

  @AfterAll
  static void close() {
    if (backend != null) {
      backend.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1", "3, 2", "3, 7", "3, 17", "2, 33", "3, 65", "3, 207", "1, 1030", //
    "2, 5", "13, 3", "65, 5", "257, 5", "65, 16", "40, 40", "0, 3", "3, 0"
  })
  void agreesWithTheOracle(int rows, int columns) {
    new BackendContract(backend, MORE_ULPS).agrees(rows, columns);
  }
}
