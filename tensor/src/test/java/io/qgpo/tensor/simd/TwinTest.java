package io.qgpo.tensor.simd;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.cpu.ScalarBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every primitive of the SIMD backend against the scalar oracle in float64, over sizes around the
 * vector widths and chunk sizes, with gaps and offsets, and in place.
 */
class TwinTest {
  private final ScalarBackend oracle = new ScalarBackend();
  private final SimdBackend simd = new SimdBackend(2);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 16, 17, 63, 64, 65, 207, 4098})
  void agreesOnLongRows(int n) {
    agrees(n > 1000 ? 1 : 3, n);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 16, 17, 63, 64, 65, 207, 4098})
  void agreesOnManyRows(int n) {
    agrees(n, 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void agreesOnCandidates(int n) {
    agrees(65, n);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void agreesOnNothing(int n) {
    agrees(n, n == 0 ? 3 : 0);
  }

  private void agrees(int rows, int columns) {
    for (Primitive primitive : Primitives.all(rows, columns)) {
      agrees(primitive);
    }
  }

  private void agrees(Primitive p) {
    Bench exact = new Bench(oracle, DType.FLOAT64, p, Bench.Layout.CONTIGUOUS, false).run();
    Bench magnitude = null;
    if (p.magnitude != null) {
      magnitude = new Bench(oracle, DType.FLOAT64, p, Bench.Layout.CONTIGUOUS, true);
      magnitude.run(p.magnitude);
    }
    for (Bench.Layout layout : Bench.Layout.values()) {
      Bench found = new Bench(simd, DType.FLOAT32, p, layout, false).run();
      Bench.check(exact, magnitude, found, layout.toString());
      found.checkGuards();
    }
    for (int input : p.aliases) {
      Bench inPlace = new Bench(oracle, DType.FLOAT64, p, Bench.Layout.CONTIGUOUS, false);
      inPlace.alias(input).run();
      Bench found = new Bench(simd, DType.FLOAT32, p, Bench.Layout.STRIDED, false);
      Bench.check(inPlace, magnitude, found.alias(input).run(), "in place of " + input);
      found.checkGuards();
    }
  }
}
