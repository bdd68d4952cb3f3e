package io.qgpo.tensor.simd;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.contract.SpecialValuesContract;

class SpecialValuesTest extends SpecialValuesContract {
  private final Backend backend = new SimdBackend(1);

  @Override
  protected Backend backend() {
    return backend;
  }
}
