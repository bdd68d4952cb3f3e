package io.qgpo.tensor.simd;

import io.qgpo.tensor.contract.BackendContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every primitive of the SIMD backend against the scalar oracle in float64, over sizes around the
 * vector widths and chunk sizes, with gaps and offsets, and in place.
 */
class TwinTest {
  private final BackendContract contract = new BackendContract(new SimdBackend(2));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 16, 17, 63, 64, 65, 207, 4098})
  void agreesOnLongRows(int n) {
    contract.agrees(n > 1000 ? 1 : 3, n);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 16, 17, 63, 64, 65, 207, 4098})
  void agreesOnManyRows(int n) {
    contract.agrees(n, 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void agreesOnCandidates(int n) {
    contract.agrees(65, n);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void agreesOnNothing(int n) {
    contract.agrees(n, n == 0 ? 3 : 0);
  }
}
