package io.qgpo.tensor.contract;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.cpu.ScalarBackend;

/**
 * Every primitive of a float32 backend against the scalar oracle in float64: in each layout, and in
 * place.
 */
public final class BackendContract {
  private final ScalarBackend oracle = new ScalarBackend();
  private final Backend backend;
  private final double moreUlps;

  /** The backend under test. */
  public BackendContract(Backend backend) {
    this(backend, 0);
  }

  /**
   * The backend under test.
   *
   * @param moreUlps that elementary functions may be off beyond those of the SIMD backend
   */
  public BackendContract(Backend backend, double moreUlps) {
    this.backend = backend;
    this.moreUlps = moreUlps;
  }

  /** All primitives on rows x columns. */
  public void agrees(int rows, int columns) {
    for (Primitive primitive : Primitives.all(rows, columns)) {
      try (Scope _ = Scope.open("contract")) {
        agrees(primitive);
      }
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
      Bench found = new Bench(backend, DType.FLOAT32, p, layout, false).run();
      Bench.check(exact, magnitude, found, moreUlps, layout.toString());
      found.checkGuards();
    }
    for (int input : p.aliases) {
      Bench inPlace = new Bench(oracle, DType.FLOAT64, p, Bench.Layout.CONTIGUOUS, false);
      inPlace.alias(input).run();
      Bench found = new Bench(backend, DType.FLOAT32, p, Bench.Layout.STRIDED, false);
      found.alias(input).run();
      Bench.check(inPlace, magnitude, found, moreUlps, "in place of " + input);
      found.checkGuards();
    }
  }
}
